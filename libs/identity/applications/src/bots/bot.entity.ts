import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';
import type { BotStatus, Environment, Provider, SignaturePolicy } from './bot';

@Entity('bots')
export class BotEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  provider: Provider;

  @Column({ type: 'text' })
  environment: Environment;

  /** The provider's numeric id as text. */
  @Column({ type: 'text' })
  botId: string;

  @Column({ type: 'text' })
  username: string;

  /** The short name of its Mini App, for links of `t.me`. */
  @Column({ type: 'text', nullable: true })
  miniAppName: string | null;

  @Secret()
  @Column({ type: 'text' })
  token: Sealed;

  /** The previous token verifies until `priorTokenExpiresAt`. */
  @Secret()
  @Column({ type: 'text', nullable: true })
  priorToken: Sealed | null;

  @Column({ type: 'timestamptz', nullable: true })
  priorTokenExpiresAt: Date | null;

  /** The secret of Log In With Telegram, which differs from the token. */
  @Secret()
  @Column({ type: 'text', nullable: true })
  oidcClientSecret: Sealed | null;

  @Column({ type: 'text' })
  signaturePolicy: SignaturePolicy;

  @Column({ type: 'text' })
  status: BotStatus;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  @Column({ type: 'timestamptz' })
  updatedAt: Date;
}

/** The token stays sealed. `BotTokens` opens it for verification. */
export type Bot = Readonly<Omit<BotEntity, 'createdAt' | 'updatedAt'>>;

@Entity('accepted_bots')
export class AcceptedBotEntity {
  @PrimaryColumn({ type: 'uuid' })
  applicationId: string;

  @PrimaryColumn({ type: 'text' })
  provider: Provider;

  @PrimaryColumn({ type: 'text' })
  environment: Environment;

  @PrimaryColumn({ type: 'text' })
  botId: string;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}
