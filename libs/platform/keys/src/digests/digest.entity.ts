import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Keyed digests by which a sealed value is found, and by which it is there once. A trigger deletes those of an owner that goes. */
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
