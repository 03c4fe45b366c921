import type { PoolClient } from 'pg';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import type { CustodyHealth } from '@countersign/custody-protocol';
import { Refused } from '../refused';

/** An act of a wallet. */
export interface Entry {
  readonly callId: string;
  readonly call: string;
  readonly walletId: string;
  readonly kind: string | null;
  /** What is signed, 32 bytes. */
  readonly digest: Buffer | null;
}

interface Head {
  readonly sequence: string;
  readonly hash: Buffer;
}

/** As long may the words of an export be asked for again under its id, in milliseconds. */
const EXPORT_REPEAT_MS = 60_000;

/**
 * Appends to the journal, in the transaction of the act: each entry's hash covers the one before it. A repeated call has
 * its entry already. One act at a time: the head is locked until the end of the transaction.
 *
 * @throws Refused `call_reused` for an id of another call, or of an export more than a minute ago
 */
export async function appendToJournal(client: PoolClient, entry: Entry, now: Date): Promise<void> {
  const head = await lockedHead(client);
  const known = await client.query<Entry & { readonly at: Date }>(
    `SELECT call_id AS "callId", call, wallet_id AS "walletId", kind, digest, at FROM custody.journal WHERE call_id = $1`,
    [entry.callId],
  );
  const [before] = known.rows;
  if (before) {
    if (!entryBytes(before).equals(entryBytes(entry))) throw new Refused('call_reused');
    if (entry.call === 'export' && now.getTime() - before.at.getTime() > EXPORT_REPEAT_MS)
      throw new Refused('call_reused');
    return;
  }
  const sequence = String(BigInt(head.sequence) + 1n);
  const hash = sha256(lengthPrefixed([head.hash, sequence, now.toISOString(), entryBytes(entry)]));
  await client.query(
    `INSERT INTO custody.journal (sequence, call_id, call, wallet_id, kind, digest, at, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [sequence, entry.callId, entry.call, entry.walletId, entry.kind, entry.digest, now, hash],
  );
  await client.query('UPDATE custody.journal_head SET sequence = $1, hash = $2', [sequence, hash]);
}

export async function journalHead(client: PoolClient): Promise<CustodyHealth['journal']> {
  const { rows } = await client.query<Head>('SELECT sequence, hash FROM custody.journal_head');
  const [head] = rows;
  if (!head) throw new Refused('away');
  return { sequence: Number(head.sequence), hash: head.hash.toString('hex') };
}

async function lockedHead(client: PoolClient): Promise<Head> {
  const { rows } = await client.query<Head>('SELECT sequence, hash FROM custody.journal_head FOR UPDATE');
  const [head] = rows;
  if (!head) throw new Refused('away');
  return head;
}

function entryBytes({ callId, call, walletId, kind, digest }: Entry): Buffer {
  return lengthPrefixed([callId, call, walletId, kind ?? '', digest ?? '']);
}
