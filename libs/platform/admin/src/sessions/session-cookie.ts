import type { FastifyRequest } from 'fastify';
import { equalsConstantTime, lengthPrefixed, sha256 } from '@countersign/crypto';
import { sessionError } from '../admin.errors';

type PageRequest = Pick<FastifyRequest, 'method' | 'headers'>;

/** The prefix `__Host-` (RFC 6265bis, section 4.1.3.2) keeps other hosts of the same domain from setting the cookie. */
const NAME = '__Host-console';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const SIGNED_OUT = '__Host-console-signed-out';
/** Lax, because the redirect from the provider, another site, must carry the cookie. */
const SIGNED_OUT_ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';
/** 30 days, for a provider without `auth_time`. Most of its sessions are shorter. */
const SIGNED_OUT_SECONDS = 2_592_000;
/** The OpenID library accepts an `auth_time` that is this much too early. */
const TOLERANCE_SECONDS = 30;
const SAFE = ['GET', 'HEAD'];

export function sessionCookie(token: string): string {
  return `${NAME}=${token}; ${ATTRIBUTES}`;
}

/**
 * Deletes the session cookie, and stores the earliest time of the next sign-in at the provider. After `maxAge`, this
 * time is not needed. @param maxAge maximum age of a sign-in at the provider, in seconds; 0 for a provider without
 * `auth_time`
 */
export function signedOutCookies(at: Date, maxAge: number): string[] {
  const seconds = Math.floor(at.getTime() / 1_000);
  const lifetime = maxAge === 0 ? SIGNED_OUT_SECONDS : maxAge + TOLERANCE_SECONDS;
  return [
    `${NAME}=; Max-Age=0; ${ATTRIBUTES}`,
    `${SIGNED_OUT}=${seconds}; Max-Age=${lifetime}; ${SIGNED_OUT_ATTRIBUTES}`,
  ];
}

/** The last sign-out in this browser; null if there was none, if it is long ago, or after a sign-in at the provider. */
export function readSignedOut(header: string | undefined): Date | null {
  const seconds = readCookie(header, SIGNED_OUT);
  return seconds === null ? null : new Date(/^\d{1,11}$/.test(seconds) ? Number(seconds) * 1_000 : 0);
}

export function notSignedOutCookie(): string {
  return `${SIGNED_OUT}=; Max-Age=0; ${SIGNED_OUT_ATTRIBUTES}`;
}

export function readSessionCookie(header: string | undefined): string | null {
  return readCookie(header, NAME);
}

/** The value of a cookie; null when no cookie or more than one has the name. */
export function readCookie(header: string | undefined, name: string): string | null {
  const [found, another] = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return found === undefined || another !== undefined ? null : found.slice(name.length + 1);
}

/** The page sends it beside the cookie. Another site cannot read it, and the cookie cannot be computed from it. */
export function csrfTokenOf(token: string): string {
  return sha256(lengthPrefixed(['countersign/csrf-token/v1', token])).toString('base64url');
}

/**
 * Browsers send cookies to all ports of a host, also from pages of the same site. Pages cannot set `Sec-Fetch-Site` and
 * `Origin`.
 */
export function assertFromConsole({ method, headers }: PageRequest, consoleUrl: string): void {
  const { origin } = headers;
  const isOwnOrigin = origin === consoleUrl || (origin === undefined && SAFE.includes(method));
  if (headers['sec-fetch-site'] !== 'same-origin' || !isOwnOrigin) throw sessionError('console.cross_site');
}

export function assertCsrfToken({ method, headers }: PageRequest, token: string): void {
  const given = headers['x-csrf-token'];
  if (SAFE.includes(method)) return;
  if (typeof given !== 'string' || !equalsConstantTime(Buffer.from(csrfTokenOf(token)), Buffer.from(given)))
    throw sessionError('console.cross_site');
}
