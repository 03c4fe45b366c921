import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { KeyRing } from '@countersign/crypto';
import {
  BringsToActiveKey,
  DigestWork,
  HoldsRingKeys,
  type Digested,
  type FormerKey,
  type KeyHolder,
  type Step,
} from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { UsernameKeysRepository } from './username-keys.repository';
import { UsernamesRepository } from './usernames.repository';

/** Digests of usernames in use, by the ids of their users. */
@Injectable()
@BringsToActiveKey()
export class UsernameDigestWork extends DigestWork<Digested> {
  readonly name = 'username_digests';

  constructor(
    private readonly repository: UsernameKeysRepository,
    private readonly usernames: UsernamesRepository,
    keyRing: KeyRing,
    private readonly clock: Clock,
    logger: Logger,
  ) {
    super(keyRing, logger);
  }

  countBehind(manager: EntityManager, keyId: string): Promise<number> {
    return this.repository.countLacking(manager, keyId);
  }

  deleteRetired(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    return this.repository.delete(tx, keyId, limit);
  }

  protected lookAt(tx: EntityManager, keyId: string, step: Step): Promise<readonly Digested[]> {
    return this.repository.lookAt(tx, keyId, step);
  }

  protected async digest(tx: EntityManager, lacking: readonly Digested[]): Promise<number> {
    const wanted = lacking.map(({ id }) => id);
    let done = 0;
    for (const userId of await this.repository.lockFree(tx, wanted))
      if (await this.attempt(userId, () => this.takeAgain(tx, userId))) done += 1;
    return done;
  }

  private async takeAgain(tx: EntityManager, userId: string): Promise<boolean> {
    const username = await this.usernames.currentOf(tx, userId);
    return username !== null && (await this.usernames.take(tx, userId, username, this.clock.now()));
  }
}

/** Names that were given up before a rotation: their digests are all that is left of them. */
@Injectable()
@HoldsRingKeys()
export class HeldUsernames implements KeyHolder {
  readonly holds = 'held usernames';
  readonly purpose = 'index';

  constructor(private readonly repository: UsernameKeysRepository) {}

  countHolding(manager: EntityManager, key: FormerKey, now: Date): Promise<number> {
    return this.repository.countHeldBy(manager, key, now);
  }
}
