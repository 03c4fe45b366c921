import type { Signing } from '@countersign/custody-protocol';
import type { SensitiveOperation } from '@countersign/sessions';
import type { DecodedActJson } from '@countersign/wallet-acts';

const signingKinds = ['sign-message', 'sign-typed-data', 'sign-transaction', 'ton-proof'] as const;
export type SigningKind = (typeof signingKinds)[number];

const replacementKinds = ['speed-up', 'cancel'] as const;
export type ReplacementKind = (typeof replacementKinds)[number];

/** A person does these acts only at the consent page. */
const consentKinds = ['export', 'unfreeze', 'bind', 'way-out'] as const;
export type ConsentKind = (typeof consentKinds)[number];

export const actKinds = [...signingKinds, 'send', ...replacementKinds, ...consentKinds] as const;
export type ActKind = (typeof actKinds)[number];

/** The acts that an application's settings name. */
export const actNames = [...signingKinds, 'send', 'export'] as const;
export type ActName = (typeof actNames)[number];

const ofAccount = { level: 'account', needsStepUp: false } as const;

export const embeddedWalletOperations = {
  create: { name: 'wallet.create', title: 'Create a wallet whose key the service has', ...ofAccount },
  use: {
    name: 'wallet.use',
    title: 'Have such a wallet sign or send, or ask for its words, the end of its freeze or a way out',
    ...ofAccount,
  },
} as const satisfies Readonly<Record<string, SensitiveOperation>>;

/** Returns the setting that an act needs; null for an act that every application may ask for. */
export function nameOf(kind: ActKind): ActName | null {
  if (kind === 'unfreeze' || kind === 'bind' || kind === 'way-out') return null;
  return kind === 'speed-up' || kind === 'cancel' ? 'send' : kind;
}

export interface ActInput {
  /** CAIP-2. */
  readonly chainId?: string | undefined;
  readonly request?: Readonly<Record<string, unknown>> | undefined;
}

export interface WantedAct extends ActInput {
  readonly kind: ActKind;
  /** The caller chooses it. The same key returns the same act while it can be performed, and after it was done. */
  readonly key?: string | undefined;
}

/** The meaning of the signed bytes; `null` if nothing is signed. */
export type ActDetails = DecodedActJson | null;

export interface ReadAct {
  /** `ton_proof` states this time. */
  readonly askedAt: Date;
  readonly digest: Buffer;
  /** The request and the bytes that custody makes of it; `null` for a send. */
  readonly signing: (Signing & { readonly payload: Buffer }) | null;
  /** The question to custody if the act takes coins or tokens. For a send, it has no nonce yet. */
  readonly asked: Signing | null;
  readonly details: ActDetails;
  /** The fields of the audit trail. They contain no address of a person and no text. */
  readonly trail: Readonly<Record<string, string>>;
}
