import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { Secret } from '@countersign/database';
import { ApplicationEntity } from '../store/application.entity';
import type { BotStatus, Environment, Provider, SignaturePolicy } from './bot';

@Entity('bots')
@Unique('uq_bots_provider_environment_bot_id', ['provider', 'environment', 'botId'])
@Check('chk_bots_provider', `provider IN ('telegram', 'openweb3')`)
@Check('chk_bots_environment', `environment IN ('production', 'test')`)
@Check('chk_bots_signature_policy', `signature_policy IN ('required', 'optional')`)
@Check('chk_bots_prior_token', '(prior_token IS NULL) = (prior_token_expires_at IS NULL)')
@Check('chk_bots_status', `status IN ('active', 'disabled', 'compromised')`)
@Index('ix_bots_application_id', ['applicationId', 'id'])
@Index('ix_bots_provider', ['provider', 'id'])
@Index('ix_bots_environment', ['environment', 'id'])
@Index('ix_bots_status', ['status', 'id'])
@Index('ix_bots_bot_id', ['botId'])
export class BotEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_bots' })
  id: string;

  @ForeignKey(() => ApplicationEntity, { name: 'fk_bots_application' })
  @Column({ name: 'application_id', type: 'uuid' })
  applicationId: string;

  @Column({ type: 'text' })
  provider: Provider;

  @Column({ type: 'text' })
  environment: Environment;

  /** The provider's numeric id as text. */
  @Column({ name: 'bot_id', type: 'text' })
  botId: string;

  @Column({ type: 'text' })
  username: string;

  /** The short name of its Mini App, for links of `t.me`. */
  @Column({ name: 'mini_app_name', type: 'text', nullable: true })
  miniAppName: string | null;

  @Secret()
  @Column({ type: 'text' })
  token: Sealed;

  /** The previous token, and until when it verifies. */
  @Secret()
  @Column({ name: 'prior_token', type: 'text', nullable: true })
  priorToken: Sealed | null;

  @Column({ name: 'prior_token_expires_at', type: 'timestamptz', nullable: true })
  priorTokenExpiresAt: Date | null;

  /** Of Log In With Telegram: another secret than the token. */
  @Secret()
  @Column({ name: 'oidc_client_secret', type: 'text', nullable: true })
  oidcClientSecret: Sealed | null;

  @Column({ name: 'signature_policy', type: 'text' })
  signaturePolicy: SignaturePolicy;

  @Column({ type: 'text' })
  status: BotStatus;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt: Date;
}

/** A bot whose Ed25519 proofs an application accepts without knowing its token. */
@Entity('accepted_bots')
@Check('chk_accepted_bots_provider', `provider = 'telegram'`)
@Check('chk_accepted_bots_environment', `environment IN ('production', 'test')`)
export class AcceptedBotEntity {
  @PrimaryColumn({ name: 'application_id', type: 'uuid', primaryKeyConstraintName: 'pk_accepted_bots' })
  @ForeignKey(() => ApplicationEntity, { name: 'fk_accepted_bots_application' })
  applicationId: string;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_accepted_bots' })
  provider: Provider;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_accepted_bots' })
  environment: Environment;

  @PrimaryColumn({ name: 'bot_id', type: 'text', primaryKeyConstraintName: 'pk_accepted_bots' })
  botId: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
