import type { Schemas } from '../api.js';
import type { CountersignError } from '../problem.js';
import type { Proof, SignedIn } from '../types.js';
import { whatCodesMean, type Moment } from '../what-codes-mean.js';

export type Pair = Schemas['SignInResponse'];

export interface StoredSession {
  /** Counts up with every change. */
  version: number;
  /** When the pair was asked for, in milliseconds of the device's clock. */
  readonly at: number;
  /** The end of the init data that opened it. */
  readonly mark?: string | undefined;
  /** `null` after a sign-out. */
  readonly pair: Pair | null;
  /** When the refresh token was first shown. */
  usedAt?: number | undefined;
}

export type InitDataProof = Extract<Proof, { readonly initData: string }>;

export type Live = StoredSession & { readonly pair: Pair };

/** An instant by the clock of the page, which may stand still in sleep, and by that of the device, which may be set. */
export type Instant = readonly [page: number, device: number];

export function now(): Instant {
  return [performance.now(), Date.now()];
}

export function isFinal(error: CountersignError): boolean {
  return meaningOf('signIn', error) === 'relaunch' || !!meaningOf('session', error);
}

export const SIGNED_OUT: StoredSession = { version: 0, at: 0, pair: null };

export function ignore(): void {
  // It stands in the state for those who need it.
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
