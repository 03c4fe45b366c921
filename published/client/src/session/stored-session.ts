import type { Schemas } from '../api.js';
import type { CountersignError } from '../problem.js';
import type { Proof, SignedIn } from '../types.js';
import { whatCodesMean, type Moment } from '../what-codes-mean.js';

export type Pair = Schemas['SignInResponse'];

export interface StoredSession {
  version: number;
  /** The time of the pair's request, in milliseconds of the device's clock. */
  readonly at: number;
  /** The last 64 characters of the init data that opened the session. */
  readonly mark?: string | undefined;
  /** `null` after a sign-out. */
  readonly pair: Pair | null;
  /** The time at which the refresh token was first sent. */
  usedAt?: number | undefined;
}

export type InitDataProof = Extract<Proof, { readonly initData: string }>;

export type Live = StoredSession & { readonly pair: Pair };

/** An instant by two clocks. The page's clock may stop in sleep, and the device's clock may be set. */
export type Instant = readonly [page: number, device: number];

export function now(): Instant {
  return [performance.now(), Date.now()];
}

export function isFinal(error: CountersignError): boolean {
  return meaningOf('signIn', error) === 'relaunch' || !!meaningOf('session', error);
}

export const SIGNED_OUT: StoredSession = { version: 0, at: 0, pair: null };

export function ignore(): void {
  // The session's state has the error.
}

export function meaningOf(moment: Moment, error: unknown): string | undefined {
  return whatCodesMean[moment][(error as CountersignError).code];
}

export function markOf(proof: Proof | undefined): string | undefined {
  return (proof as Partial<InitDataProof> | undefined)?.initData?.slice(-64);
}

export function signedIn(pair: Pair): SignedIn {
  const { tokenType, accessToken, expiresIn, refreshToken, refreshExpiresIn, ...reported } = pair;
  return { ...reported, isBound: tokenType === 'DPoP' };
}
