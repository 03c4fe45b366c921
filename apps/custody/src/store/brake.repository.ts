import type { PoolClient } from 'pg';
import type { CustodyHealth } from '@countersign/custody-protocol';

/** Stops all wallets. A brake that is on keeps its instant and reason. In the transaction that holds the head of the journal. */
export async function applyBrake(client: PoolClient, reason: string, now: Date): Promise<void> {
  await client.query(
    'INSERT INTO custody.brake (since, reason) VALUES ($1, $2) ON CONFLICT (singleton) DO NOTHING',
    [now, reason],
  );
}

export async function releaseBrake(client: PoolClient): Promise<void> {
  await client.query('DELETE FROM custody.brake');
}

export async function findBrake(client: PoolClient): Promise<CustodyHealth['brake']> {
  const { rows } = await client.query<{ since: Date; reason: string }>(
    'SELECT since, reason FROM custody.brake',
  );
  const [row] = rows;
  return row ? { since: row.since.toISOString(), reason: row.reason } : null;
}
