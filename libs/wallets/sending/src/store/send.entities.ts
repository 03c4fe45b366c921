import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { NodeAnswer } from '@countersign/chains';
import type { Sealed } from '@countersign/crypto';
import { Personal } from '@countersign/database';

export const sendStates = ['broadcasting', 'mined', 'final', 'failed', 'replaced', 'not-sent'] as const;
export type StoredState = (typeof sendStates)[number];
/** Those of sends that nodes are asked for. */
export const OPEN_STATES: readonly StoredState[] = ['broadcasting', 'mined'];

export const versionKinds = ['first', 'speed-up', 'cancel'] as const;
export type VersionKind = (typeof versionKinds)[number];

/**
 * One act of a person that sends, under its id. It is stored as `broadcasting`, with its signed bytes, before any of them leaves
 * the process: a send without a row was not sent.
 */
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

  /** CAIP-2. */
  @Column({ type: 'text' })
  chainId: string;

  /** Of TON: the seqno. */
  @Column({ type: 'bigint' })
  nonce: string;

  @Column({ type: 'text' })
  state: StoredState;

  /** Counts changes of the state: a replica that decided by an older one changes nothing. */
  @Column({ type: 'integer' })
  revision: number;

  /** JSON of what the signed bytes say, under the key of the wallet. */
  @Personal()
  @Column({ type: 'text' })
  details: Sealed;

  /** JSON of a `SendOutcome`, under the key of the wallet. `null` while it is in no block. */
  @Personal()
  @Column({ type: 'text', nullable: true })
  outcome: Sealed | null;

  @Column({ type: 'timestamptz' })
  createdAt: Date;

  /** Whether a token of a compatible API asked for it, which names no act. */
  @Column({ type: 'boolean', default: false })
  isCompat: boolean;

  /** When nodes were last asked for it. */
  @Column({ type: 'timestamptz' })
  lookedAt: Date;

  /** When its bytes are given to the nodes again, while no block has it. */
  @Column({ type: 'timestamptz' })
  broadcastAt: Date;

  /** To the bytes of its newest version, when they were last given to the nodes. */
  @Column({ type: 'jsonb', default: [] })
  answers: readonly NodeAnswer[];
}

/** A signed transaction of a send. Any of them may be the one that a block gets. */
@Entity('send_versions')
export class SendVersionEntity {
  @PrimaryColumn({ type: 'uuid' })
  sendId: string;

  /** From 1 on. */
  @PrimaryColumn({ type: 'integer' })
  number: number;

  @Column({ type: 'text' })
  kind: VersionKind;

  /** `0x` and hex, under the key of the wallet. Its hash follows from it. */
  @Personal()
  @Column({ type: 'text' })
  raw: Sealed;

  @Column({ type: 'timestamptz' })
  createdAt: Date;
}

/** A call to custody to sign a send or its replacement, stored before it is made: custody names each signature of its journal that has no row. */
@Entity('send_signings')
export class SendSigningEntity {
  @PrimaryColumn({ type: 'uuid' })
  callId: string;

  @Column({ type: 'uuid' })
  walletId: string;

  @Column({ type: 'timestamptz' })
  requestedAt: Date;
}

/** The nonces of a wallet on a chain. Its row is locked while one is taken. */
@Entity('wallet_nonces')
export class WalletNonceEntity {
  @PrimaryColumn({ type: 'uuid' })
  walletId: string;

  @PrimaryColumn({ type: 'text' })
  chainId: string;

  /** The next one that a send gets. */
  @Column({ type: 'bigint' })
  next: string;
}

/** Which replica looks after the sends of a chain. */
@Entity('sending_leases')
export class SendingLeaseEntity {
  @PrimaryColumn({ type: 'text' })
  chainId: string;

  @Column({ type: 'uuid' })
  lease: string;

  @Column({ type: 'timestamptz' })
  leaseUntil: Date;
}
