import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type BlindIndex } from '@countersign/crypto';
import { BringsToActiveKey, DigestWork, type Step } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { openDataKey } from '../store/data-keys';
import { digestsOf, throwLostRace } from './identity-digests';
import { IdentityDigestsRepository, type DigestedIdentity } from './identity-digests.repository';
import { openField } from '../store/profile-sealing';

/** Digests of identities, for people who do not sign in meanwhile. */
@Injectable()
@BringsToActiveKey()
export class IdentityDigestWork extends DigestWork<DigestedIdentity> {
  readonly name = 'identity_digests';

  constructor(
    private readonly repository: IdentityDigestsRepository,
    keyRing: KeyRing,
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

  protected lookAt(tx: EntityManager, keyId: string, step: Step): Promise<readonly DigestedIdentity[]> {
    return this.repository.lookAt(tx, keyId, step);
  }

  protected async digest(tx: EntityManager, lacking: readonly DigestedIdentity[]): Promise<number> {
    const added = new Map<string, readonly BlindIndex[]>();
    for (const identity of lacking) {
      const digests = await this.attempt(identity.id, () => this.digestsOf(identity));
      if (digests) added.set(identity.id, digests);
    }
    const rows = [...added].flatMap(([identityId, digests]) =>
      digests.map((digest) => ({ ...digest, identityId })),
    );
    // An identity that is removed meanwhile fails the statement: the transaction is tried again.
    if (rows.length > 0) await this.repository.insert(tx, rows).catch(throwLostRace);
    return added.size;
  }

  private digestsOf(identity: DigestedIdentity): readonly BlindIndex[] {
    const { id, userId, dataKey } = identity;
    const key = openDataKey(this.keyRing, userId, dataKey);
    const subject = openField(key, id, 'subject', identity.subject);
    return digestsOf(this.keyRing, { ...identity, subject });
  }
}
