import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, firstRow, rows, type RowOf } from '@countersign/database';
import type { ProofEntity } from './proof.entity';
import type { VerifiedProof } from './verified-proof';

const PROOF = columns<ProofEntity>({
  signedOn: 'date',
  proofId: 'bytea',
  sessionId: 'uuid',
  issuedAt: 'timestamptz',
  pair: 'bytea',
  isNewUser: 'boolean',
});
const KEY = PROOF.pick('signedOn', 'proofId');
const ANSWER = PROOF.omit('signedOn', 'proofId');

type ProofKey = RowOf<typeof KEY>;
export type AnsweredProof = Readonly<RowOf<typeof ANSWER>>;

const CLAIM = `
  INSERT INTO proofs (${PROOF.names}) ${PROOF.unnest()}
  ORDER BY signed_on, proof_id ON CONFLICT DO NOTHING RETURNING proof_id AS "proofId"`;

const LOCK = `SELECT ${ANSWER.selected} FROM proofs WHERE (${KEY.names}) = (${KEY.parameters()}) FOR UPDATE`;

const ANSWER_AGAIN = `
  UPDATE proofs SET (${ANSWER.names}) = (${ANSWER.parameters(KEY.count + 1)}) WHERE (${KEY.names}) = (${KEY.parameters()})`;

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
    const proofs = uses.map(({ proof, answer }) => ({ ...keyOf(proof), ...answer }));
    const claimed = await rows<{ proofId: Buffer }>(tx, CLAIM, PROOF.arraysOf(proofs));
    const first = new Set(claimed.map(({ proofId }) => proofId.toString('hex')));
    return uses.map(({ proof }) => first.has(proof.proofId.toString('hex')));
  }

  async lock(tx: EntityManager, proof: VerifiedProof): Promise<AnsweredProof | null> {
    return firstRow<AnsweredProof>(tx, LOCK, KEY.valuesOf(keyOf(proof)));
  }

  async answer(tx: EntityManager, proof: VerifiedProof, answered: AnsweredProof): Promise<void> {
    await tx.query(ANSWER_AGAIN, [...KEY.valuesOf(keyOf(proof)), ...ANSWER.valuesOf(answered)]);
  }
}

/** A proof has one signed date, or none for good, so being unique within its day is being unique. */
function keyOf({ madeAt, proofId }: VerifiedProof): ProofKey {
  return { signedOn: madeAt?.toISOString().slice(0, 10) ?? 'infinity', proofId };
}
