import type { PoolClient } from 'pg';
import { lengthPrefixed, sha256 } from '@countersign/crypto';
import { together } from '@countersign/database';
import { type JournalledAct, type JournalPosition, Refused } from '@countersign/custody-protocol';

/** In entries that are about no wallet. */
export const NO_WALLET = '00000000-0000-0000-0000-000000000000';

/** An act of a wallet, or of all. */
export interface Entry {
  readonly callId: string;
  readonly call: string;
  readonly walletId: string;
  readonly kind: string | null;
  /** Of what is signed, of the rules, or of the reason of a brake: 32 bytes. */
  readonly digest: Buffer | null;
}

interface Head {
  readonly sequence: string;
  readonly hash: Buffer;
}

/** As long may the words of an export be asked for again under its id, in milliseconds. */
const EXPORT_REPEAT_MS = 60_000;

/** Entries that one call reads, so that it does not hold up acts: a few milliseconds. */
const ENTRIES_PER_CALL = 1_000;

/**
 * The next entry of the journal, in the transaction of the act: its hash covers the one before it. A repeated call has its
 * entry already. One act at a time: the head is locked until the end of the transaction.
 *
 * @returns what writes the entry, beside the statements of the act; null for a call that has its entry
 * @throws Refused `call_reused` for an id of another call, or of an export more than a minute ago
 */
export async function nextEntry(
  client: PoolClient,
  entry: Entry,
  now: Date,
): Promise<(() => Promise<unknown>) | null> {
  const [head, known] = await together(
    lockedHead(client),
    client.query<Entry & { readonly at: Date }>(
      `SELECT call_id AS "callId", call, wallet_id AS "walletId", kind, digest, at FROM custody.journal WHERE call_id = $1`,
      [entry.callId],
    ),
  );
  const [before] = known.rows;
  if (before) {
    if (!entryBytes(before).equals(entryBytes(entry))) throw new Refused('call_reused');
    if (entry.call === 'export' && now.getTime() - before.at.getTime() > EXPORT_REPEAT_MS)
      throw new Refused('call_reused');
    return null;
  }
  const sequence = String(BigInt(head.sequence) + 1n);
  const hash = entryHash(head.hash, sequence, now, entry);
  const { callId, call, walletId, kind, digest } = entry;
  return () =>
    together(
      client.query(
        `INSERT INTO custody.journal (sequence, call_id, call, wallet_id, kind, digest, at, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [sequence, callId, call, walletId, kind, digest, now, hash],
      ),
      client.query('UPDATE custody.journal_head SET sequence = $1, hash = $2', [sequence, hash]),
    );
}

/** @returns the last entry, and how many signatures had no act */
export async function journalHead(
  client: PoolClient,
): Promise<{ readonly journal: JournalPosition; readonly withoutAct: number }> {
  const { rows } = await client.query<Head & { withoutAct: string }>(
    'SELECT sequence, hash, without_act AS "withoutAct" FROM custody.journal_head',
  );
  const [head] = rows;
  if (!head) throw new Refused('away');
  const journal = { sequence: Number(head.sequence), hash: head.hash.toString('hex') };
  return { journal, withoutAct: Number(head.withoutAct) };
}

const SIGNED = ['sign', 'export'];

/** Signatures and words after the last entry that was compared, as far as one round takes them. */
export async function uncompared(client: PoolClient): Promise<{
  readonly from: string;
  readonly to: string;
  readonly signed: readonly JournalledAct[];
  readonly isEnd: boolean;
}> {
  const heads = await client.query<{ compared: string; sequence: string }>(
    'SELECT compared, sequence FROM custody.journal_head',
  );
  const { compared: from = '0', sequence = '0' } = heads.rows[0] ?? {};
  const { rows } = await client.query<JournalledAct & { sequence: string }>(
    `SELECT sequence, call_id AS "callId", wallet_id AS "walletId" FROM custody.journal
     WHERE sequence > $1 AND sequence <= $2 AND call = ANY($3) ORDER BY sequence LIMIT $4`,
    [from, sequence, SIGNED, ENTRIES_PER_CALL],
  );
  const isEnd = rows.length < ENTRIES_PER_CALL;
  const signed = rows.map(({ callId, walletId }) => ({ callId, walletId }));
  return { from, to: isEnd ? sequence : (rows.at(-1)?.sequence ?? sequence), signed, isEnd };
}

/** @returns false where another comparison has come further */
export async function setCompared(
  client: PoolClient,
  { from, to, withoutAct }: { readonly from: string; readonly to: string; readonly withoutAct: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    'UPDATE custody.journal_head SET compared = $2, without_act = without_act + $3 WHERE compared = $1',
    [from, to, withoutAct],
  );
  return rowCount === 1;
}

/** Of the rules that were last in force; null where none were. */
export async function lastRulesDigest(client: PoolClient): Promise<Buffer | null> {
  const { rows } = await client.query<{ digest: Buffer }>(
    `SELECT digest FROM custody.journal WHERE call = 'rules' ORDER BY sequence DESC LIMIT 1`,
  );
  return rows[0]?.digest ?? null;
}

/** Computes hashes from the entries after a known one, up to the first that is missing or has another hash. */
export async function followJournal(
  client: PoolClient,
  { after, hash: known }: { readonly after: number; readonly hash: string },
  until: number,
): Promise<JournalPosition & { readonly body: Buffer }> {
  const { rows } = await client.query<Entry & Head & { readonly at: Date }>(
    `SELECT sequence, call_id AS "callId", call, wallet_id AS "walletId", kind, digest, at, hash FROM custody.journal
     WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3`,
    [after, until, ENTRIES_PER_CALL],
  );
  let sequence = after;
  let hash: Buffer = Buffer.from(known, 'hex');
  for (const row of rows) {
    // The column can have instants that this process never writes.
    const isReadable = row.at instanceof Date && !Number.isNaN(row.at.getTime());
    const next = isReadable ? entryHash(hash, row.sequence, row.at, row) : null;
    if (Number(row.sequence) !== sequence + 1 || next?.equals(row.hash) !== true) break;
    sequence += 1;
    hash = next;
  }
  const signed = rows
    .filter((row) => Number(row.sequence) <= sequence && SIGNED.includes(row.call))
    .map(({ callId, walletId }) => ({ callId, walletId }));
  return { sequence, hash: hash.toString('hex'), body: Buffer.from(JSON.stringify(signed)) };
}

/** The last acts of a wallet, for its person. */
export async function lastEntries(
  client: PoolClient,
  walletId: string,
): Promise<readonly { readonly call: string; readonly kind: string | null; readonly at: Date }[]> {
  const { rows } = await client.query<{ call: string; kind: string | null; at: Date }>(
    'SELECT call, kind, at FROM custody.journal WHERE wallet_id = $1 ORDER BY sequence DESC LIMIT 5',
    [walletId],
  );
  return rows;
}

/** No act and no entry comes between until the end of the transaction. */
export async function lockedHead(client: PoolClient): Promise<Head> {
  const { rows } = await client.query<Head>('SELECT sequence, hash FROM custody.journal_head FOR UPDATE');
  const [head] = rows;
  if (!head) throw new Refused('away');
  return head;
}

function entryHash(previous: Buffer, sequence: string, at: Date, entry: Entry): Buffer {
  return sha256(lengthPrefixed([previous, sequence, at.toISOString(), entryBytes(entry)]));
}

function entryBytes({ callId, call, walletId, kind, digest }: Entry): Buffer {
  return lengthPrefixed([callId, call, walletId, kind ?? '', digest ?? '']);
}
