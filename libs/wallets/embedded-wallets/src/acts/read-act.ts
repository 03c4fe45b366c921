import type { Signing } from '@countersign/custody-client';
import type { ActDetails } from '../store/wallet-act-sealing';
import type { ActName } from './acts';

/** An act as a call asks for it. */
export interface WantedAct {
  readonly act: ActName;
  /** CAIP-2. */
  readonly chainId?: string;
  readonly request?: Readonly<Record<string, unknown>>;
}

/** An act that may be asked for, and what it means. */
export interface ReadAct {
  /** Of exactly what is done. */
  readonly digest: Buffer;
  /** With the bytes that custody makes of it. `null` for a send. */
  readonly signing: (Signing & { readonly payload: Buffer }) | null;
  /** What custody is asked for, where it takes coins or tokens: a send before it has its nonce. */
  readonly asked: Signing | null;
  readonly details: ActDetails;
  /** What the audit trail says of it: no address of a person, and no text. */
  readonly trail: Readonly<Record<string, string>>;
}
