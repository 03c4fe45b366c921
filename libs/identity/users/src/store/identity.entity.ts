import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';
import type { Assurance } from '../assurance';
import type { ProfileField } from '../user';

export type AttachmentAct = 'link' | 'merge';

/** A triple of provider, environment and subject that belongs to one user, with its profile from the platform. */
@Entity('identities')
export class IdentityEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  userId: string;

  @Column({ type: 'text' })
  provider: string;

  @Column({ type: 'text' })
  environment: string;

  /** JSON: `IdentityContent` without unset fields. */
  @Personal()
  @Column({ type: 'text' })
  content: Sealed;

  @Column({ type: 'text', array: true, default: () => `'{}'` })
  storedFields: readonly ProfileField[];

  @Column({ type: 'timestamptz', nullable: true })
  phoneMadeAt: Date | null;

  /** The fields that the platform asserted, including empty ones. Hints do not change them. */
  @Column({
    type: 'text',
    array: true,
    default: () => `'{firstName,lastName,username,photoUrl,languageCode}'`,
  })
  assertedFields: readonly ProfileField[];

  /** The asserted fields that the platform itself signed. The others rest on a bot's token. */
  @Column({ type: 'text', array: true, default: () => `'{}'` })
  platformFields: readonly ProfileField[];

  /** The weakest assurance that it was attached by; `platform` for the founding identity. */
  @Column({ type: 'text' })
  cap: Assurance;

  /** When a link or merge attached it to an account that another identity founded. */
  @Column({ type: 'timestamptz', nullable: true })
  attachedAt: Date | null;

  /** The end of the period in which the link can be separated. `account_joins` has this instant for merges. */
  @Column({ type: 'timestamptz', nullable: true })
  separableUntil: Date | null;

  @Column({ type: 'text', nullable: true })
  attachedBy: AttachmentAct | null;

  /** The bots of the session, the step-up and the proof that attached it, as `provider/environment/id`. */
  @Column({ type: 'text', array: true, default: () => `'{}'` })
  attachedWith: readonly string[];

  /** The date of the claim that supplied the profile. */
  @Column({ type: 'timestamptz' })
  profileMadeAt: Date;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/** Keyed digests of provider, environment and subject, one for each index key. They find an identity. */
@Entity('identity_digests')
export class IdentityDigestEntity {
  @PrimaryColumn({ type: 'text' })
  keyId: string;

  @PrimaryColumn({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'uuid' })
  identityId: string;
}
