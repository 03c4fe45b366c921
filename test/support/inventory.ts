import type { TestApp } from './test-app';

const tables = [
  'users',
  'user_aliases',
  'identities',
  'identity_digests',
  'sessions',
  'proofs',
  'audit_records',
];

/** How many rows everything that a sign-in could write has. */
export async function inventoryOf(app: TestApp): Promise<object> {
  const counts = [
    ...tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`),
    `(SELECT count(*)::int FROM one_time_tokens WHERE kind = 'redirect-code') AS redirect_codes`,
    `(SELECT count(*)::int FROM one_time_tokens WHERE kind = 'oidc-transaction' AND used_at IS NULL) AS oidc_transactions`,
  ];
  const [row] = await app.database.query<object>(`SELECT ${counts.join(', ')}`);
  return row ?? {};
}
