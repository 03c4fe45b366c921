import type { PoolClient } from 'pg';
import { type CountedPart, type LimitedSum, partOf } from '@countersign/custody-rules';

const COUNTED_MS = 25 * 3_600_000;

export async function countedParts(
  client: PoolClient,
  sums: readonly LimitedSum[],
): Promise<readonly CountedPart[]> {
  if (sums.length === 0) return [];
  const { rows } = await client.query<Omit<CountedPart, 'amount'> & { readonly amount: string }>(
    'SELECT id, starts_at AS "startsAt", amount FROM custody.sums WHERE id = ANY($1)',
    [sums.map(({ id }) => id)],
  );
  return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
}

export async function addToSums(client: PoolClient, sums: readonly LimitedSum[], now: Date): Promise<void> {
  if (sums.length === 0) return;
  await client.query(
    `INSERT INTO custody.sums AS s (id, starts_at, amount) SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::numeric[])
     ON CONFLICT (id, starts_at) DO UPDATE SET amount = s.amount + excluded.amount`,
    [sums.map(({ id }) => id), sums.map((sum) => partOf(sum, now)), sums.map(({ amount }) => String(amount))],
  );
}

export async function deleteOldSums(client: PoolClient, now: Date): Promise<void> {
  const before = new Date(now.getTime() - COUNTED_MS);
  await client.query('DELETE FROM custody.sums WHERE starts_at < $1', [before]);
  // If the reader lied about a nonce, its amounts count again. So they stay for 30 days.
  await client.query(`DELETE FROM custody.outstanding WHERE ends_at < $1::timestamptz - interval '30 days'`, [
    now,
  ]);
}
