import { equalsConstantTime, sha256, tokenDigest } from '@countersign/crypto';
import { SECOND } from '@countersign/runtime';
import type { Session, StoredRotation } from './session';
import type { PresentedAccessToken, PresentedRefreshToken } from './session-tokens';

/** For this long after its first use, a refresh token returns the same successor, used or not: tabs refresh at once. */
const REFRESH_REPEAT_SECONDS = 10;

/** A client that waits for its answers cannot use up so many within the window. */
const MAX_ROTATIONS = 16;

/**
 * - `current`: the token is to be rotated.
 * - `repeated`: it was used before, and the seed returns the same pair again.
 * - `reused`: its successor was used, so two parties hold the chain.
 * - `foreign`: it was never issued for this chain.
 */
type RefreshVerdict =
  | { readonly kind: 'current' }
  | { readonly kind: 'repeated'; readonly seed: string }
  | { readonly kind: 'reused' }
  | { readonly kind: 'foreign' };

export function checkRefresh(session: Session, presented: PresentedRefreshToken, now: Date): RefreshVerdict {
  if (!equalsConstantTime(sha256(presented.family), session.familyDigest)) return { kind: 'foreign' };
  if (equalsConstantTime(presented.digest, session.refreshDigest)) return { kind: 'current' };
  const digest = presented.digest.toString('base64url');
  const rotation = recentRotation(session, digest, now) ?? unansweredRotation(session, digest, now);
  return rotation ? { kind: 'repeated', seed: rotation.seed } : { kind: 'reused' };
}

export function isAccessTokenOf(
  { accessDigest, priorAccessDigest }: Pick<Session, 'accessDigest' | 'priorAccessDigest'>,
  { digest }: PresentedAccessToken,
): boolean {
  return [accessDigest, priorAccessDigest].some((one) => one !== null && equalsConstantTime(one, digest));
}

export function withRotation(
  session: Session,
  presented: PresentedRefreshToken,
  seed: string,
  now: Date,
): readonly StoredRotation[] {
  const latest: StoredRotation = {
    digest: presented.digest.toString('base64url'),
    at: now.toISOString(),
    seed,
  };
  return [latest, ...session.rotations.filter((rotation) => isRecent(rotation, now))].slice(0, MAX_ROTATIONS);
}

/** The name of a pair, for tokens of other APIs that belong to it. */
export function pairOf(refreshToken: string): string {
  return tokenDigest(refreshToken).toString('base64url');
}

/** True for the current pair, and for ten seconds for the pair that a refresh replaced. */
export function servesPair(
  session: Pick<Session, 'refreshDigest' | 'rotations'>,
  pair: string,
  now: Date,
): boolean {
  return isCurrentPair(session, pair) || recentRotation(session, pair, now) !== undefined;
}

export function isCurrentPair({ refreshDigest }: Pick<Session, 'refreshDigest'>, pair: string): boolean {
  return refreshDigest.toString('base64url') === pair;
}

function recentRotation(
  { rotations }: Pick<Session, 'rotations'>,
  digest: string,
  now: Date,
): StoredRotation | undefined {
  return rotations.find((rotation) => rotation.digest === digest && isRecent(rotation, now));
}

/** The current pair's rotation, while the pair is unused and has not expired: its answer may have been lost. */
function unansweredRotation(
  { rotations: [latest], awaitsFirstUse, accessIdleExpiresAt }: Session,
  digest: string,
  now: Date,
): StoredRotation | undefined {
  return latest?.digest === digest && awaitsFirstUse && accessIdleExpiresAt > now ? latest : undefined;
}

function isRecent({ at }: StoredRotation, now: Date): boolean {
  return now.getTime() - Date.parse(at) < REFRESH_REPEAT_SECONDS * SECOND;
}
