import { Column, Entity, PrimaryColumn } from 'typeorm';
import { sealedJson, type Sealed } from '@countersign/crypto';
import { Personal, Expires } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import type { DecodedActJson } from '@countersign/wallet-acts';
import type { ActKind, ActInput } from '../acts/acts';

/** By act, under the key of the wallet, as the details. */
export const sealedRequest = sealedJson<ActInput>('wallet_acts', 'request');
export const sealedDetails = sealedJson<DecodedActJson>('wallet_acts', 'details');

/** A consent that custody asks the person for. */
export interface NeededConsent {
  /** As custody names it: 64 hex digits. */
  readonly id: string;
  /** Opens the consent bot, where the person accepts. */
  readonly link: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** An act of an embedded wallet: asked for by a session, performed once, and done by the custody process under the same id. */
@Entity('wallet_acts')
@Expires({
  at: 'expiresAt',
  after: 3_600,
  unless: 'allowedAt',
  data: 'acts of wallets that were not performed',
  stored: 'an hour after they expired',
})
export class WalletActEntity {
  /** That of the call to custody too. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  walletId: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  /** The session that asked; `null` when its row was deleted. */
  @Column({ type: 'uuid', nullable: true })
  sessionId: string | null;

  @Column({ type: 'text' })
  kind: ActKind;

  /** JSON of what is asked for, under the key of the wallet. `null` where it needs nothing more, and after it was signed. */
  @Personal()
  @Column({ type: 'text', nullable: true })
  request: Sealed | null;

  /** JSON of what the signed bytes say, under the key of the wallet. `null` of what is not signed. */
  @Personal()
  @Column({ type: 'text', nullable: true })
  details: Sealed | null;

  /** What custody asks the person for; `null` where it asks for nothing. */
  @Column({ type: 'jsonb', nullable: true })
  consent: NeededConsent | null;

  /** HMAC of application and key of the request, under the key of the wallet: the same key names the same act. */
  @Column({ type: 'bytea', nullable: true })
  keyDigest: Buffer | null;

  /** Until when it can be performed. */
  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  /** When it was first performed. */
  @Column({ type: 'timestamptz', nullable: true })
  allowedAt: Date | null;

  /** When custody was asked last; `null` when it did not answer, so that the same call may try again. */
  @Column({ type: 'timestamptz', nullable: true })
  attemptedAt: Date | null;

  /** When custody answered. */
  @Column({ type: 'timestamptz', nullable: true })
  doneAt: Date | null;

  static of(
    { applicationId, sessionId }: Pick<Principal, 'applicationId' | 'sessionId'>,
    act: Pick<WalletActEntity, 'id' | 'walletId' | 'kind' | 'consent' | 'expiresAt'>,
  ): WalletActEntity {
    const empty = { request: null, details: null, keyDigest: null, allowedAt: null, attemptedAt: null };
    return { ...act, ...empty, applicationId, sessionId, doneAt: null };
  }
}
