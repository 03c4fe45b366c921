import type { ConsentKind, ConsentState } from './calls';

/** JSON that the consent page gets. Instants are ISO 8601. */

/** Where everything of a wallet goes by its way out. */
export interface ShownRecipients {
  readonly evm: string;
  readonly ton: string | null;
}

export interface ShownWayOut {
  readonly to: ShownRecipients;
  /** Takes the place of `to` at that instant. */
  readonly next: { readonly to: ShownRecipients; readonly at: string } | null;
  /** From then on the operator can open it. Null where it was not asked for. */
  readonly readyAt: string | null;
  readonly openedAt: string | null;
}

/** A wallet, to its person. */
export interface ShownWallet {
  readonly id: string;
  readonly isDestroyed: boolean;
  readonly frozenAt: string | null;
  /** Null for one that was destroyed. */
  readonly addresses: Readonly<Record<'evm' | 'ton', string>> | null;
  readonly wayOut: ShownWayOut | null;
  /** Its last entries in the journal. */
  readonly last: readonly { readonly call: string; readonly kind: string | null; readonly at: string }[];
}

/** What is asked for, as `show` answers it. */
export interface ShownConsent {
  readonly kind: ConsentKind;
  readonly state: ConsentState;
  readonly expiresAt: string;
  /** When the words of an export may be shown. */
  readonly readyAt: string | null;
  readonly exportDelayHours: number;
  /** Of what is to be signed. */
  readonly details: {
    readonly summary: readonly string[];
    readonly text: string | null;
    readonly undecoded: readonly unknown[];
  } | null;
  /** That is to be named. */
  readonly wayOut: ShownRecipients | null;
  readonly wallet: ShownWallet;
}
