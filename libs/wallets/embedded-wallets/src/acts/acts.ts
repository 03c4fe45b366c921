import type { Signing } from '@countersign/custody-protocol';
import { defineActs } from '@countersign/sessions';
import type { DecodedActJson } from '@countersign/wallet-acts';

/** What is signed and answered. */
const signingKinds = ['sign-message', 'sign-typed-data', 'sign-transaction', 'ton-proof'] as const;
export type SigningKind = (typeof signingKinds)[number];

const replacementKinds = ['speed-up', 'cancel'] as const;
export type ReplacementKind = (typeof replacementKinds)[number];

/** What a person does at the consent page alone. */
const consentKinds = ['export', 'unfreeze', 'bind', 'way-out'] as const;
export type ConsentKind = (typeof consentKinds)[number];

/** What an embedded wallet does on behalf of its person. */
export const actKinds = [...signingKinds, 'send', ...replacementKinds, ...consentKinds] as const;
export type ActKind = (typeof actKinds)[number];

/** What an application may ask for. */
export const actNames = [...signingKinds, 'send', 'export'] as const;
export type ActName = (typeof actNames)[number];

const ofAccount = { level: 'account', needsStepUp: false } as const;

/** Besides what the application allows. */
export const embeddedWalletActs = defineActs({
  'wallet.create': { title: 'Create a wallet whose key the service has', ...ofAccount },
  'wallet.use': {
    title: 'Have such a wallet sign or send, or ask for its words, the end of its freeze or a way out',
    ...ofAccount,
  },
});

/** The setting that an act needs; null for what every application may ask for. */
export function nameOf(kind: ActKind): ActName | null {
  if (kind === 'unfreeze' || kind === 'bind' || kind === 'way-out') return null;
  return kind === 'speed-up' || kind === 'cancel' ? 'send' : kind;
}

/** What an act is about, as a call asks for it. */
export interface ActInput {
  /** CAIP-2. */
  readonly chainId?: string | undefined;
  readonly request?: Readonly<Record<string, unknown>> | undefined;
}

export interface WantedAct extends ActInput {
  readonly kind: ActKind;
  /** Of the caller's choice: with the same one the answer is the same act, as long as it can be performed, and afterwards. */
  readonly key?: string | undefined;
}

/** What a person let a wallet sign; `null` of what is not signed. */
export type ActDetails = DecodedActJson | null;

/** An act that may be asked for, and what it means. */
export interface ReadAct {
  /** When it was asked for, which `ton_proof` states. */
  readonly askedAt: Date;
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
