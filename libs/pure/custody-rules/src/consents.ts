import { sha256 } from '@countersign/crypto';
import type { ConsentKind, ConsentState, Signing } from '@countersign/custody-protocol';
import type { Rules } from './rules';
import type { Recipients } from './way-out';

/** What a person consents to, as JSON. */
export interface ConsentText extends Partial<Signing> {
  /** Random. */
  readonly id: string;
  readonly kind: ConsentKind;
  readonly walletId: string;
  /** Of a way out. */
  readonly to?: Recipients;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** What a person is asked for. */
export interface NewConsent {
  /** SHA-256 of the text, which the start parameter of the launch has. */
  readonly digest: Buffer;
  readonly walletId: string;
  readonly kind: ConsentKind;
  /** JSON of `ConsentText`. */
  readonly text: string;
  readonly expiresAt: Date;
}

export interface Consent extends NewConsent {
  readonly acceptedAt: Date | null;
  /** Of the transaction that it was used for, or the call. */
  readonly usedFor: string | null;
  readonly doneAt: Date | null;
}

/** Of a consent that is not accepted, and then of one that is accepted and not used, in milliseconds. */
const LIFETIME_MS = 600_000;
const HOUR_MS = 3_600_000;

export function newConsent(asked: Omit<ConsentText, 'expiresAt'>, now: Date): NewConsent {
  const expiresAt = new Date(now.getTime() + LIFETIME_MS);
  const shown: ConsentText = { ...asked, expiresAt: expiresAt.toISOString() };
  const text = JSON.stringify(shown);
  return { digest: sha256(text), walletId: asked.walletId, kind: asked.kind, text, expiresAt };
}

/** Of the launch that consents. */
export function startParamOf(digest: Buffer): string {
  return `w_${digest.toString('base64url')}`;
}

export function consentState({ kind, expiresAt, acceptedAt, doneAt }: Consent, now: Date): ConsentState {
  if (doneAt) return 'done';
  const until = expiresAt.getTime() + (acceptedAt ? LIFETIME_MS : 0);
  const isExpired = now.getTime() >= until && !(acceptedAt && kind === 'export');
  return isExpired ? 'expired' : acceptedAt ? 'accepted' : 'open';
}

/** When the words of an export may be shown; null for others, and before it is accepted. */
export function readyAt({ kind, acceptedAt }: Consent, { exportDelayHours }: Rules): Date | null {
  if (kind !== 'export' || !acceptedAt) return null;
  return new Date(acceptedAt.getTime() + exportDelayHours * HOUR_MS);
}
