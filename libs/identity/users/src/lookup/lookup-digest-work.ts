import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { BringsToActiveKey, DigestWork, type Step, type StepResult } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { openDataKey } from '../store/data-keys';
import { openField, profileColumns } from '../store/profile-sealing';
import {
  LookupDigestsRepository,
  type KnownValues,
  type LockedValues,
  type LookedAt,
} from './lookup-digests.repository';

/** Digests of looked-up fields under the active key: after a rotation, and where a field was switched on. */
@Injectable()
@BringsToActiveKey()
export class LookupDigestWork extends DigestWork<LookedAt> {
  readonly name = 'lookup_digests';

  constructor(
    private readonly repository: LookupDigestsRepository,
    keyRing: KeyRing,
    logger: Logger,
  ) {
    super(keyRing, logger);
  }

  countBehind(manager: EntityManager, keyId: string): Promise<number> {
    return this.repository.countLacking(manager, keyId);
  }

  deleteRetired(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    return this.repository.deleteUnder(tx, keyId, limit);
  }

  /** `step`, with the number of identities that were locked. Those that cannot be opened are not among them. */
  async fill(tx: EntityManager, step: Step): Promise<StepResult & { readonly skipped: number }> {
    const found = await this.lookAt(tx, this.keyRing.active('index').id, step);
    const lacking = found.filter(({ isDigested }) => !isDigested);
    const { done, skipped } = await this.digestFree(tx, lacking);
    return { position: found.at(-1)?.id ?? step.after, done, skipped, isEnd: found.length < step.limit };
  }

  protected lookAt(tx: EntityManager, keyId: string, step: Step): Promise<readonly LookedAt[]> {
    return this.repository.lookAt(tx, keyId, step);
  }

  protected async digest(tx: EntityManager, lacking: readonly LookedAt[]): Promise<number> {
    return (await this.digestFree(tx, lacking)).done;
  }

  private async digestFree(
    tx: EntityManager,
    lacking: readonly LookedAt[],
  ): Promise<{ readonly done: number; readonly skipped: number }> {
    if (lacking.length === 0) return { done: 0, skipped: 0 };
    const wanted = lacking.map(({ id }) => id);
    const free = await this.repository.lockFree(tx, wanted);
    const known: KnownValues[] = [];
    for (const identity of free) {
      const values = await this.attempt(identity.id, () => this.open(identity));
      if (values) known.push({ identityId: identity.id, values });
    }
    await this.repository.insert(tx, known);
    return { done: known.length, skipped: wanted.length - free.length };
  }

  private open({ id, userId, dataKey, username, phoneNumber }: LockedValues): KnownValues['values'] {
    const key = openDataKey(this.keyRing, userId, dataKey);
    return {
      username: openField(key, id, profileColumns.username, username),
      phoneNumber: openField(key, id, profileColumns.phoneNumber, phoneNumber),
    };
  }
}
