import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BotsService } from '@countersign/applications';
import { Clock, plusSeconds } from '@countersign/runtime';
import { DayPartitions } from '@countersign/database';
import { STEP_UP_SECONDS } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { authError } from '../auth.errors';
import type { VerifiedSignIn } from '../doors/door';
import { assertNotOutdated, type VerifiedProof } from '../proof/verified-proof';
import { ProofsRepository } from './proofs.repository';

/** Consumes a proof inside a session, for an act that requires a fresh one. Afterwards the proof opens nothing. */
@Injectable()
export class ProofConsumption {
  constructor(
    private readonly partitions: DayPartitions,
    private readonly bots: BotsService,
    private readonly proofs: ProofsRepository,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /** @returns the function that consumes the proof in a transaction */
  async prepare({ proof }: VerifiedSignIn): Promise<(tx: EntityManager, sessionId: string) => Promise<void>> {
    const { madeAt, freshUntil } = proof;
    if (!madeAt || (freshUntil ?? plusSeconds(madeAt, STEP_UP_SECONDS)) < this.clock.now())
      throw authError('auth.proof_not_fresh');
    await this.partitions.ensure('proofs', madeAt);
    return (tx, sessionId) => this.consume(tx, proof, sessionId);
  }

  private async consume(tx: EntityManager, proof: VerifiedProof, sessionId: string): Promise<void> {
    await this.bots.assertCounts(tx, proof.botRowId, proof.assurance === 'platform');
    assertNotOutdated(proof.madeAt, await this.users.notBeforeOf(proof, tx));
    const answer = {
      sessionId,
      issuedAt: this.clock.now(),
      isNewUser: false,
      secretDigest: null,
      answeredPair: null,
    };
    const [first] = await this.proofs.claim(tx, [{ proof, answer }]);
    if (!first) throw authError('auth.proof_used');
  }
}
