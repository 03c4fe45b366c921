import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';
import type { VerifiedProof } from './verified-proof';

export interface AnsweredProof {
  readonly sessionId: string;
  readonly issuedAt: Date;
  /** Sealed under the proof; no pair when the proof was used up inside the session. */
  readonly pair: Buffer;
  readonly isNewUser: boolean;
}

/** The replay guard: one table for the proofs of all doors. */
@Injectable()
export class ProofsRepository {
  /** @returns false when the proof was used before. Waits for a simultaneous first use to commit. */
  async claim(tx: EntityManager, proof: VerifiedProof, answer: AnsweredProof): Promise<boolean> {
    const claimed = await firstRow(
      tx,
      `INSERT INTO proofs (signed_on, proof_id, session_id, issued_at, pair, is_new_user)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING true`,
      [...keyOf(proof), answer.sessionId, answer.issuedAt, answer.pair, answer.isNewUser],
    );
    return claimed !== null;
  }

  async lock(tx: EntityManager, proof: VerifiedProof): Promise<AnsweredProof | null> {
    return firstRow<AnsweredProof>(
      tx,
      `SELECT session_id AS "sessionId", issued_at AS "issuedAt", pair, is_new_user AS "isNewUser"
       FROM proofs WHERE signed_on = $1 AND proof_id = $2 FOR UPDATE`,
      keyOf(proof),
    );
  }

  /** The proof that was just claimed has made its user. */
  async noteNewUser(tx: EntityManager, proof: VerifiedProof): Promise<void> {
    await tx.query(
      'UPDATE proofs SET is_new_user = true WHERE signed_on = $1 AND proof_id = $2',
      keyOf(proof),
    );
  }

  async answer(tx: EntityManager, proof: VerifiedProof, answered: AnsweredProof): Promise<void> {
    await tx.query(
      `UPDATE proofs SET session_id = $3, issued_at = $4, pair = $5, is_new_user = $6
       WHERE signed_on = $1 AND proof_id = $2`,
      [...keyOf(proof), answered.sessionId, answered.issuedAt, answered.pair, answered.isNewUser],
    );
  }
}

/** A proof has one signed date, or none for good, so being unique within its day is being unique. */
function keyOf({ madeAt, proofId }: VerifiedProof): [string, Buffer] {
  return [madeAt?.toISOString().slice(0, 10) ?? 'infinity', proofId];
}
