import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Keyed digests that find a sealed value and keep it unique. A trigger deletes the digests of a removed owner. */
@Entity('digests')
export class DigestEntity {
  @PrimaryColumn({ type: 'text' })
  kind: string;

  @PrimaryColumn({ type: 'text' })
  keyId: string;

  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'uuid' })
  ownerId: string;
}
