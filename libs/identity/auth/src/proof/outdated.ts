import { SECOND } from '@countersign/clock';
import { authError } from '../auth.errors';

/**
 * Whether a proof was made before the instant from which proofs of its person count. Proofs have whole
 * seconds: one from the same second may be newer. One without a date is never outdated: it would be invalid
 * permanently.
 */
export function isOutdated(madeAt: Date | null, authNotBefore: Date | null): boolean {
  if (!madeAt || !authNotBefore) return false;
  return madeAt.getTime() < Math.floor(authNotBefore.getTime() / SECOND) * SECOND;
}

/** @throws AppError auth.proof_outdated, see `isOutdated` */
export function assertNotOutdated(madeAt: Date | null, authNotBefore: Date | null): void {
  if (isOutdated(madeAt, authNotBefore)) throw authError('auth.proof_outdated');
}
