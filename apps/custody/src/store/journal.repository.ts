import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { CALLS_WITHOUT_ACT, type CallWithoutAct, together, type Locked } from '@countersign/database';
import {
  followEntries,
  isRepeated,
  nextRow,
  NO_WALLET,
  Refused,
  type CustodyHealth,
  type JournalEntry,
  type Act,
  type JournalPosition,
  type JournalRow,
  type ShownWallet,
} from '@countersign/custody-protocol';

interface Head extends Pick<JournalRow, 'sequence' | 'hash'> {
  readonly compared: string;
  readonly withoutAct: string;
}

const COLUMNS =
  'sequence, call_id AS "callId", call, wallet_id AS "walletId", kind, digest, consent, at, hash';

/** One call reads at most so many entries. It then takes a few milliseconds and does not delay acts. */
const ENTRIES_PER_CALL = 1_000;

const MAX_LISTED = 1_000;

const ALLOWED = ['sign', 'export'];

const CHANGES = `call NOT IN ('sign', 'cancel', 'accept', 'export', 'brake')`;
/** SQL: number, as text, of the last entry that changed the wallet of a column. */
export const lastChangeOf = (column: string): string =>
  `(SELECT max(j.sequence)::text FROM custody.journal j WHERE j.wallet_id = ${column} AND j.${CHANGES})`;
const SINCE_RELEASE = `FROM custody.journal b WHERE b.call = 'brake' AND b.sequence >
  coalesce((SELECT max(r.sequence) FROM custody.journal r WHERE r.call = 'release'), 0)`;
export const IS_BRAKED = `EXISTS (SELECT ${SINCE_RELEASE})`;
/** SQL: number and digest of the last entry that ended a brake. */
export const LAST_RELEASE = `(SELECT concat(l.sequence, '/', encode(l.digest, 'hex')) FROM custody.journal l
  WHERE l.call = 'release' ORDER BY l.sequence DESC LIMIT 1)`;
export const LAST_RESTORE = `(SELECT max(t.sequence)::text FROM custody.journal t WHERE t.call = 'restored')`;
/** SQL: number of the last entry that ended the requests about the wallet of a column. 0 if there is none. */
export const endOfRequests = (column: string): string =>
  `coalesce(greatest(
     (SELECT max(e.sequence) FROM custody.journal e WHERE e.wallet_id = ${column} AND e.${CHANGES}
        AND e.call IN ('freeze', 'clear', 'bind')),
     (SELECT max(t.sequence) FROM custody.journal t WHERE t.call = 'restored')), 0)`;
export const isUsed = (column: string): string =>
  `EXISTS (SELECT FROM custody.journal u WHERE u.consent = ${column})`;

export interface NextEntry {
  readonly sequence: string;
  readonly write: () => Promise<unknown>;
}

/**
 * The next entry of the journal. Its hash covers the entry before it. The head is locked until the transaction ends, so
 * one act runs at a time. Statements that the caller pipelines after this one see what the head protects.
 * @returns null if the call already has an entry
 */
export async function nextEntry(
  client: PoolClient,
  { callId = randomUUID(), call, walletId = NO_WALLET, kind = null, digest = null, consent = null }: NewEntry,
  now: Date,
): Promise<NextEntry | null> {
  const entry: JournalEntry = { callId, call, walletId, kind, digest, consent };
  const [head, known] = await together(
    journalHead(client, 'FOR UPDATE'),
    client.query<JournalRow>(`SELECT ${COLUMNS} FROM custody.journal WHERE call_id = $1`, [callId]),
  );
  if (isRepeated(entry, known.rows[0], now)) return null;
  const { sequence, hash } = nextRow(head, entry, now);
  const write = (): Promise<unknown> =>
    client.query(
      `WITH entry AS (INSERT INTO custody.journal (sequence, call_id, call, wallet_id, kind, digest, consent, at, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING sequence, hash)
       UPDATE custody.journal_head SET sequence = entry.sequence, hash = entry.hash FROM entry`,
      [sequence, callId, call, walletId, kind, digest, consent, now, hash],
    );
  return { sequence, write };
}

export async function writeEntry(client: PoolClient, entry: NewEntry, now: Date): Promise<null> {
  await (await nextEntry(client, entry, now))?.write();
  return null;
}

export async function findEntry(
  client: PoolClient,
  sequence: string | null = null,
): Promise<JournalRow | null> {
  const { rows } = await client.query<JournalRow>(
    `SELECT ${COLUMNS} FROM custody.journal WHERE $1::bigint IS NULL OR sequence = $1 ORDER BY sequence DESC LIMIT 1`,
    [sequence],
  );
  return rows[0] ?? null;
}

type OnceWritten = NewEntry & Pick<JournalEntry, 'walletId' | 'digest'>;

/** Whether there is an entry with this call, wallet and digest. */
export async function isWritten(client: PoolClient, entry: OnceWritten): Promise<boolean> {
  const { rows } = await client.query(
    'SELECT FROM custody.journal WHERE call = $1 AND wallet_id = $2 AND digest IS NOT DISTINCT FROM $3 LIMIT 1',
    [entry.call, entry.walletId, entry.digest],
  );
  return rows.length > 0;
}

/** Writes the entry if the journal has none like it. */
export async function writeOnce(client: PoolClient, entry: OnceWritten, now: Date): Promise<void> {
  const next = await nextEntry(client, entry, now);
  if (!(await isWritten(client, entry))) await next?.write();
}

export async function findBrake(client: PoolClient): Promise<CustodyHealth['brake']> {
  const { rows } = await client.query<JournalRow>(
    `SELECT ${COLUMNS} ${SINCE_RELEASE} ORDER BY sequence LIMIT 1`,
  );
  const [first] = rows;
  return first ? { since: first.at.toISOString(), reason: first.kind ?? '' } : null;
}

export type NewEntry = Pick<JournalEntry, 'call'> & Partial<JournalEntry>;

export function journalHead(client: PoolClient, lock: 'FOR UPDATE'): Promise<Locked<Head>>;
export function journalHead(client: PoolClient): Promise<Head>;
export async function journalHead(client: PoolClient, lock = ''): Promise<Head> {
  const { rows } = await client.query<Head>(
    `SELECT sequence, hash, compared, without_act AS "withoutAct" FROM custody.journal_head ${lock}`,
  );
  const [head] = rows;
  if (!head) throw new Refused('away');
  return head;
}

export async function uncompared(client: PoolClient): Promise<{
  readonly from: string;
  readonly to: string;
  readonly signed: readonly Act[];
}> {
  const { compared: from, sequence: until } = await journalHead(client);
  const rows = await entriesAfter(client, from, until);
  return { from, to: rows.at(-1)?.sequence ?? from, signed: allowedIn(rows) };
}

async function entriesAfter(
  client: PoolClient,
  after: number | string,
  until: number | string,
): Promise<readonly JournalRow[]> {
  const { rows } = await client.query<JournalRow>(
    `SELECT ${COLUMNS} FROM custody.journal WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence LIMIT $3`,
    [after, until, ENTRIES_PER_CALL],
  );
  return rows;
}

function allowedIn(rows: readonly JournalRow[]): readonly Act[] {
  return rows
    .filter(({ call }) => ALLOWED.includes(call))
    .map(({ callId, walletId }) => ({ callId, walletId }));
}

export async function callsWithoutAct(api: Pool, acts: readonly Act[]): Promise<readonly CallWithoutAct[]> {
  const ids = [acts.map(({ callId }) => callId), acts.map(({ walletId }) => walletId)];
  return (await api.query<CallWithoutAct>(CALLS_WITHOUT_ACT, ids)).rows;
}

export async function setCompared(
  client: PoolClient,
  _: Locked<Head>,
  to: string,
  withoutAct: number,
): Promise<void> {
  const update = 'UPDATE custody.journal_head SET compared = $1, without_act = without_act + $2';
  await client.query(update, [to, withoutAct]);
}

/** The digest of the last rules in force, or of the key ring that was last split. Null if there is none. */
export async function lastDigest(client: PoolClient, call: 'rules' | 'ring-split'): Promise<Buffer | null> {
  const { rows } = await client.query<{ digest: Buffer }>(
    'SELECT digest FROM custody.journal WHERE call = $1 ORDER BY sequence DESC LIMIT 1',
    [call],
  );
  return rows[0]?.digest ?? null;
}

/** Follows some entries after a known one. `body` has the signatures and exports among them, as JSON of `Act`. */
export async function followJournal(
  client: PoolClient,
  { after, hash, until }: { readonly after: number; readonly hash: string; readonly until: number },
): Promise<JournalPosition & { readonly body: Buffer }> {
  const rows = await entriesAfter(client, after, until);
  const reached = followEntries({ sequence: after, hash }, rows);
  const allowed = allowedIn(rows.slice(0, reached.sequence - after));
  return { ...reached, body: Buffer.from(JSON.stringify(allowed)) };
}

export async function lastEntries(client: PoolClient, walletId: string): Promise<ShownWallet['last']> {
  const { rows } = await client.query<JournalRow>(
    'SELECT call, kind, at FROM custody.journal WHERE wallet_id = $1 ORDER BY sequence DESC LIMIT 5',
    [walletId],
  );
  return rows.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() }));
}

export async function listAsked(client: PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ wallet_id: string }>(
    `SELECT wallet_id FROM custody.journal WHERE call = 'way-out' AND kind = 'asked'
     GROUP BY wallet_id ORDER BY max(sequence) DESC LIMIT $1`,
    [MAX_LISTED],
  );
  return rows.map(({ wallet_id }) => wallet_id);
}
