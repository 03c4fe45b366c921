import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { BringsToActiveKey, DigestWork, type DigestedTable } from '@countersign/keys';
import { openDataKey } from '../store/data-keys';
import { digestsOf } from './identity-digests';
import { openContent } from '../store/profile-sealing';

export interface SealedIdentity {
  readonly id: string;
  readonly userId: string;
  readonly dataKey: Sealed;
  readonly provider: string;
  readonly environment: string;
  readonly content: Sealed;
}

/** Digests of identities, for people who do not sign in meanwhile. */
@Injectable()
@BringsToActiveKey()
export class IdentityDigestWork extends DigestWork<SealedIdentity> {
  protected readonly table: DigestedTable = {
    values: 'identities',
    primaryKey: 'id',
    digests: 'identity_digests',
    owner: 'identity_id',
    columns: 'r.id, r.user_id AS "userId", u.data_key AS "dataKey", r.provider, r.environment, r.content',
    joins: 'JOIN users u ON u.id = r.user_id',
    lock: 'KEY SHARE OF r',
  };

  protected digest(tx: EntityManager, free: readonly SealedIdentity[]): Promise<number> {
    return this.insert(tx, free, ({ id, userId, dataKey, content, ...identity }) => {
      const { subject } = openContent(openDataKey(this.keyRing, userId, dataKey), id, content);
      return digestsOf(this.keyRing, { ...identity, subject });
    });
  }
}
