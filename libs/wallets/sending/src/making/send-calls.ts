import type { EntityManager } from 'typeorm';
import type { ReadAct } from '@countersign/embedded-wallets';
import type { Replaced, WantedSend } from '../ports/send-port';

/** A call to send. */
export interface SendCallOfPerson {
  readonly walletToken: string;
  /** Of the caller's choice: the same one always answers the same send. */
  readonly key: string;
  readonly chainId: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly maxFee: bigint;
}

/** A call of a compatible API: the person has seen no fee, so that only the chain caps it. */
export type SendCallOfCompat = Pick<SendCallOfPerson, 'key' | 'chainId' | 'request'>;

export type ReplacementCall = Pick<SendCallOfPerson, 'walletToken' | 'maxFee'> & Replaced;

export type WantedCall = Pick<SendCallOfPerson, 'chainId' | 'request'> & Pick<WantedSend, 'maxFee'>;

/** What lets a session send. */
export interface Permit {
  readonly isCompat: boolean;
  /** Before a node is asked. */
  readonly assert: () => Promise<void>;
  readonly use: (tx: EntityManager, read: ReadAct) => Promise<void>;
}
