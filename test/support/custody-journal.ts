import type { Client } from 'pg';
import { lengthPrefixed, sha256 } from '@countersign/crypto';

interface Row {
  readonly sequence: string;
  readonly call_id: string;
  readonly call: string;
  readonly wallet_id: string;
  readonly kind: string | null;
  readonly digest: Buffer | null;
  readonly consent: Buffer | null;
  readonly at: Date;
}

/** What the journal's hashes have to be, computed from its rows. */
export async function chainedHashes(client: Client): Promise<ReadonlyMap<string, Buffer>> {
  const { rows } = await client.query<Row>('SELECT * FROM custody.journal ORDER BY sequence');
  const hashes = new Map<string, Buffer>();
  let hash: Buffer = Buffer.alloc(32);
  for (const { sequence, call_id, call, wallet_id, kind, digest, consent, at } of rows) {
    const entry = lengthPrefixed([call_id, call, wallet_id, kind ?? '', digest ?? '', consent ?? '']);
    hash = sha256(lengthPrefixed([hash, sequence, at.toISOString(), entry]));
    hashes.set(sequence, hash);
  }
  return hashes;
}

/** Gives all entries and the head the hashes of a journal that was never changed. */
export async function rewriteHashes(client: Client): Promise<void> {
  const hashes = [...(await chainedHashes(client))];
  await client.query(
    `UPDATE custody.journal j SET hash = made.hash
     FROM unnest($1::bigint[], $2::bytea[]) AS made (sequence, hash) WHERE j.sequence = made.sequence`,
    [hashes.map(([sequence]) => sequence), hashes.map(([, hash]) => hash)],
  );
  await client.query('UPDATE custody.journal_head SET sequence = $1, hash = $2', hashes.at(-1));
}
