import type { DpopRefusal } from './dpop-refusals';

/** In Unix seconds, with a fraction perhaps. */
export interface ProofDates {
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  readonly notBefore: number | null;
}

export interface ProofAgeBounds {
  readonly now: Date;
  /** How old a proof without a fresh nonce may be, in seconds, the limit included. */
  readonly maxAgeSeconds: number;
  /** How far the clock of its maker may be ahead of ours, in seconds, the limit included. */
  readonly futureSeconds: number;
}

/**
 * The time bound that a proof violates. Its own `exp` and `nbf` always hold (RFC 7519, section 4.1).
 *
 * @param isBoundedByNonce then `iat` is ignored: a nonce gives the age by our own clock (RFC 9449, section
 * 4.3)
 */
export function findDateFault(
  { issuedAt, expiresAt, notBefore }: ProofDates,
  { now, maxAgeSeconds, futureSeconds }: ProofAgeBounds,
  isBoundedByNonce: boolean,
): DpopRefusal | undefined {
  const seconds = Math.floor(now.getTime() / 1000);
  if (notBefore !== null && notBefore > seconds + futureSeconds) return 'dpop.in_future';
  if (expiresAt !== null && expiresAt <= seconds) return 'dpop.too_old';
  if (isBoundedByNonce) return undefined;
  if (issuedAt > seconds + futureSeconds) return 'dpop.in_future';
  return issuedAt < seconds - maxAgeSeconds ? 'dpop.too_old' : undefined;
}

/**
 * Every comparison with `NaN` is false, so an unreadable setting would switch a bound off.
 *
 * @throws RangeError unless the bounds are whole seconds, none of them negative, and `now` is a date
 */
export function assertAgeBounds({ now, maxAgeSeconds, futureSeconds }: ProofAgeBounds): void {
  if (!Number.isFinite(now.getTime())) throw new RangeError('now must be a valid date');
  for (const [name, value] of Object.entries({ maxAgeSeconds, futureSeconds })) {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name} must be whole seconds`);
  }
}
