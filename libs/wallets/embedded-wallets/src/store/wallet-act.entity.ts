import { Column, Entity, PrimaryColumn } from 'typeorm';
import { sealedJson, type Sealed } from '@countersign/crypto';
import { Personal, Expires } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import type { DecodedActJson } from '@countersign/wallet-acts';
import type { ActKind, ActInput } from '../acts/acts';

/** The wallet's key seals both texts, each for one act. */
export const sealedRequest = sealedJson<ActInput>('wallet_acts', 'request');
export const sealedDetails = sealedJson<DecodedActJson>('wallet_acts', 'details');

export interface NeededConsent {
  /** The id from custody: 64 hex digits. */
  readonly id: string;
  /** Opens the consent bot, where the person accepts. */
  readonly link: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** An act that a session asks for and that is performed once. Custody does it under the same id. */
@Entity('wallet_acts')
@Expires({
  at: 'expiresAt',
  after: 3_600,
  unless: 'allowedAt',
  data: 'acts of wallets that were not performed',
  stored: 'an hour after they expired',
})
export class WalletActEntity {
  /** The call to custody has this id too. */
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

  /** JSON of the request, under the wallet's key. `null` if nothing more is needed, and after it was signed. */
  @Personal()
  @Column({ type: 'text', nullable: true })
  request: Sealed | null;

  /** JSON of what the signed bytes say, under the wallet's key; `null` if nothing is signed. */
  @Personal()
  @Column({ type: 'text', nullable: true })
  details: Sealed | null;

  @Column({ type: 'jsonb', nullable: true })
  consent: NeededConsent | null;

  /** HMAC of the application and the request's key, under the wallet's key. The same key names the same act. */
  @Column({ type: 'bytea', nullable: true })
  keyDigest: Buffer | null;

  @Column({ type: 'timestamptz' })
  expiresAt: Date;

  /** When it was first performed. */
  @Column({ type: 'timestamptz', nullable: true })
  allowedAt: Date | null;

  /** When custody was last asked; `null` when it did not answer, so that the same call may try again. */
  @Column({ type: 'timestamptz', nullable: true })
  attemptedAt: Date | null;

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
