import type { PoolClient } from 'pg';
import { Refused } from '@countersign/custody-protocol';
import { type LimitedSum, partOf, refusedBySums } from '@countersign/custody-rules';

/** No window, and no part of one, counts for longer, in milliseconds. */
const COUNTED_MS = 25 * 3_600_000;

interface Part {
  readonly id: string;
  readonly startsAt: Date;
  readonly amount: string;
}

/** Decides whether sums have room. @throws Refused `above_day`, `above_hour` */
export async function assertRoom(client: PoolClient, sums: readonly LimitedSum[], now: Date): Promise<void> {
  if (sums.length === 0) return;
  const { rows } = await client.query<Part>(
    'SELECT id, starts_at AS "startsAt", amount FROM custody.sums WHERE id = ANY($1)',
    [sums.map(({ id }) => id)],
  );
  const partsOf = (sum: LimitedSum) =>
    rows
      .filter(({ id }) => id === sum.id)
      .map(({ startsAt, amount }) => ({ startsAt, amount: BigInt(amount) }));
  const refused = refusedBySums(sums, partsOf, now);
  if (!refused) return;
  const { code, retryAfterSeconds } = refused;
  throw new Refused(code, retryAfterSeconds === null ? {} : { retryAfterSeconds });
}

/** In the transaction that holds the head of the journal, so that no other act counts meanwhile. */
export async function addToSums(client: PoolClient, sums: readonly LimitedSum[], now: Date): Promise<void> {
  for (const sum of sums)
    await client.query(
      `INSERT INTO custody.sums AS s (id, starts_at, amount) VALUES ($1, $2, $3)
       ON CONFLICT (id, starts_at) DO UPDATE SET amount = s.amount + excluded.amount`,
      [sum.id, partOf(sum, now), String(sum.amount)],
    );
}

/** What acts with this nonce have counted already, by asset. */
export async function countedByNonce(
  client: PoolClient,
  walletId: string,
  nonce: string,
): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await client.query<{ asset: string; amount: string }>(
    'SELECT asset, amount FROM custody.nonces WHERE wallet_id = $1 AND nonce = $2',
    [walletId, nonce],
  );
  return new Map(rows.map(({ asset, amount }) => [asset, BigInt(amount)]));
}

export async function setCountedByNonce(
  client: PoolClient,
  { walletId, nonce }: { readonly walletId: string; readonly nonce: string },
  amounts: ReadonlyMap<string, bigint>,
  now: Date,
): Promise<void> {
  for (const [asset, amount] of amounts)
    await client.query(
      `INSERT INTO custody.nonces AS n (wallet_id, nonce, asset, amount, at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (wallet_id, nonce, asset) DO UPDATE SET amount = greatest(n.amount, excluded.amount)`,
      [walletId, nonce, asset, String(amount), now],
    );
}

/** Deletes what counts no more. */
export async function deleteOldSums(client: PoolClient, now: Date): Promise<void> {
  const before = new Date(now.getTime() - COUNTED_MS);
  await client.query('DELETE FROM custody.sums WHERE starts_at < $1', [before]);
  await client.query('DELETE FROM custody.nonces WHERE at < $1', [before]);
}
