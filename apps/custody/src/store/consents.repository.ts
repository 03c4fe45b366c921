import type { PoolClient } from 'pg';
import { type Consent, ForeignRow } from '@countersign/custody-rules';
import { type KeyRing, type Sealed, sealedJson, unlessSealed } from '@countersign/crypto';
import { isUsed } from './journal.repository';

/** Of a wallet, not accepted: others are forgotten, so that asking again and again fills no disk. */
const MAX_OPEN = 16;
const STATE = sealedJson<Omit<Consent, 'digest'>>('custody.consents', 'state');
const BATCH = 1_000;
/** From its acceptance: replacements of a transaction come within a day, and words of an export a while after its delay. */
const KEPT_MS = 40 * 24 * 3_600_000;

/** What persons are asked for, sealed with what became of it. */
export class Consents {
  constructor(private readonly ring: KeyRing) {}

  /** @throws ForeignRow for one that was put back to what it was before its use */
  async find(client: PoolClient, digest: Buffer): Promise<Consent | null> {
    const { rows } = await client.query<{ state: Sealed; isUsed: boolean }>(
      `SELECT c.state, ${isUsed('c.digest')} AS "isUsed" FROM custody.consents c WHERE c.digest = $1`,
      [digest],
    );
    const found = rows[0] ? this.opened(digest, rows[0].state) : null;
    if (found && (found.usedFor !== null) !== rows[0]?.isUsed) throw new ForeignRow();
    return found;
  }

  /** In the place of what it was before. One that was accepted in the transaction that holds the head of the journal. */
  async put(client: PoolClient, { digest, ...state }: Consent): Promise<void> {
    const { walletId, expiresAt } = state.asked;
    const keptUntil = state.acceptedAt ? Date.parse(state.acceptedAt) + KEPT_MS : Date.parse(expiresAt);
    await client.query(
      `INSERT INTO custody.consents (digest, wallet_id, state, kept_until) VALUES ($1, $2, $3, $4)
       ON CONFLICT (digest) DO UPDATE SET state = excluded.state, kept_until = excluded.kept_until`,
      [digest, walletId, STATE.seal(this.ring, [digest], state), new Date(keptUntil)],
    );
  }

  /** Those that were asked for first, beside a new one. */
  async deleteSurplus(client: PoolClient, { asked: { walletId, expiresAt } }: Consent): Promise<void> {
    await client.query(
      `DELETE FROM custody.consents WHERE digest IN (SELECT digest FROM custody.consents
         WHERE wallet_id = $1 AND kept_until <= $2 ORDER BY kept_until DESC, digest OFFSET $3)`,
      [walletId, expiresAt, MAX_OPEN],
    );
  }

  /** Used consents stay: the API has yet to read that they are done. */
  async deleteUnused(client: PoolClient, walletId: string): Promise<void> {
    const { rows } = await client.query<{ digest: Buffer; state: Sealed }>(
      'SELECT digest, state FROM custody.consents WHERE wallet_id = $1',
      [walletId],
    );
    const unused = rows.filter(({ digest, state }) => !this.opened(digest, state)?.usedFor);
    await client.query('DELETE FROM custody.consents WHERE digest = ANY($1)', [
      unused.map(({ digest }) => digest),
    ]);
  }

  /** @returns whether there may be more */
  async deleteOld(client: PoolClient, now: Date): Promise<boolean> {
    const { rowCount } = await client.query(
      'DELETE FROM custody.consents WHERE digest IN (SELECT digest FROM custody.consents WHERE kept_until < $1 LIMIT $2)',
      [now, BATCH],
    );
    return rowCount === BATCH;
  }

  /** Null too where its key has left the ring, or custody has not written it: it is asked for again. */
  private opened(digest: Buffer, sealed: Sealed): Consent | null {
    const state = unlessSealed(() => STATE.open(this.ring, [digest], sealed));
    return state && { digest, ...state };
  }
}
