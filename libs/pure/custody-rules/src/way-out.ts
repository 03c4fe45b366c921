import { fieldBlindIndexes, type KeyRing, type Sealed } from '@countersign/crypto';
import { readTonTransfer, sendOf } from '@countersign/transfers';
import type { DecodedAct } from '@countersign/wallet-acts';
import {
  evmProofOf,
  readEvmAddress,
  readTonAddress,
  showEvmAddress,
  showTonAddress,
  type EvmAddress,
} from '@countersign/wallet-proofs';
import { Refused, type Recipients, type WayOut } from '@countersign/custody-protocol';
import type { Spending } from './amounts';

const HOUR_MS = 3_600_000;
/** Between the consent to a way out, and the way out. */
const NAMING_MS = 72 * HOUR_MS;
/** In which the person can stop it. */
const WAIT_MS = 7 * 24 * HOUR_MS;

/** Nanotons that go along with a jetton or an item, for its fees. */
const MAX_ATTACHED = 1_000_000_000n;

/** In which the link that accepts a way out can be used, in milliseconds. */
const LINK_MS = 120_000;
const SECOND_MS = 1_000;
/** Of a code that only Telegram can bring. Some clients cut start parameters of more than 64 characters. */
const CODE_BYTES = 10;
const ACCEPTING = /^a_[\w-]{43}([\w-]{19})$/;

/** A text is good in its part of time and the next one, in milliseconds. */
const PART_MS = 300_000;
const CODE_DIGITS = 32;

/** Begins each text that a way out signs. No wallet of this service signs one. */
export const WAY_OUT = 'Way out of a Countersign wallet';

/** In lower case, and raw. */
export type StoredRecipients = Recipients<EvmAddress>;
export type StoredWayOut = WayOut<StoredRecipients>;

/** @throws Refused `act_refused` */
export function readRecipients({ evm: address, ton }: Recipients): StoredRecipients {
  const [evm, receiver] = [readEvmAddress(address), ton === null ? null : readTonAddress(ton)];
  if (!evm.ok || receiver?.ok === false) throw new Refused('act_refused', { reason: 'wallet.act_malformed' });
  return { evm: evm.value, ton: receiver?.value.raw ?? null };
}

export function shownRecipients({ evm, ton }: StoredRecipients, isTest: boolean): Recipients {
  return { evm: showEvmAddress(evm), ton: ton && showTonAddress(ton, { isTest }) };
}

export function shownWayOut({ to, next, readyAt, openedAt }: StoredWayOut, isTest: boolean): WayOut {
  const shown = (one: StoredRecipients): Recipients => shownRecipients(one, isTest);
  return { to: to && shown(to), next: next && { ...next, to: shown(next.to) }, readyAt, openedAt };
}

/** As it is now, with a change that has waited long enough. */
export function wayOutAt(wayOut: StoredWayOut | null, now: Date): StoredWayOut | null {
  if (!wayOut?.next || now.getTime() < Date.parse(wayOut.next.at)) return wayOut;
  const { next } = wayOut;
  return { to: next.to, next: null, readyAt: null, openedAt: null };
}

/** It waits, as the first one and as another one. */
export function namedWayOut(current: StoredWayOut | null, to: StoredRecipients, now: Date): StoredWayOut {
  const next = { to, at: new Date(now.getTime() + NAMING_MS).toISOString() };
  return { ...(current ?? { to: null, readyAt: null, openedAt: null }), next };
}

/** Without the one that waits. @returns null where it was the first one */
export function withoutNext(wayOut: StoredWayOut): StoredWayOut | null {
  return wayOut.to && { ...wayOut, next: null };
}

/** Without anything that waits or is open. Of two nobody knows which one is in force: none is. */
export function withoutWaits(wayOut: StoredWayOut | null): StoredWayOut | null {
  return wayOut?.next ? null : wayOut && { ...wayOut, readyAt: null, openedAt: null };
}

/** A repeated request keeps the first instant. */
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

/** What the wallet signs to ask: texts that are good now, the newest first. A text works once: its code covers the sealed state. */
export function askingTexts(
  ring: KeyRing,
  { id, state }: { readonly id: string; readonly state: Sealed },
  evm: EvmAddress,
  now: Date,
): readonly string[] {
  const part = Math.floor(now.getTime() / PART_MS);
  const what = 'Send me everything in it, unless its person stops this within seven days.';
  return [part, part - 1].flatMap((one) =>
    fieldBlindIndexes(ring, 'custody.way_out', [id, evm, state, one].join('/')).map(({ digest }) =>
      wayOutText(id, { evm, ton: null }, what, digest),
    ),
  );
}

/** What the wallet signs that a person asked to name. */
export function namingText(walletId: string, to: StoredRecipients, consent: Buffer): string {
  return wayOutText(walletId, to, 'I am named as its way out.', consent);
}

function wayOutText(walletId: string, { evm, ton }: StoredRecipients, what: string, code: Buffer): string {
  const onTon = ton === null ? '' : `\nOn TON: ${ton}`;
  const digits = code.toString('hex').slice(0, CODE_DIGITS);
  return `${WAY_OUT}\n\nWallet: ${walletId}\nWay out: ${evm}${onTon}\n${what}\nCode: ${digits}`;
}

/** @throws Refused `way_out_refused` where its key signed none of the texts */
export async function assertSignedByWayOut(
  texts: readonly string[],
  address: EvmAddress,
  signature: string,
): Promise<void> {
  for (const message of texts) {
    const proof = await evmProofOf({ message, signature, address });
    if (proof.ok && proof.value.by === 'key') return;
  }
  throw new Refused('way_out_refused');
}

/** Of the launch that accepts a way out. Custody alone makes it, after the launch that shows the way out. */
export function acceptingParamOf(ring: KeyRing, consent: Buffer, now: Date): string {
  return acceptingParams(ring, consent, Math.floor(now.getTime() / SECOND_MS))[0] ?? '';
}

export function isAcceptingParam(ring: KeyRing, consent: Buffer, param: string | null, now: Date): boolean {
  const [, secret] = ACCEPTING.exec(param ?? '') ?? [];
  if (secret === undefined) return false;
  const second = Buffer.from(secret, 'base64url').readUInt32BE();
  const isInTime = now.getTime() <= second * SECOND_MS + LINK_MS;
  return isInTime && acceptingParams(ring, consent, second).some((known) => known === param);
}

function acceptingParams(ring: KeyRing, consent: Buffer, second: number): readonly string[] {
  const at = Buffer.alloc(4);
  at.writeUInt32BE(second);
  const covered = `${consent.toString('hex')}/${second}`;
  return fieldBlindIndexes(ring, 'custody.accept', covered).map(({ digest }) => {
    const secret = Buffer.concat([at, digest.subarray(0, CODE_BYTES)]);
    return `a_${consent.toString('base64url')}${secret.toString('base64url')}`;
  });
}

/**
 * An act without consent that moves everything to a way out that is open takes the fee alone, as with consent.
 * @returns null for others
 */
export function spendingOnWayOut(named: StoredWayOut | null, spending: Spending, now: Date): Spending | null {
  const wayOut = spending.isConsented ? null : wayOutAt(named, now);
  const counted = wayOut?.openedAt && wayOut.to ? countedOnWayOut(spending.act, wayOut.to) : null;
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
