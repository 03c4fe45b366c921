import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { NodeAnswer } from '@countersign/chains';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';

export const sendStates = ['broadcasting', 'mined', 'final', 'failed', 'replaced', 'not-sent'] as const;
export type StoredState = (typeof sendStates)[number];
/** Nodes are asked about the sends in these states. */
export const OPEN_STATES: readonly StoredState[] = ['broadcasting', 'mined'];

export const versionKinds = ['first', 'speed-up', 'cancel'] as const;
export type VersionKind = (typeof versionKinds)[number];

/** An act that sends, with the same id. It is stored with its signed bytes before any bytes leave the process. */
@Entity('sends')
export class SendEntity {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  walletId: string;

  @Column({ type: 'uuid' })
  applicationId: string;

  /** The session that asked; `null` when its row was deleted. */
  @Column({ type: 'uuid', nullable: true })
  sessionId: string | null;

  /** The CAIP-2 id. */
  @Column({ type: 'text' })
  chainId: string;

  /** On TON, it is the seqno. */
  @Column({ type: 'bigint' })
  nonce: string;

  @Column({ type: 'text' })
  state: StoredState;

  /** Counts changes of the state. A replica with an older revision changes nothing. */
  @Column({ type: 'integer' })
  revision: number;

  /** JSON of what the signed bytes say, sealed under the wallet's key. */
  @Personal()
  @Column({ type: 'text' })
  details: Sealed;

  /** JSON of a `SendOutcome`, sealed under the wallet's key; `null` while no block has the send. */
  @Personal()
  @Column({ type: 'text', nullable: true })
  outcome: Sealed | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  /** Whether a token of a compatible API asked for it. Such a token names no act. */
  @Column({ type: 'boolean', default: false })
  isCompat: boolean;

  /** When nodes were last asked about it. */
  @Column({ type: 'timestamptz' })
  lookedAt: Date;

  /** When its bytes go to the nodes again, if no block has it. */
  @Column({ type: 'timestamptz' })
  broadcastAt: Date;

  /** The nodes' last answers to the bytes of the newest version. */
  @Column({ type: 'jsonb', default: [] })
  answers: readonly NodeAnswer[];
}

/** A signed transaction of a send. A block may get any of a send's versions. */
@Entity('send_versions')
export class SendVersionEntity {
  @PrimaryColumn({ type: 'uuid' })
  sendId: string;

  /** The first version is 1. */
  @PrimaryColumn({ type: 'integer' })
  number: number;

  @Column({ type: 'text' })
  kind: VersionKind;

  /** `0x` and hex, sealed under the wallet's key. The hash follows from it. */
  @Personal()
  @Column({ type: 'text' })
  raw: Sealed;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}

/** A call to custody that signs a send. It is stored first, because custody reports signatures without a row. */
@Entity('send_signings')
export class SendSigningEntity {
  @PrimaryColumn({ type: 'uuid' })
  callId: string;

  @Column({ type: 'uuid' })
  walletId: string;

  @Column({ type: 'timestamptz' })
  requestedAt: Date;
}

/** The nonces of a wallet on a chain. The row is locked while a send takes a nonce. */
@Entity('wallet_nonces')
export class WalletNonceEntity {
  @PrimaryColumn({ type: 'uuid' })
  walletId: string;

  @PrimaryColumn({ type: 'text' })
  chainId: string;

  @Column({ type: 'bigint' })
  next: string;
}

@Entity('sending_leases')
export class SendingLeaseEntity {
  @PrimaryColumn({ type: 'text' })
  chainId: string;

  @Column({ type: 'uuid' })
  lease: string;

  @Column({ type: 'timestamptz' })
  leaseUntil: Date;
}
