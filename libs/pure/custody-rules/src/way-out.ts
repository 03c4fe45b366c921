import { readTonTransfer, sendOf } from '@countersign/ton-sends';
import type { DecodedAct } from '@countersign/wallet-acts';
import {
  readEvmAddress,
  readTonAddress,
  showEvmAddress,
  showTonAddress,
  type EvmAddress,
} from '@countersign/wallet-proofs';
import { Refused } from '@countersign/custody-protocol';

const HOUR_MS = 3_600_000;
/** In which the earlier wallet stays. */
const CHANGE_MS = 72 * HOUR_MS;
/** In which the person can stop it. */
const WAIT_MS = 7 * 24 * HOUR_MS;

/** Nanotons that go along with a jetton or an item, for its fees. */
const MAX_ATTACHED = 1_000_000_000n;

/** Begins each text that a way out signs. No wallet of this service signs one. */
export const WAY_OUT = 'Way out of a Countersign wallet';

/** Where everything goes. */
export interface Recipients {
  /** The wallet that asks, in lower case. */
  readonly evm: EvmAddress;
  /** Raw; null: nothing on TON leaves by it. */
  readonly ton: string | null;
}

/** What a person named for the day that they have lost Telegram. Instants are ISO 8601. */
export interface WayOut {
  readonly to: Recipients;
  /** Takes the place of `to` at that instant. */
  readonly next: { readonly to: Recipients; readonly at: string } | null;
  /** A week after it was asked for: from then on the operator can open it. Null where it was not. */
  readonly readyAt: string | null;
  readonly openedAt: string | null;
}

/** @throws Refused `malformed` */
export function readRecipients(address: string, ton: string): Recipients {
  const [evm, receiver] = [readEvmAddress(address), ton === '' ? null : readTonAddress(ton)];
  if (!evm.ok || receiver?.ok === false) throw new Refused('malformed');
  return { evm: evm.value, ton: receiver?.value.raw ?? null };
}

/** As people see them. */
export function shownRecipients({ evm, ton }: Recipients, isTest: boolean): Recipients {
  return { evm: showEvmAddress(evm), ton: ton && showTonAddress(ton, { isTest }) };
}

/** For the person. */
export function shownWayOut({ to, next, readyAt, openedAt }: WayOut, isTest: boolean): object {
  const shown = (one: Recipients): Recipients => shownRecipients(one, isTest);
  return { to: shown(to), next: next && { ...next, to: shown(next.to) }, readyAt, openedAt };
}

/** As it is now, with a change that has waited long enough. */
export function wayOutAt(wayOut: WayOut, now: Date): WayOut {
  const { next } = wayOut;
  if (!next || now.getTime() < Date.parse(next.at)) return wayOut;
  return { to: next.to, next: null, readyAt: null, openedAt: null };
}

/** The first one is there at once, another one after 72 hours. */
export function namedWayOut(current: WayOut | null, to: Recipients, now: Date): WayOut {
  if (!current) return { to, next: null, readyAt: null, openedAt: null };
  return { ...current, next: { to, at: new Date(now.getTime() + CHANGE_MS).toISOString() } };
}

/** Again changes nothing. */
export function askedWayOut(wayOut: WayOut, now: Date): WayOut & { readonly readyAt: string } {
  return { ...wayOut, readyAt: wayOut.readyAt ?? new Date(now.getTime() + WAIT_MS).toISOString() };
}

/** @throws Refused `way_out_refused`, `too_early` */
export function openedWayOut(wayOut: WayOut | null, now: Date): WayOut {
  if (!wayOut?.readyAt) throw new Refused('way_out_refused');
  const waitMs = Date.parse(wayOut.readyAt) - now.getTime();
  if (waitMs > 0) throw new Refused('too_early', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
  return { ...wayOut, openedAt: wayOut.openedAt ?? now.toISOString() };
}

/** What the wallet signs. */
export function wayOutText(
  deed: 'name' | 'ask',
  walletId: string,
  { evm }: Pick<Recipients, 'evm'>,
  code: string,
): string {
  const what =
    deed === 'name'
      ? 'I am named as its way out.'
      : 'Send me everything in it, unless its person stops this within seven days.';
  return `${WAY_OUT}\n\nWallet: ${walletId}\nWay out: ${evm}\n${what}\nCode: ${code}`;
}

/**
 * What counts of a transaction that moves things of the wallet to these recipients and nothing else: the fee, and on TON the coins that
 * go along, which are paid to the contract of an asset.
 * @returns null for any other act
 */
export function countedOnWayOut(act: DecodedAct, to: Recipients): DecodedAct | null {
  const { spends, undecoded, signingKind, payload, address } = act;
  if (spends.length === 0 || undecoded.length > 0) return null;
  if (signingKind === 'evm-transaction') {
    const isOnly = spends.every(
      (spend) => spend.kind === 'transfer' && spend.owner === address && spend.to === to.evm,
    );
    return isOnly ? { ...act, spends: [] } : null;
  }
  if (signingKind !== 'ton-transaction' || to.ton === null) return null;
  const messages = readTonTransfer(payload)?.messages ?? [];
  if (!messages.every((message) => sendOf(message)?.to === to.ton)) return null;
  const attached = spends.filter(({ token, to: receiver }) => token === null && receiver !== to.ton);
  const sum = attached.reduce((total, { amount }) => total + BigInt(amount), 0n);
  return sum > MAX_ATTACHED * BigInt(messages.length) ? null : { ...act, spends: attached };
}
