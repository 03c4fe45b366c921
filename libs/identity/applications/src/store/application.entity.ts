import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ApplicationSettings } from '../settings/application.settings';

/** `first-party` is the operator's own product. A `third-party` one can use nothing beyond its own sessions. */
export const trusts = ['first-party', 'third-party'] as const;
export type Trust = (typeof trusts)[number];

export interface Application {
  readonly id: string;
  readonly name: string;
  readonly trust: Trust;
  /** With all defaults filled in. */
  readonly settings: ApplicationSettings;
}

@Entity('applications')
export class ApplicationEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  trust: Trust;

  /** Only what the operator set. Readers add the defaults. */
  @Column({ type: 'jsonb' })
  settings: object;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/** A secret of a confidential client. It has 256 random bits, so its SHA-256 is enough at rest. */
@Entity('client_secrets')
export class ClientSecretEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}
