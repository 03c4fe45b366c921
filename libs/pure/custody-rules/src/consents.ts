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

/** Instants are ISO 8601. */
export interface Asked extends Partial<Signing> {
  readonly id: string;
  readonly kind: ConsentKind;
  readonly walletId: string;
  readonly to?: StoredRecipients;
  readonly application?: string;
  readonly session?: string | undefined;
  /** The last entry of the journal at that time. An entry that ends requests comes later. */
  readonly after: string;
  readonly expiresAt: string;
}

export interface Consent {
  /** SHA-256 of `asked` as JSON. The start parameter of the launch contains it. */
  readonly digest: Buffer;
  readonly asked: Asked;
  /** ISO 8601; null until the person accepts. */
  readonly acceptedAt: string | null;
  /** The transaction or call that used the consent; null until then. */
  readonly usedFor: string | null;
}

/** The lifetime of an open consent, and then of an accepted one, in milliseconds. */
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

export function decodedConsent({ asked }: Consent, rules: Rules, now: Date): DecodedAct {
  return decodeSigning(asked as Signing, rules, now);
}

/** An act with the same nonce and no higher fee is the act that was accepted. @throws Refused `consent_needed` */
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
  // Only a replaceable transaction can be signed again after the acceptance has expired.
  const isReplaced = act.signingKind === 'evm-transaction' || now.getTime() < endOf(consent);
  const isRepeated = state === 'done' && consent.usedFor === usedFor && isReplaced;
  if (!(state === 'accepted' || isRepeated) || !isWithin(decodedConsent(consent, rules, now), act))
    throw new Refused('consent_needed');
  return { ...consent, usedFor };
}

/**
 * Whether the act is the accepted one. A transaction gets its nonce and fee when it is signed; the fee is at most the
 * shown one. A TON transfer must move and say the same, any other act must have the same bytes.
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

/** The service chooses the query id and the bounce flag anew. */
function movesOf(act: DecodedAct): string {
  const messages = readTonTransfer(act.payload)?.messages ?? [];
  const sends = messages.map((message) => ({ ...sendOf(message), queryId: null, bounce: null }));
  return JSON.stringify([decodedActJson(act).spends, sends], (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}
