import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { NewSignIn } from '@countersign/auth';
import { Clock, DAY, plusSeconds, SECOND } from '@countersign/clock';
import { fieldBlindIndexes, KeyRing, type BlindIndex } from '@countersign/crypto';
import { BatchedDeletions } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { ReferralBindingRepository } from './store/referral-binding.repository';

const RETENTION_SECONDS = 2 * 365 * (DAY / SECOND);
const BATCH = 500;

/**
 * One identity is counted once as a referral of an application in two years, however often it leaves its account and comes
 * back: its node keeps a keyed digest of it.
 */
@Injectable()
@Recurring({
  name: 'referral-digest-upkeep',
  cron: '52 * * * *',
  everyMinutes: 60,
  removes: { 'keyed digests of referred identities': '2 years' },
})
export class ReferralDigests {
  constructor(
    private readonly bindings: ReferralBindingRepository,
    private readonly deletions: BatchedDeletions,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** Of the identity that signs in. One digest per index key, the first key before others. */
  of({ signIn: { application, proof } }: NewSignIn): readonly BlindIndex[] {
    const { provider, environment, subject } = proof;
    // The parts have no `/`, but for the subject, which is the last.
    const value = [application.id, provider, environment, subject].join('/');
    return fieldBlindIndexes(this.keyRing, 'referral_nodes.digest', value);
  }

  /** @returns those whose identities were counted before, at another account */
  async countedBefore(tx: EntityManager, entered: readonly NewSignIn[]): Promise<ReadonlySet<NewSignIn>> {
    const wanted = entered.map((one) => ({
      one,
      digests: this.of(one).map((digest) => ({ ...digest, applicationId: one.signIn.application.id })),
    }));
    const found = await this.bindings.findDigests(
      tx,
      wanted.flatMap(({ digests }) => digests),
      plusSeconds(this.clock.now(), -RETENTION_SECONDS),
    );
    return new Set(
      wanted
        .filter(({ digests }) => digests.some(({ digest }) => found.some((other) => other.equals(digest))))
        .map(({ one }) => one),
    );
  }

  /** @returns how many digests were deleted @throws AppError service.unavailable when the clock is wrong */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.bindings.forgetDigests(tx, plusSeconds(now, -RETENTION_SECONDS), BATCH),
    );
  }
}
