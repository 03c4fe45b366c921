import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BringsToActiveKey, DigestWork, type DigestedTable } from '@countersign/keys';
import { openDataKey } from '../store/data-keys';
import type { IdentityEntity } from '../store/identity.entity';
import { digestsOf } from './identity-digests';
import { platformUsernameDigests } from '../lookup/lookup-digests.repository';
import { openContent } from '../store/profile-sealing';
import type { UserEntity } from '../store/user.entity';

type SealedIdentity = Pick<IdentityEntity, 'id' | 'userId' | 'provider' | 'environment' | 'content'> &
  Pick<UserEntity, 'dataKey'>;

const OF_IDENTITIES = {
  values: 'identities',
  primaryKey: 'id',
  owner: 'identity_id',
  columns: 'r.id, r.user_id AS "userId", u.data_key AS "dataKey", r.provider, r.environment, r.content',
  joins: 'JOIN users u ON u.id = r.user_id',
} as const;

/** Writes digests under the active key for identities whose people do not sign in meanwhile. */
@Injectable()
@BringsToActiveKey()
export class IdentityDigestWork extends DigestWork<SealedIdentity> {
  protected readonly table: DigestedTable = {
    ...OF_IDENTITIES,
    digests: 'identity_digests',
    lock: 'KEY SHARE OF r',
  };

  protected digest(tx: EntityManager, free: readonly SealedIdentity[]): Promise<number> {
    return this.insert(tx, free, ({ id, userId, dataKey, content, ...identity }) => {
      const { subject } = openContent(openDataKey(this.keyRing, userId, dataKey), id, content);
      return digestsOf(this.keyRing, { ...identity, subject });
    });
  }
}

/** True if the look-up is switched on and the identity `r` has a username without a digest under the key `$1`. */
const LACKS = `'username' = ANY(r.stored_fields) AND (SELECT username_lookup FROM installation)
  AND NOT EXISTS (SELECT FROM lookup_digests d WHERE d.identity_id = r.id AND d.key_id = $1)`;

/** Writes digests of usernames under the active key, after a rotation or after the look-up was switched on. */
@Injectable()
@BringsToActiveKey()
export class LookupDigestWork extends DigestWork<SealedIdentity> {
  protected readonly table: DigestedTable = {
    ...OF_IDENTITIES,
    digests: 'lookup_digests',
    lacks: LACKS,
    lock: 'NO KEY UPDATE OF r',
  };

  protected digest(tx: EntityManager, free: readonly SealedIdentity[]): Promise<number> {
    return this.insert(tx, free, ({ id, userId, dataKey, content }) => {
      const { username } = openContent(openDataKey(this.keyRing, userId, dataKey), id, content).profile;
      return username === null ? [] : platformUsernameDigests(this.keyRing, username);
    });
  }
}
