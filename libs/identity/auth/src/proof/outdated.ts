import { SECOND } from '@countersign/clock';
import { authError } from '../auth.errors';

/**
 * Refuses a proof that was made before the instant from which proofs of its person count. Proofs have whole
 * seconds: one from the same second may be newer. One without a date is never outdated: it would be invalid
 * permanently.
 * @throws AppError auth.proof_outdated
 */
export function assertNotOutdated(madeAt: Date | null, authNotBefore: Date | null): void {
  if (!madeAt || !authNotBefore) return;
  if (madeAt.getTime() < Math.floor(authNotBefore.getTime() / SECOND) * SECOND)
    throw authError('auth.proof_outdated');
}
