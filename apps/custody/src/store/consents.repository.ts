import type { PoolClient } from 'pg';
import { Refused } from '@countersign/custody-protocol';
import type { Consent, NewConsent } from '@countersign/custody-rules';
import { open, seal, SealError, type Sealed } from '@countersign/crypto';
import { together } from '@countersign/database';
import type { CustodyRing } from '../custody-ring';

type Row = Omit<Consent, 'text'> & { readonly text: Sealed };

/** Of a wallet: others are forgotten, so that asking again and again fills no disk. */
const MAX_OPEN = 16;
const BATCH = 1_000;
/** Replacements of a transaction come within a day, and words of an export a while after its delay. */
const KEPT_DAYS = 40;

/** What persons are asked for. The transaction of `setDone` holds the head of the journal, so that a consent is used once. */
export class Consents {
  constructor(private readonly ring: CustodyRing) {}

  async insert(client: PoolClient, { digest, walletId, kind, text, expiresAt }: NewConsent): Promise<void> {
    await together(
      client.query(
        'INSERT INTO custody.consents (digest, wallet_id, kind, text, expires_at) VALUES ($1, $2, $3, $4, $5)',
        [digest, walletId, kind, seal(this.ring.keys, positionOf(digest), text), expiresAt],
      ),
      client.query(
        `DELETE FROM custody.consents WHERE digest IN (SELECT digest FROM custody.consents
           WHERE wallet_id = $1 AND accepted_at IS NULL ORDER BY expires_at DESC, digest OFFSET $2)`,
        [walletId, MAX_OPEN],
      ),
    );
  }

  /** @throws Refused `consent_unknown` */
  async get(client: PoolClient, digest: Buffer): Promise<Consent> {
    const { rows } = await client.query<Row>(
      `SELECT digest, wallet_id AS "walletId", kind, text, expires_at AS "expiresAt", accepted_at AS "acceptedAt",
         used_for AS "usedFor", done_at AS "doneAt" FROM custody.consents WHERE digest = $1`,
      [digest],
    );
    const [row] = rows;
    if (!row) throw new Refused('consent_unknown');
    try {
      return { ...row, text: open(this.ring.keys, positionOf(digest), row.text) };
    } catch (error) {
      // Its key has left the ring: it is asked for again.
      throw error instanceof SealError && error.code === 'unknown_key'
        ? new Refused('consent_unknown')
        : error;
    }
  }

  async setAccepted(client: PoolClient, digest: Buffer, now: Date): Promise<void> {
    await client.query('UPDATE custody.consents SET accepted_at = $2 WHERE digest = $1', [digest, now]);
  }

  async setDone(client: PoolClient, digest: Buffer, usedFor: string, now: Date): Promise<void> {
    await client.query(
      'UPDATE custody.consents SET used_for = $2, done_at = coalesce(done_at, $3) WHERE digest = $1',
      [digest, usedFor, now],
    );
  }

  /** A freeze ends what was asked for and is not done yet. */
  async endOpen(client: PoolClient, walletId: string, now: Date): Promise<void> {
    await client.query(
      `UPDATE custody.consents SET accepted_at = NULL, expires_at = least(expires_at, $2)
       WHERE wallet_id = $1 AND kind <> 'bind' AND done_at IS NULL`,
      [walletId, now],
    );
  }

  /** @returns whether there may be more */
  async deleteOld(client: PoolClient): Promise<boolean> {
    const { rowCount } = await client.query(
      `DELETE FROM custody.consents WHERE digest IN (SELECT digest FROM custody.consents
         WHERE expires_at < now() - interval '1 day'
           AND (accepted_at IS NULL OR expires_at < now() - interval '${KEPT_DAYS} days') ORDER BY expires_at LIMIT $1)`,
      [BATCH],
    );
    return rowCount === BATCH;
  }
}

function positionOf(digest: Buffer) {
  return { table: 'custody.consents', column: 'text', row: digest.toString('hex') };
}
