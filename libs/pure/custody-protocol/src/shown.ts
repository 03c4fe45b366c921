import type { ConsentKind, ConsentState } from './calls';

/** Where everything of a wallet goes by its way out. */
export interface Recipients<Evm extends string = string> {
  /** The wallet on EVM chains. It also signs the request. */
  readonly evm: Evm;
  /** Null: nothing on TON leaves by it. */
  readonly ton: string | null;
}

/** What a person named for the day that they have lost Telegram. Instants are ISO 8601. */
export interface WayOut<To extends Recipients = Recipients> {
  /** Null while the first one waits. */
  readonly to: To | null;
  /** Takes the place of `to` at that instant, 72 hours after it was named. */
  readonly next: { readonly to: To; readonly at: string } | null;
  /** A week after it was asked for: from then on the operator can open it. Null where it was not. */
  readonly readyAt: string | null;
  readonly openedAt: string | null;
}

export interface ShownWallet {
  readonly id: string;
  readonly isDestroyed: boolean;
  /** ISO 8601; null while the wallet is not frozen. */
  readonly frozenAt: string | null;
  /** Null for one that was destroyed. */
  readonly addresses: Readonly<Record<'evm' | 'ton', string>> | null;
  readonly wayOut: WayOut | null;
  readonly last: readonly { readonly call: string; readonly kind: string | null; readonly at: string }[];
}

export type ShownRow = readonly [name: string, value: string];

export interface ShownMove {
  readonly title: string;
  readonly rows: readonly ShownRow[];
  /** What becomes permanent, or is not known. */
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
  /** Who asks, by the word of the service alone; empty where it does not say. Null where the person asks here. */
  readonly application: string | null;
  readonly act: ShownAct | null;
  readonly wayOut: Recipients | null;
  readonly wallet: ShownWallet;
}
