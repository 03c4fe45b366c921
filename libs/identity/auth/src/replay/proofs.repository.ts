import { Injectable } from '@nestjs/common';
import { type EntityManager, Column, Entity, PrimaryColumn } from 'typeorm';
import { utcDayOf } from '@countersign/runtime';
import type { SealedBytes } from '@countersign/crypto';
import { columnsOf, Database, firstRow, rows, type RowOf, Expires } from '@countersign/database';
import type { VerifiedProof } from '../proof/verified-proof';
import { PROOF_REPEAT_SECONDS } from './reentry.rule';

/** An accepted proof and its session, partitioned by the day of the signature. Undated links have one partition. */
@Entity('proofs')
export class ProofEntity {
  @PrimaryColumn({ type: 'date' })
  signedOn: string;

  @PrimaryColumn({ type: 'bytea' })
  proofId: Buffer;

  @Column({ type: 'uuid' })
  sessionId: string;

  /** The time of the last answer with a new pair. */
  @Column({ type: 'timestamptz' })
  issuedAt: Date;

  /** Distinguishes signers of the same fields. `null` for an act inside the session, or when the proof is used up. */
  @Column({ type: 'bytea', nullable: true })
  secretDigest: Buffer | null;

  /** A repeated answer says the same as the first one. */
  @Column({ type: 'boolean' })
  isNewUser: boolean;
}

/** The repeatable pair of a proof. The table is unlogged: not in the WAL or on standbys, and empty after a crash. */
@Entity('proof_pairs')
@Expires({
  at: 'issuedAt',
  after: PROOF_REPEAT_SECONDS,
  data: 'repeatable pairs of proofs',
  stored: `${PROOF_REPEAT_SECONDS} seconds, and up to two minutes until they are deleted`,
})
export class ProofPairEntity {
  @PrimaryColumn({ type: 'uuid' })
  sessionId: string;

  @Column({ type: 'timestamptz' })
  issuedAt: Date;

  /** Sealed under the proof and a key of the ring. */
  @Column({ type: 'bytea' })
  pair: SealedBytes;
}

const PROOF = columnsOf(ProofEntity);
const PROOF_PAIR = columnsOf(ProofPairEntity);

const KEY = PROOF.pick('signedOn', 'proofId');
const ANSWER = PROOF.omit('signedOn', 'proofId');

type ProofKey = RowOf<typeof KEY>;
export interface AnsweredProof extends Readonly<RowOf<typeof ANSWER>> {
  /** The pair of a sign-in, while it is stored; `null` if the proof is consumed for something else. */
  readonly answeredPair: SealedBytes | null;
}

export interface ProofUse {
  readonly proof: VerifiedProof;
  readonly answer: AnsweredProof;
}

/** `isUse`: for an act inside the session. */
type StoredProof = Pick<ProofEntity, 'sessionId' | 'issuedAt' | 'isNewUser'> & { readonly isUse: boolean };

const LIST_OF_SESSIONS = `
  SELECT session_id AS "sessionId", issued_at AS "issuedAt", is_new_user AS "isNewUser", secret_digest IS NULL AS "isUse"
  FROM proofs WHERE signed_on = $1::date AND session_id = ANY($2::uuid[]) ORDER BY issued_at, proof_id`;

/** The pair of a used proof matches no proof, and is deleted with the others. To avoid it would slow every sign-in. */
const CLAIM = `
  WITH answered AS (
    INSERT INTO proof_pairs (${PROOF_PAIR.names}) ${PROOF_PAIR.unnest(PROOF.count + 1)}
  )
  INSERT INTO proofs (${PROOF.names}) ${PROOF.unnest()}
  ORDER BY signed_on, proof_id ON CONFLICT DO NOTHING RETURNING proof_id AS "proofId"`;

/**
 * After the wait for the lock, the row is current, but the pairs are those of the statement's snapshot. An older pair
 * has another instant, so none is found.
 */
const LOCK = `
  SELECT ${ANSWER.selected}, (
    SELECT pair.pair FROM proof_pairs pair
    WHERE pair.session_id = proofs.session_id AND pair.issued_at = proofs.issued_at
  ) AS "answeredPair"
  FROM proofs WHERE (${KEY.names}) = (${KEY.parameters()}) FOR UPDATE`;

const FIND_PAIR = 'SELECT pair FROM proof_pairs WHERE session_id = $1 AND issued_at = $2';

const ANSWER_AGAIN = `
  WITH answered AS (
    UPDATE proofs SET (${ANSWER.names}) = (${ANSWER.parameters(KEY.count + 1)}) WHERE (${KEY.names}) = (${KEY.parameters()})
  )
  INSERT INTO proof_pairs (${PROOF_PAIR.names}) ${PROOF_PAIR.unnest(PROOF.count + 1)}
  ON CONFLICT (session_id) DO UPDATE SET issued_at = excluded.issued_at, pair = excluded.pair`;

/** These sessions were ended to keep out the holders of the proof. */
const BARS = `end_reason NOT IN ('logout', 'idle', 'evicted')`;

const IS_BARRED = `
  SELECT true FROM proofs LEFT JOIN sessions ON sessions.id = proofs.session_id
  WHERE (${KEY.names}) = (${KEY.parameters()}) AND (secret_digest IS NULL OR ${BARS})`;

/** Sessions are deleted some weeks after their end. Before that, this consumes proofs whose holders must stay out. */
const USE_UP_ENDED = `
  UPDATE proofs SET secret_digest = NULL FROM sessions
  WHERE proofs.signed_on = 'infinity' AND proofs.session_id = sessions.id AND proofs.secret_digest IS NOT NULL
    AND sessions.ended_at >= $1 AND sessions.proof_made_at IS NOT NULL AND ${BARS}`;

@Injectable()
export class ProofsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes different proofs in the order of their keys, so that two groups cannot deadlock. Waits for a simultaneous
   * first use to commit. @returns the first uses, without those of proofs that were used before
   */
  async claim<U extends ProofUse>(tx: EntityManager, uses: readonly U[]): Promise<readonly U[]> {
    if (uses.length === 0) return [];
    const proofs = uses.map(({ proof, answer }) => ({ ...keyOf(proof), ...answer }));
    const claimed = await rows<{ proofId: Buffer }>(tx, CLAIM, [
      ...PROOF.arraysOf(proofs),
      ...PROOF_PAIR.arraysOf(proofs.flatMap(pairOf)),
    ]);
    const first = new Set(claimed.map(({ proofId }) => proofId.toString('hex')));
    return uses.filter(({ proof }) => first.has(proof.proofId.toString('hex')));
  }

  async lock(tx: EntityManager, proof: VerifiedProof): Promise<AnsweredProof | null> {
    return firstRow<AnsweredProof>(tx, LOCK, KEY.valuesOf(keyOf(proof)));
  }

  /** Whether a dated proof opens nothing any more: it was consumed, or its session's end keeps out its holders. */
  async isBarred(proof: VerifiedProof): Promise<boolean> {
    const values = KEY.valuesOf(keyOf(proof));
    return this.database.read(async (manager) => (await firstRow(manager, IS_BARRED, values)) !== null);
  }

  /** Finds the pair after `lock` has waited for the transaction that wrote it. */
  async findPair(
    tx: EntityManager,
    { sessionId, issuedAt }: Pick<AnsweredProof, 'sessionId' | 'issuedAt'>,
  ): Promise<Buffer | null> {
    const found = await firstRow<Pick<ProofPairEntity, 'pair'>>(tx, FIND_PAIR, [sessionId, issuedAt]);
    return found?.pair ?? null;
  }

  async answer(tx: EntityManager, proof: VerifiedProof, answered: AnsweredProof): Promise<void> {
    await tx.query(ANSWER_AGAIN, [
      ...KEY.valuesOf(keyOf(proof)),
      ...ANSWER.valuesOf(answered),
      ...PROOF_PAIR.arraysOf(pairOf(answered)),
    ]);
  }

  /** The proofs of a day that sessions opened or consumed. The day `infinity` has the proofs without a date. */
  async listOfSessions(
    manager: EntityManager,
    signedOn: string,
    sessionIds: readonly string[],
  ): Promise<readonly StoredProof[]> {
    return rows<StoredProof>(manager, LIST_OF_SESSIONS, [signedOn, sessionIds]);
  }

  /** Consumes the links whose sessions ended at `since` or later to keep out their holders. */
  async useUpEnded(since: Date): Promise<void> {
    await this.database.transaction((tx) => tx.query(USE_UP_ENDED, [since]));
  }

  async deletePairsOf(tx: EntityManager, sessionIds: readonly string[]): Promise<void> {
    await tx.query('DELETE FROM proof_pairs WHERE session_id = ANY($1::uuid[])', [sessionIds]);
  }
}

/** A proof always has the same date, or never has one, so a key per day is unique. */
function keyOf({ madeAt, lasts, proofId }: VerifiedProof): ProofKey {
  return { signedOn: madeAt && !lasts ? utcDayOf(madeAt) : 'infinity', proofId };
}

function pairOf({ sessionId, issuedAt, answeredPair: pair }: AnsweredProof): readonly ProofPairEntity[] {
  return pair === null ? [] : [{ sessionId, issuedAt, pair }];
}
