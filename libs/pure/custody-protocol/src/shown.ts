import type { ConsentKind, ConsentState } from './calls';

/** Where everything of a wallet goes by its way out. */
export interface Recipients<Evm extends string = string> {
  /** The wallet that signs, and asks. */
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

/** A wallet, as the page shows it to its person. */
export interface ShownWallet {
  readonly id: string;
  readonly isDestroyed: boolean;
  readonly frozenAt: string | null;
  /** Null for one that was destroyed. */
  readonly addresses: Readonly<Record<'evm' | 'ton', string>> | null;
  readonly wayOut: WayOut | null;
  /** Its last entries in the journal. */
  readonly last: readonly { readonly call: string; readonly kind: string | null; readonly at: string }[];
}

export type ShownRow = readonly [name: string, value: string];

/** One thing that an act does, in words. */
export interface ShownMove {
  readonly title: string;
  readonly rows: readonly ShownRow[];
  /** What becomes permanent, or is not known. */
  readonly warning: string | null;
}

/** An act, in words of custody and its rules. */
export interface ShownAct {
  readonly moves: readonly ShownMove[];
  readonly rows: readonly ShownRow[];
  readonly warnings: readonly string[];
  readonly text: string | null;
}

/** What is asked for, as `show` answers it. */
export interface ShownConsent {
  readonly kind: ConsentKind;
  readonly state: ConsentState;
  readonly expiresAt: string;
  /** When the words of an export may be shown. */
  readonly readyAt: string | null;
  readonly exportDelayHours: number;
  /** Who asks, by the word of the service alone; empty where it does not say. Null where the person asks here. */
  readonly application: string | null;
  readonly act: ShownAct | null;
  readonly wayOut: Recipients | null;
  readonly wallet: ShownWallet;
}
