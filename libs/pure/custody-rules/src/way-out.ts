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
/** The time between the consent to a way out and its validity. */
const NAMING_MS = 72 * HOUR_MS;
/** The time in which the person can stop it. */
const WAIT_MS = 7 * 24 * HOUR_MS;

/** The highest fee that may be attached to a jetton or an item, in nanotons. */
const MAX_ATTACHED = 1_000_000_000n;

/** The lifetime of the link that accepts a way out, in milliseconds. */
const LINK_MS = 120_000;
const SECOND_MS = 1_000;
/** The length of a code that only Telegram can bring. Some clients cut start parameters after 64 characters. */
const CODE_BYTES = 10;
const ACCEPTING = /^a_[\w-]{43}([\w-]{19})$/;

/** A text is valid in its time slice and the next one, in milliseconds. */
const PART_MS = 300_000;
const CODE_DIGITS = 32;

/** Every text that a way out signs begins with it. No wallet of this service signs such a text. */
export const WAY_OUT = 'Way out of a Countersign wallet';

/** EVM addresses in lower case, TON addresses raw. */
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

/** Applies a change that has waited long enough. */
export function wayOutAt(wayOut: StoredWayOut | null, now: Date): StoredWayOut | null {
  if (!wayOut?.next || now.getTime() < Date.parse(wayOut.next.at)) return wayOut;
  const { next } = wayOut;
  return { to: next.to, next: null, readyAt: null, openedAt: null };
}

/** The new one waits, whether it is the first or a later one. */
export function namedWayOut(current: StoredWayOut | null, to: StoredRecipients, now: Date): StoredWayOut {
  const next = { to, at: new Date(now.getTime() + NAMING_MS).toISOString() };
  return { ...(current ?? { to: null, readyAt: null, openedAt: null }), next };
}

/** @returns null if the waiting one is the first */
export function withoutNext(wayOut: StoredWayOut): StoredWayOut | null {
  return wayOut.to && { ...wayOut, next: null };
}

/** Removes what waits or is open. If two are named, it is unknown which one is valid: then none is. */
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

/** The valid texts, the newest first. A text works once: its code covers the sealed state. */
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

export function namingText(walletId: string, to: StoredRecipients, consent: Buffer): string {
  return wayOutText(walletId, to, 'I am named as its way out.', consent);
}

function wayOutText(walletId: string, { evm, ton }: StoredRecipients, what: string, code: Buffer): string {
  const onTon = ton === null ? '' : `\nOn TON: ${ton}`;
  const digits = code.toString('hex').slice(0, CODE_DIGITS);
  return `${WAY_OUT}\n\nWallet: ${walletId}\nWay out: ${evm}${onTon}\n${what}\nCode: ${digits}`;
}

/** @throws Refused `way_out_refused` if its key signed none of the texts */
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

/** The launch parameter that accepts a way out. Only custody makes it, after the launch that shows the way out. */
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

/** An act that moves assets only to an open way out counts as consented, with its fee. @returns null for others */
export function spendingOnWayOut(named: StoredWayOut | null, spending: Spending, now: Date): Spending | null {
  const wayOut = spending.isConsented ? null : wayOutAt(named, now);
  const counted = wayOut?.openedAt && wayOut.to ? countedOnWayOut(spending.act, wayOut.to) : null;
  return counted && { ...spending, act: counted, isConsented: true };
}

/** Counts only the fee, and on TON the attached coins. @returns null unless all assets go to these recipients */
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
