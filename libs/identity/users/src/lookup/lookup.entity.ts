import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * Keyed digests of usernames at platforms, one per index key. The statement that changes a username deletes those of the
 * former one.
 */
@Entity('lookup_digests')
export class LookupDigestEntity {
  @PrimaryColumn({ type: 'uuid' })
  identityId: string;

  @PrimaryColumn({ type: 'text' })
  keyId: string;

  @Column({ type: 'bytea' })
  digest: Buffer;
}
