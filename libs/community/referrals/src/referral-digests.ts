import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import type { NewSignIn } from '@countersign/auth';
import { Clock, DAY, plusSeconds, SECOND } from '@countersign/runtime';
import { KeyRing, lengthPrefixed, macOf, sealedText } from '@countersign/crypto';
import { BatchedDeletions, insertIfNew, Recurring } from '@countersign/database';
import { ReferralBindingRepository } from './store/referral-binding.repository';
import { ReferralKeyEntity } from './store/referral.entity';

const RETENTION_SECONDS = 2 * 365 * (DAY / SECOND);
const BATCH = 500;
const KEY_BYTES = 32;
const sealedSecret = sealedText('referral_keys', 'secret');

/** Counts an identity as a referral once in two years, even if it leaves its account and returns. */
@Injectable()
@Recurring({
  name: 'referral-digest-upkeep',
  cron: '52 * * * *',
  everyMinutes: 60,
  removes: { 'keyed digests of referred identities': '2 years' },
})
export class ReferralDigests {
  /** The keys by application. A key never changes. */
  private readonly keys = new Map<string, KeyObject>();

  constructor(
    private readonly bindings: ReferralBindingRepository,
    private readonly deletions: BatchedDeletions,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  /** Creates the key of an application before its first code, so that it exists before a person is bound. */
  async ensureKey(tx: EntityManager, applicationId: string): Promise<void> {
    const secret = sealedSecret.seal(this.keyRing, applicationId, randomBytes(KEY_BYTES).toString('base64'));
    await insertIfNew(tx, ReferralKeyEntity, { applicationId, secret }, 'application_id');
  }

  /** Call `countedBefore` first, which reads the key. The digest is `null` in an application without a code. */
  of({ signIn: { application, proof } }: NewSignIn): Buffer | null {
    const { provider, environment, subject } = proof;
    const secret = this.keys.get(application.id);
    const message = lengthPrefixed(['referral_nodes.digest', provider, environment, subject]);
    return secret ? macOf({ id: application.id, secret }, message) : null;
  }

  /** @returns the sign-ins whose identities were counted before, at another account */
  async countedBefore(tx: EntityManager, entered: readonly NewSignIn[]): Promise<ReadonlySet<NewSignIn>> {
    await this.readKeys(tx, entered);
    const wanted = entered.flatMap((one) => {
      const digest = this.of(one);
      return digest === null ? [] : [{ one, digest, applicationId: one.signIn.application.id }];
    });
    const since = plusSeconds(this.clock.now(), -RETENTION_SECONDS);
    const found = await this.bindings.findDigests(tx, wanted, since);
    const counted = wanted.filter(({ digest }) => found.some((other) => other.equals(digest)));
    return new Set(counted.map(({ one }) => one));
  }

  private async readKeys(tx: EntityManager, entered: readonly NewSignIn[]): Promise<void> {
    const unknown = new Set(entered.map(({ signIn }) => signIn.application.id));
    for (const id of unknown) if (this.keys.has(id)) unknown.delete(id);
    if (unknown.size === 0) return;
    for (const { applicationId, secret } of await tx.findBy(ReferralKeyEntity, {
      applicationId: In([...unknown]),
    })) {
      const bytes = Buffer.from(sealedSecret.open(this.keyRing, applicationId, secret), 'base64');
      this.keys.set(applicationId, createSecretKey(bytes));
    }
  }

  /** @returns the number of deleted digests */
  async run(): Promise<number> {
    return this.deletions.run(BATCH, (tx, now) =>
      this.bindings.forgetDigests(tx, plusSeconds(now, -RETENTION_SECONDS), BATCH),
    );
  }
}
