import type { FastifyRequest } from 'fastify';
import { equalsConstantTime, lengthPrefixed, sha256 } from '@countersign/crypto';
import { sessionError } from '../admin.errors';

type PageRequest = Pick<FastifyRequest, 'method' | 'headers'>;

/** `__Host-` (RFC 6265bis, section 4.1.3.2) keeps other hosts of the same domain from setting it. */
const NAME = '__Host-console';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const SIGNED_OUT = '__Host-console-signed-out';
/** Lax: the redirect from the provider, which is another site, has to carry it. */
const SIGNED_OUT_ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';
/** Where the provider sends no `auth_time`: 30 days, longer than sessions there mostly live. */
const SIGNED_OUT_SECONDS = 2_592_000;
/** By which the library lets `auth_time` be too early. */
const TOLERANCE_SECONDS = 30;
const SAFE = ['GET', 'HEAD'];

export function sessionCookie(token: string): string {
  return `${NAME}=${token}; ${ATTRIBUTES}`;
}

/**
 * After a sign-out: deletes the session cookie, and sets the time that the next sign-in at the provider must not precede. When
 * `maxAge` has passed since, it alone demands a later sign-in.
 * @param maxAge of a sign-in at the provider, in seconds; 0 where it sends no `auth_time`
 */
export function signedOutCookies(at: Date, maxAge: number): string[] {
  const seconds = Math.floor(at.getTime() / 1_000);
  const lifetime = maxAge === 0 ? SIGNED_OUT_SECONDS : maxAge + TOLERANCE_SECONDS;
  return [
    `${NAME}=; Max-Age=0; ${ATTRIBUTES}`,
    `${SIGNED_OUT}=${seconds}; Max-Age=${lifetime}; ${SIGNED_OUT_ATTRIBUTES}`,
  ];
}

/** When a person signed out of the console in this browser; null if never, long ago, or before a sign-in at the provider. */
export function readSignedOut(header: string | undefined): Date | null {
  const seconds = readCookie(header, SIGNED_OUT);
  return seconds === null ? null : new Date(/^\d{1,11}$/.test(seconds) ? Number(seconds) * 1_000 : 0);
}

/** After a sign-in at the provider. */
export function notSignedOutCookie(): string {
  return `${SIGNED_OUT}=; Max-Age=0; ${SIGNED_OUT_ATTRIBUTES}`;
}

export function readSessionCookie(header: string | undefined): string | null {
  return readCookie(header, NAME);
}

/** The value of a cookie, or null when there is none, or more than one of the name. */
export function readCookie(header: string | undefined, name: string): string | null {
  const [found, another] = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  return found === undefined || another !== undefined ? null : found.slice(name.length + 1);
}

/** What the page sends beside the cookie. Another site cannot read it, and the cookie cannot be computed from it. */
export function csrfTokenOf(token: string): string {
  return sha256(lengthPrefixed(['countersign/csrf-token/v1', token])).toString('base64url');
}

/**
 * Whether the page of the console sent the request. Cookies go to all ports of a host, and to pages of the same site:
 * `Sec-Fetch-Site` and `Origin`, which no page can set, tell them apart.
 * @throws AppError console.cross_site
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
