import type { PoolClient } from 'pg';

const MAX_LISTED = 1_000;

/** Digest of the last state that the journal names; null where it names none. */
export async function namedLast(client: PoolClient, walletId: string): Promise<Buffer | null> {
  const { rows } = await client.query<{ digest: Buffer }>(
    `SELECT digest FROM custody.journal WHERE wallet_id = $1 AND call = 'way-out' ORDER BY sequence DESC LIMIT 1`,
    [walletId],
  );
  return rows[0]?.digest ?? null;
}

/** Wallets whose way out has ever been asked for, the last one first. */
export async function listAsked(client: PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ wallet_id: string }>(
    `SELECT wallet_id FROM custody.journal WHERE call = 'way-out' AND kind = 'asked'
     GROUP BY wallet_id ORDER BY max(sequence) DESC LIMIT $1`,
    [MAX_LISTED],
  );
  return rows.map(({ wallet_id }) => wallet_id);
}
