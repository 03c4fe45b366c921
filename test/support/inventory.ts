import type { TestApp } from './test-app';

/** How many rows everything that a sign-in could write has. */
export async function inventoryOf(app: TestApp): Promise<object> {
  const tables = [
    'users',
    'user_aliases',
    'identities',
    'identity_digests',
    'sessions',
    'proofs',
    'redirect_codes',
    'oidc_transactions',
    'audit_records',
  ];
  const [row] = await app.database.query<object>(
    `SELECT ${tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`).join(', ')}`,
  );
  return row ?? {};
}
