import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type Sealed } from '@countersign/crypto';
import { BringsToActiveKey, DigestedRowsRepository, DigestWork } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { openDataKey } from '../store/data-keys';
import { openContent } from '../store/profile-sealing';
import { LookupDigestsRepository, type KnownUsername } from './lookup-digests.repository';

interface SealedIdentity {
  readonly id: string;
  readonly userId: string;
  readonly dataKey: Sealed;
  readonly content: Sealed;
}

/** Whether the identity `r` has a username without digest under the key `$1`, while the look-up is switched on. */
const LACKS = `'username' = ANY(r.stored_fields) AND (SELECT username_lookup FROM installation)
  AND NOT EXISTS (SELECT FROM lookup_digests d WHERE d.identity_id = r.id AND d.key_id = $1)`;

/** Digests of usernames under the active key: after a rotation, and where the look-up was switched on. */
@Injectable()
@BringsToActiveKey()
export class LookupDigestWork extends DigestWork<SealedIdentity> {
  protected readonly rows = new DigestedRowsRepository<SealedIdentity>({
    values: 'identities',
    primaryKey: 'id',
    digests: 'lookup_digests',
    owner: 'identity_id',
    lacks: LACKS,
    columns: 'r.id, r.user_id AS "userId", u.data_key AS "dataKey", r.content',
    joins: 'JOIN users u ON u.id = r.user_id',
    lock: 'NO KEY UPDATE OF r',
  });

  constructor(
    private readonly repository: LookupDigestsRepository,
    keyRing: KeyRing,
    logger: Logger,
  ) {
    super(keyRing, logger);
  }

  protected async digest(tx: EntityManager, free: readonly SealedIdentity[]): Promise<number> {
    const known: KnownUsername[] = [];
    for (const identity of free) {
      const opened = await this.attempt(identity.id, () => this.open(identity));
      if (opened) known.push(opened);
    }
    await this.repository.insert(tx, known);
    return known.length;
  }

  private open({ id, userId, dataKey, content }: SealedIdentity): KnownUsername {
    const key = openDataKey(this.keyRing, userId, dataKey);
    return { identityId: id, username: openContent(key, id, content).profile.username };
  }
}
