import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
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
    const [isFirst] = await this.claimAll(tx, [{ proof, answer }]);
    return isFirst === true;
  }

  /** Like `claim` for different proofs. In the order of their keys, so that two crowds cannot wait for each other. */
  async claimAll(
    tx: EntityManager,
    uses: readonly { readonly proof: VerifiedProof; readonly answer: AnsweredProof }[],
  ): Promise<readonly boolean[]> {
    if (uses.length === 0) return [];
    const keys = uses.map(({ proof }) => keyOf(proof));
    const claimed = await rows<{ proofId: Buffer }>(
      tx,
      `INSERT INTO proofs (signed_on, proof_id, session_id, issued_at, pair, is_new_user)
       SELECT * FROM unnest($1::date[], $2::bytea[], $3::uuid[], $4::timestamptz[], $5::bytea[], $6::boolean[])
         AS use (signed_on, proof_id, session_id, issued_at, pair, is_new_user)
       ORDER BY signed_on, proof_id ON CONFLICT DO NOTHING RETURNING proof_id AS "proofId"`,
      [
        keys.map(([signedOn]) => signedOn),
        keys.map(([, proofId]) => proofId),
        uses.map(({ answer }) => answer.sessionId),
        uses.map(({ answer }) => answer.issuedAt),
        uses.map(({ answer }) => answer.pair),
        uses.map(({ answer }) => answer.isNewUser),
      ],
    );
    const first = new Set(claimed.map(({ proofId }) => proofId.toString('hex')));
    return uses.map(({ proof }) => first.has(proof.proofId.toString('hex')));
  }

  async lock(tx: EntityManager, proof: VerifiedProof): Promise<AnsweredProof | null> {
    return firstRow<AnsweredProof>(
      tx,
      `SELECT session_id AS "sessionId", issued_at AS "issuedAt", pair, is_new_user AS "isNewUser"
       FROM proofs WHERE signed_on = $1 AND proof_id = $2 FOR UPDATE`,
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
