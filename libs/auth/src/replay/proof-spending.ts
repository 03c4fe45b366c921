import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BotsService } from '@countersign/applications';
import { Clock, plusSeconds } from '@countersign/clock';
import { KeyRing, openUnderBoth, SealError, sealUnderBoth } from '@countersign/crypto';
import { DayPartitions } from '@countersign/database';
import { STEP_UP_SECONDS } from '@countersign/sessions';
import { UsersService } from '@countersign/users';
import { authError } from '../auth.errors';
import type { VerifiedSignIn } from '../doors/door';
import { assertNotOutdated } from '../proof/outdated';
import { ProofsRepository, type AnsweredProof } from './proofs.repository';
import type { VerifiedProof } from '../proof/verified-proof';

/** How a proof is used up, with the outcome. */
export interface ProofUse {
  readonly sessionId: string;
  readonly act: 'step-up' | 'link' | 'merge' | 'detach';
  /** The data of the response, to repeat a lost one. */
  readonly outcome: string;
}

/** Differs from the purpose of token pairs, which this is not. */
const PURPOSE = 'countersign/proof-use/v1';

/** Uses up a proof inside a session, for an act that requires a fresh one. Afterwards it opens nothing. */
@Injectable()
export class ProofSpending {
  constructor(
    private readonly partitions: DayPartitions,
    private readonly bots: BotsService,
    private readonly proofs: ProofsRepository,
    private readonly users: UsersService,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /**
   * To be called before the transaction.
   * @throws AppError auth.proof_not_fresh
   */
  async prepare({ proof: { madeAt } }: VerifiedSignIn): Promise<void> {
    if (!madeAt || madeAt < plusSeconds(this.clock.now(), -STEP_UP_SECONDS))
      throw authError('auth.proof_not_fresh');
    await this.partitions.ensure('proofs', madeAt);
  }

  /**
   * @returns null for the first use; the earlier outcome when the same session repeats the same act, since
   * responses get lost. Then nothing is to be done again.
   * @throws AppError auth.proof_used, auth.proof_outdated, and bot.* when the bot changed since the proof was
   * verified
   */
  async spend(tx: EntityManager, proof: VerifiedProof, use: ProofUse): Promise<string | null> {
    const { sessionId, act, outcome } = use;
    await this.bots.assertCounts(tx, proof.botRowId, proof.assurance === 'platform');
    const owner = await this.users.findByClaim(proof, tx);
    assertNotOutdated(proof.madeAt, owner?.authNotBefore ?? null);
    const text = Buffer.from(JSON.stringify([act, outcome]));
    const isFirst = await this.proofs.claim(tx, proof, {
      sessionId,
      issuedAt: this.clock.now(),
      pair: sealUnderBoth(this.keyRing.active('sealing'), proof.secret, PURPOSE, text, sessionId),
      isNewUser: false,
      secretDigest: null,
      answeredPair: null,
    });
    if (isFirst) return null;
    const known = await this.proofs.lock(tx, proof);
    const [knownAct, knownOutcome] = known ? this.readUse(proof, known) : [];
    if (known?.sessionId !== sessionId || knownAct !== act || knownOutcome === undefined)
      throw authError('auth.proof_used');
    return knownOutcome;
  }

  /** Null when the proof opened a session instead, or a replica of the previous version used it up. */
  private readUse({ secret }: VerifiedProof, { sessionId, pair }: AnsweredProof): readonly string[] {
    const keys = this.keyRing.all('sealing');
    try {
      return JSON.parse(openUnderBoth(keys, secret, PURPOSE, pair, sessionId).toString('utf8')) as string[];
    } catch (error) {
      if (error instanceof SealError) return [];
      throw error;
    }
  }
}
