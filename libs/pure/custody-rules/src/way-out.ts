import { fieldBlindIndexes, type KeyRing, type Sealed } from '@countersign/crypto';
import { readTonTransfer, sendOf } from '@countersign/ton-sends';
import type { DecodedAct } from '@countersign/wallet-acts';
import {
  evmProofOf,
  readEvmAddress,
  readTonAddress,
  showEvmAddress,
  showTonAddress,
  type EvmAddress,
} from '@countersign/wallet-proofs';
import { Refused, type CallOf, type Recipients, type WayOut } from '@countersign/custody-protocol';
import type { Spending } from './amounts';

const HOUR_MS = 3_600_000;
/** In which the earlier wallet stays. */
const CHANGE_MS = 72 * HOUR_MS;
/** In which the person can stop it. */
const WAIT_MS = 7 * 24 * HOUR_MS;

/** Nanotons that go along with a jetton or an item, for its fees. */
const MAX_ATTACHED = 1_000_000_000n;

/** A text is good in its part of time and the next one, in milliseconds. */
const PART_MS = 300_000;
const CODE_DIGITS = 32;

/** Begins each text that a way out signs. No wallet of this service signs one. */
export const WAY_OUT = 'Way out of a Countersign wallet';

/** In lower case, and raw. */
export type StoredRecipients = Recipients<EvmAddress>;
export type StoredWayOut = WayOut<StoredRecipients>;

/** @throws Refused `malformed` */
export function readRecipients(address: string, ton: string): StoredRecipients {
  const [evm, receiver] = [readEvmAddress(address), ton === '' ? null : readTonAddress(ton)];
  if (!evm.ok || receiver?.ok === false) throw new Refused('malformed');
  return { evm: evm.value, ton: receiver?.value.raw ?? null };
}

export function shownRecipients({ evm, ton }: StoredRecipients, isTest: boolean): Recipients {
  return { evm: showEvmAddress(evm), ton: ton && showTonAddress(ton, { isTest }) };
}

export function shownWayOut({ to, next, readyAt, openedAt }: StoredWayOut, isTest: boolean): WayOut {
  const shown = (one: StoredRecipients): Recipients => shownRecipients(one, isTest);
  return { to: shown(to), next: next && { ...next, to: shown(next.to) }, readyAt, openedAt };
}

/** As it is now, with a change that has waited long enough. */
export function wayOutAt(wayOut: StoredWayOut | null, now: Date): StoredWayOut | null {
  if (!wayOut?.next || now.getTime() < Date.parse(wayOut.next.at)) return wayOut;
  const { next } = wayOut;
  return { to: next.to, next: null, readyAt: null, openedAt: null };
}

/** The first one is there at once, another one after 72 hours. */
export function namedWayOut(current: StoredWayOut | null, to: StoredRecipients, now: Date): StoredWayOut {
  if (!current) return { to, next: null, readyAt: null, openedAt: null };
  return { ...current, next: { to, at: new Date(now.getTime() + CHANGE_MS).toISOString() } };
}

/** Without anything that waits or is open. Of two nobody knows which one is in force: none is. */
export function withoutWaits(wayOut: StoredWayOut | null): StoredWayOut | null {
  return wayOut?.next ? null : wayOut && { ...wayOut, readyAt: null, openedAt: null };
}

/** Idempotent. */
export function askedWayOut(wayOut: StoredWayOut, now: Date): StoredWayOut & { readonly readyAt: string } {
  return { ...wayOut, readyAt: wayOut.readyAt ?? new Date(now.getTime() + WAIT_MS).toISOString() };
}

/** @throws Refused `way_out_refused`, `too_early` */
export function openedWayOut(wayOut: StoredWayOut | null, now: Date): StoredWayOut {
  if (!wayOut?.readyAt) throw new Refused('way_out_refused');
  const waitMs = Date.parse(wayOut.readyAt) - now.getTime();
  if (waitMs > 0) throw new Refused('too_early', { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
  return { ...wayOut, openedAt: wayOut.openedAt ?? now.toISOString() };
}

type Deed = CallOf<'way-out-text'>['deed'];

/** What the wallet signs: texts that are good now, the newest first. A text works once: its code covers the sealed state. */
export function wayOutTexts(
  ring: KeyRing,
  deed: Deed,
  { id, state }: { readonly id: string; readonly state: Sealed },
  evm: EvmAddress,
  now: Date,
): readonly string[] {
  const part = Math.floor(now.getTime() / PART_MS);
  return [part, part - 1].flatMap((one) =>
    fieldBlindIndexes(ring, 'custody.way_out', [deed, id, evm, state, one].join('/')).map(({ digest }) =>
      wayOutText(deed, id, { evm }, digest.toString('hex').slice(0, CODE_DIGITS)),
    ),
  );
}

/** @returns who signed one of the texts @throws Refused `way_out_refused`, `malformed` */
export async function signerOfWayOut(
  textsFor: (evm: EvmAddress) => readonly string[],
  { address, signature }: Pick<CallOf<'ask-way-out'>, 'address' | 'signature'>,
): Promise<EvmAddress> {
  const { evm } = readRecipients(address, '');
  for (const message of textsFor(evm)) {
    const proof = await evmProofOf({ message, signature, address: evm });
    if (proof.ok && proof.value.by === 'key') return evm;
  }
  throw new Refused('way_out_refused');
}

function wayOutText(
  deed: Deed,
  walletId: string,
  { evm }: Pick<StoredRecipients, 'evm'>,
  code: string,
): string {
  const what =
    deed === 'name'
      ? 'I am named as its way out.'
      : 'Send me everything in it, unless its person stops this within seven days.';
  return `${WAY_OUT}\n\nWallet: ${walletId}\nWay out: ${evm}\n${what}\nCode: ${code}`;
}

/**
 * An act without consent that moves everything to a way out that is open takes the fee alone, as with consent.
 * @returns null for others
 */
export function spendingOnWayOut(named: StoredWayOut | null, spending: Spending, now: Date): Spending | null {
  const wayOut = spending.isConsented ? null : wayOutAt(named, now);
  const counted = wayOut?.openedAt ? countedOnWayOut(spending.act, wayOut.to) : null;
  return counted && { ...spending, act: counted, isConsented: true };
}

/**
 * What counts of a transaction that moves things of the wallet to these recipients and nothing else: the fee, and on TON the coins that
 * go along, which are paid to the contract of an asset.
 * @returns null for any other act
 */
function countedOnWayOut(act: DecodedAct, to: StoredRecipients): DecodedAct | null {
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
