import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { BringsToActiveKey, DigestWork, type DigestedTable } from '@countersign/keys';
import type { SealedIdentity } from '../digests/identity-digest-work';
import { openDataKey } from '../store/data-keys';
import { openContent } from '../store/profile-sealing';
import { platformUsernameDigests } from './lookup-digests.repository';

/** Whether the identity `r` has a username without digest under the key `$1`, while the look-up is switched on. */
const LACKS = `'username' = ANY(r.stored_fields) AND (SELECT username_lookup FROM installation)
  AND NOT EXISTS (SELECT FROM lookup_digests d WHERE d.identity_id = r.id AND d.key_id = $1)`;

/** Digests of usernames under the active key: after a rotation, and where the look-up was switched on. */
@Injectable()
@BringsToActiveKey()
export class LookupDigestWork extends DigestWork<SealedIdentity> {
  protected readonly table: DigestedTable = {
    values: 'identities',
    primaryKey: 'id',
    digests: 'lookup_digests',
    owner: 'identity_id',
    lacks: LACKS,
    columns: 'r.id, r.user_id AS "userId", u.data_key AS "dataKey", r.provider, r.environment, r.content',
    joins: 'JOIN users u ON u.id = r.user_id',
    lock: 'NO KEY UPDATE OF r',
  };

  protected digest(tx: EntityManager, free: readonly SealedIdentity[]): Promise<number> {
    return this.insert(tx, free, ({ id, userId, dataKey, content }) => {
      const { username } = openContent(openDataKey(this.keyRing, userId, dataKey), id, content).profile;
      return username === null ? [] : platformUsernameDigests(this.keyRing, username);
    });
  }
}
