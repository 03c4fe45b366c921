import type { PoolClient } from 'pg';
import { Refused } from '@countersign/custody-protocol';
import { type Consent, ForeignRow } from '@countersign/custody-rules';
import { type KeyRing, type Sealed, sealedJson, unlessSealed } from '@countersign/crypto';
import { endOfRequests, isUsed } from './journal.repository';

const MAX_WAITING = 16;
const MAX_WAITING_OF_SESSION = 4;
const STATE = sealedJson<Omit<Consent, 'digest'>>('custody.consents', 'state');
const BATCH = 1_000;
/** A consent is deleted this long after its acceptance: replacements come within a day, words after at most 30 days. */
const KEPT_MS = 40 * 24 * 3_600_000;

const COLUMNS = `c.digest, c.wallet_id AS "walletId", c.state, ${isUsed('c.digest')} AS "isUsed",
  ${endOfRequests('c.wallet_id')} AS "endedBy"`;

interface StoredConsent {
  readonly digest: Buffer;
  readonly walletId: string;
  readonly state: Sealed;
  readonly isUsed: boolean;
  readonly endedBy: string;
}

export class Consents {
  constructor(private readonly ring: KeyRing) {}

  async find(client: PoolClient, digest: Buffer): Promise<Consent | null> {
    const text = `SELECT ${COLUMNS} FROM custody.consents c WHERE digest = $1`;
    const { rows } = await client.query<StoredConsent>(text, [digest]);
    return rows[0] ? this.opened(rows[0]) : null;
  }

  /** The transaction that puts an accepted consent holds the head of the journal. */
  async put(client: PoolClient, { digest, ...state }: Consent): Promise<void> {
    const { walletId, expiresAt } = state.asked;
    const keptUntil = state.acceptedAt ? Date.parse(state.acceptedAt) + KEPT_MS : Date.parse(expiresAt);
    await client.query(
      `INSERT INTO custody.consents (digest, wallet_id, state, kept_until) VALUES ($1, $2, $3, $4)
       ON CONFLICT (digest) DO UPDATE SET state = excluded.state, kept_until = excluded.kept_until`,
      [digest, walletId, STATE.seal(this.ring, [digest], state), new Date(keptUntil)],
    );
  }

  async assertRoom(client: PoolClient, { asked }: Consent, now: Date): Promise<void> {
    // Parallel requests about one wallet wait for each other here.
    await client.query('SELECT FROM custody.wallets WHERE id = $1 FOR UPDATE', [asked.walletId]);
    const { rows } = await client.query<StoredConsent>(
      `SELECT ${COLUMNS} FROM custody.consents c WHERE wallet_id = $1 AND kept_until > $2 AND (kept_until <= $3 OR
         $4::text = 'export' AND digest IN (SELECT digest FROM custody.journal WHERE wallet_id = $1 AND call = 'accept'))`,
      [asked.walletId, now, asked.expiresAt, asked.kind],
    );
    const waiting = rows
      .flatMap((row) => this.opened(row) ?? [])
      .filter(({ asked: { kind }, acceptedAt, usedFor }) => !acceptedAt || (kind === 'export' && !usedFor));
    const ofSession = waiting.filter((one) => one.asked.session === asked.session);
    if (waiting.length >= MAX_WAITING || ofSession.length >= MAX_WAITING_OF_SESSION)
      throw new Refused('requests_waiting');
  }

  async deleteOld(client: PoolClient, now: Date): Promise<boolean> {
    const { rowCount } = await client.query(
      'DELETE FROM custody.consents WHERE digest IN (SELECT digest FROM custody.consents WHERE kept_until < $1 LIMIT $2)',
      [now, BATCH],
    );
    return rowCount === BATCH;
  }

  /** Null if the request has ended, its key has left the ring, or custody did not write it. It is asked for again. */
  private opened(row: StoredConsent): Consent | null {
    const { digest, walletId } = row;
    const state = unlessSealed(() => STATE.open(this.ring, [digest], row.state));
    if (state?.asked.walletId !== walletId) return null;
    const { asked, usedFor } = state;
    if ((usedFor !== null) !== row.isUsed) throw new ForeignRow(walletId, digest);
    return usedFor !== null || BigInt(asked.after) >= BigInt(row.endedBy) ? { digest, ...state } : null;
  }
}
