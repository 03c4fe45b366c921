import type { Signing } from '@countersign/custody-client';
import { defineActs, type Act } from '@countersign/sessions';
import type { DecodedActJson } from '@countersign/wallet-acts';

/** What is signed and answered. */
const signingKinds = ['sign-message', 'sign-typed-data', 'sign-transaction', 'ton-proof'] as const;
export type SigningKind = (typeof signingKinds)[number];

const replacementKinds = ['speed-up', 'cancel'] as const;
export type ReplacementKind = (typeof replacementKinds)[number];

/** What a person does at the consent page alone. */
const consentKinds = ['export', 'unfreeze', 'bind'] as const;
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
  'wallet.sign_message': { title: 'Sign a message with a wallet', ...ofAccount },
  'wallet.sign_typed_data': { title: 'Sign typed data with a wallet', ...ofAccount },
  'wallet.sign_transaction': { title: 'Sign a transaction with a wallet', ...ofAccount },
  'wallet.send': { title: 'Send from a wallet', ...ofAccount },
  'wallet.prove_ton': { title: 'Prove to a site that one owns a wallet of TON', ...ofAccount },
  'wallet.export': { title: 'Ask for the words of a wallet', ...ofAccount },
  'wallet.unfreeze': { title: 'Ask for the end of the freeze of a wallet', ...ofAccount },
});

interface ActRule {
  readonly act: Act;
  /** The setting that it needs; null for what every application may ask for. */
  readonly name: ActName | null;
}

export const ruleOf: Readonly<Record<ActKind, ActRule>> = {
  'sign-message': { act: embeddedWalletActs['wallet.sign_message'], name: 'sign-message' },
  'sign-typed-data': { act: embeddedWalletActs['wallet.sign_typed_data'], name: 'sign-typed-data' },
  'sign-transaction': { act: embeddedWalletActs['wallet.sign_transaction'], name: 'sign-transaction' },
  'ton-proof': { act: embeddedWalletActs['wallet.prove_ton'], name: 'ton-proof' },
  send: { act: embeddedWalletActs['wallet.send'], name: 'send' },
  'speed-up': { act: embeddedWalletActs['wallet.send'], name: 'send' },
  cancel: { act: embeddedWalletActs['wallet.send'], name: 'send' },
  export: { act: embeddedWalletActs['wallet.export'], name: 'export' },
  unfreeze: { act: embeddedWalletActs['wallet.unfreeze'], name: null },
  bind: { act: embeddedWalletActs['wallet.create'], name: null },
};

/** What an act is about, as a call asks for it. */
export interface ActRequest {
  /** CAIP-2. */
  readonly chainId?: string | undefined;
  readonly request?: Readonly<Record<string, unknown>> | undefined;
}

export interface WantedAct extends ActRequest {
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
