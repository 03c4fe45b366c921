import { sha256 } from '@countersign/crypto';
import {
  Refused,
  type CallOf,
  type ConsentKind,
  type ConsentState,
  type Signing,
} from '@countersign/custody-protocol';
import { readTonTransfer, sendOf } from '@countersign/transfers';
import { decodedActJson, type DecodedAct } from '@countersign/wallet-acts';
import { parseTransaction } from 'viem/utils';
import { nonceOf } from './amounts';
import { decodeSigning } from './decoding';
import type { Rules } from './rules';
import type { StoredRecipients } from './way-out';

/** What a person consents to. Instants are ISO 8601. */
export interface Asked extends Partial<Signing> {
  /** A random id. */
  readonly id: string;
  readonly kind: ConsentKind;
  readonly walletId: string;
  readonly to?: StoredRecipients;
  /** The application that asks, as the API names it. Custody does not check it. */
  readonly application?: string;
  /** The session that asks, as the API names it. */
  readonly session?: string | undefined;
  /** The last entry of the journal then: one that ends requests comes later. */
  readonly after: string;
  readonly expiresAt: string;
}

export interface Consent {
  /** SHA-256 of what is asked as JSON, which the start parameter of the launch has. */
  readonly digest: Buffer;
  readonly asked: Asked;
  /** ISO 8601; null until the person accepts. */
  readonly acceptedAt: string | null;
  /** Of the transaction that it was used for, or the call; null until it is done. */
  readonly usedFor: string | null;
}

/** Of a consent that is not accepted, and then of one that is accepted and not used, in milliseconds. */
const LIFETIME_MS = 600_000;
const HOUR_MS = 3_600_000;

export function newConsent(wanted: Omit<Asked, 'expiresAt'>, now: Date): Consent {
  const asked = { ...wanted, expiresAt: new Date(now.getTime() + LIFETIME_MS).toISOString() };
  return { digest: sha256(JSON.stringify(asked)), asked, acceptedAt: null, usedFor: null };
}

/** The start parameter of the launch that consents: `w_` and the digest in base64url. */
export function startParamOf(digest: Buffer): string {
  return `w_${digest.toString('base64url')}`;
}

function endOf({ asked, acceptedAt }: Consent): number {
  return Date.parse(asked.expiresAt) + (acceptedAt ? LIFETIME_MS : 0);
}

export function consentState(consent: Consent, now: Date): ConsentState {
  const { asked, acceptedAt, usedFor } = consent;
  if (usedFor !== null) return 'done';
  const isExpired = now.getTime() >= endOf(consent) && !(acceptedAt && asked.kind === 'export');
  return isExpired ? 'expired' : acceptedAt ? 'accepted' : 'open';
}

/** When the words of an export may be shown. Null for other kinds and before the acceptance. */
export function readyAt({ asked, acceptedAt }: Consent, { exportDelayHours }: Rules): Date | null {
  if (asked.kind !== 'export' || !acceptedAt) return null;
  return new Date(Date.parse(acceptedAt) + exportDelayHours * HOUR_MS);
}

/** What a person consents to the signature of, by the rules of now. @throws Refused */
export function decodedConsent({ asked }: Consent, rules: Rules, now: Date): DecodedAct {
  return decodeSigning(asked as Signing, rules, now);
}

/**
 * The consent as it is used for what is signed now. A transaction with the same nonce and a fee within what was consented to is the same
 * act.
 * @throws Refused `consent_needed`
 */
export function usedConsent(
  consent: Consent | null,
  { walletId, callId }: Pick<CallOf<'sign'>, 'walletId' | 'callId'>,
  act: DecodedAct,
  rules: Rules,
  now: Date,
): Consent {
  if (consent?.asked.kind !== 'sign' || consent.asked.walletId !== walletId)
    throw new Refused('consent_needed');
  const state = consentState(consent, now);
  const usedFor = nonceOf(act) ?? callId;
  // Only a transaction that others can replace is signed again for longer than an acceptance lasts.
  const isReplaced = act.signingKind === 'evm-transaction' || now.getTime() < endOf(consent);
  const isRepeated = state === 'done' && consent.usedFor === usedFor && isReplaced;
  if (!(state === 'accepted' || isRepeated) || !isWithin(decodedConsent(consent, rules, now), act))
    throw new Refused('consent_needed');
  return { ...consent, usedFor };
}

/**
 * Whether what is to be signed is what was consented to. Nonce and fee of a transaction are chosen when it is signed, the fee at most the
 * one that was shown; of a transfer of TON what it moves and says is the same, and of anything else all bytes.
 */
function isWithin(consented: DecodedAct, act: DecodedAct): boolean {
  const isSameWallet = consented.chain === act.chain && consented.address === act.address;
  if (!isSameWallet || consented.signingKind !== act.signingKind) return false;
  if ((act.maxFee ?? 0n) > (consented.maxFee ?? 0n)) return false;
  switch (act.signingKind) {
    case 'evm-transaction':
      return callIn(consented) === callIn(act);
    case 'ton-transaction':
      return movesOf(consented) === movesOf(act);
    default:
      return consented.payload.equals(act.payload);
  }
}

function callIn({ payload }: DecodedAct): string {
  const { to = null, value = 0n, data = '0x' } = parseTransaction(`0x${payload.toString('hex')}`);
  return [to, value, data].join('/').toLowerCase();
}

/** But for what the service chooses anew: the query id, and whether coins bounce. */
function movesOf(act: DecodedAct): string {
  const messages = readTonTransfer(act.payload)?.messages ?? [];
  const sends = messages.map((message) => ({ ...sendOf(message), queryId: null, bounce: null }));
  return JSON.stringify([decodedActJson(act).spends, sends], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}
