import type { ConsentKind, ConsentState } from './calls';

export interface Recipients<Evm extends string = string> {
  /** The wallet on EVM chains. It also signs the request. */
  readonly evm: Evm;
  /** Null if the way out moves nothing on TON. */
  readonly ton: string | null;
}

/** A person names it in case they lose Telegram. Instants are ISO 8601. */
export interface WayOut<To extends Recipients = Recipients> {
  /** Null while the first one waits. */
  readonly to: To | null;
  /** Replaces `to` at that instant, 72 hours after it was named. */
  readonly next: { readonly to: To; readonly at: string } | null;
  /** A week after the request, the operator can open it. Null without a request. */
  readonly readyAt: string | null;
  readonly openedAt: string | null;
}

export interface ShownWallet {
  readonly id: string;
  readonly isDestroyed: boolean;
  /** ISO 8601; null while the wallet is not frozen. */
  readonly frozenAt: string | null;
  readonly addresses: Readonly<Record<'evm' | 'ton', string>> | null;
  readonly wayOut: WayOut | null;
  readonly last: readonly { readonly call: string; readonly kind: string | null; readonly at: string }[];
}

export type ShownRow = readonly [name: string, value: string];

export interface ShownMove {
  readonly title: string;
  readonly rows: readonly ShownRow[];
  readonly warning: string | null;
}

export interface ShownAct {
  readonly moves: readonly ShownMove[];
  readonly rows: readonly ShownRow[];
  readonly warnings: readonly string[];
  readonly text: string | null;
}

export interface ShownConsent {
  readonly kind: ConsentKind;
  readonly state: ConsentState;
  /** ISO 8601: when the words of an export may be shown. Null for other kinds and before the acceptance. */
  readonly readyAt: string | null;
  readonly exportDelayHours: number;
  /** The requester, as the service claims; empty without a claim. Null if the person asks here. */
  readonly application: string | null;
  readonly act: ShownAct | null;
  readonly wayOut: Recipients | null;
  readonly wallet: ShownWallet;
}
