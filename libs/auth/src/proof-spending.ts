import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BotsService } from '@countersign/applications';
import { Clock, plusSeconds } from '@countersign/clock';
import { DayPartitions } from '@countersign/database';
import { isAtLeast, STEP_UP_SECONDS } from '@countersign/sessions';
import { authError } from './auth.errors';
import type { VerifiedSignIn } from './doors/door';
import { ProofsRepository } from './proofs.repository';
import type { VerifiedProof } from './verified-proof';

/** Uses up a proof inside a session, for an act that asks for a fresh one. It opens nothing afterwards. */
@Injectable()
export class ProofSpending {
  constructor(
    private readonly partitions: DayPartitions,
    private readonly bots: BotsService,
    private readonly proofs: ProofsRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * To be called before the transaction.
   * @throws AppError auth.proof_not_fresh, auth.assurance_too_low by the application's `accountAssurance`
   */
  async prepare({ proof, application }: VerifiedSignIn): Promise<void> {
    const { madeAt, assurance } = proof;
    if (!isAtLeast(assurance, application.settings.accountAssurance))
      throw authError('auth.assurance_too_low');
    if (!madeAt || madeAt < plusSeconds(this.clock.now(), -STEP_UP_SECONDS))
      throw authError('auth.proof_not_fresh');
    await this.partitions.ensure('proofs', madeAt);
  }

  /**
   * Repeated by the same session it changes nothing: answers get lost.
   * @returns whether this is the first use.
   * @throws AppError auth.proof_used, and bot.* when the bot changed since the proof was verified
   */
  async spend(tx: EntityManager, proof: VerifiedProof, sessionId: string): Promise<boolean> {
    await this.bots.assertCounts(tx, proof.botRowId, proof.assurance === 'platform');
    const use = { sessionId, issuedAt: this.clock.now(), pair: null, isNewUser: false };
    if (await this.proofs.claim(tx, proof, use)) return true;
    const known = await this.proofs.lock(tx, proof);
    if (known?.sessionId === sessionId && known.pair === null) return false;
    throw authError('auth.proof_used');
  }
}
