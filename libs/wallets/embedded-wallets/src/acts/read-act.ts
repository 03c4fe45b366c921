import type { Signing } from '@countersign/custody-client';
import type { OwnWallet } from '@countersign/linked-wallets';
import type { EmbeddedWalletSettings } from '../embedded-wallets.settings';
import type { ActDetails } from '../store/wallet-act-sealing';
import type { ActKind } from './acts';

/** What an act is about, as a call asks for it. */
export interface ActRequest {
  /** CAIP-2. */
  readonly chainId?: string | undefined;
  readonly request?: Readonly<Record<string, unknown>> | undefined;
}

export interface WantedAct extends ActRequest {
  readonly kind: ActKind;
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

/** @param issuedAt when it was asked for, which `ton_proof` and `signData` state */
export type ReadsAct = (own: OwnWallet, settings: EmbeddedWalletSettings, issuedAt: Date) => Promise<ReadAct>;
