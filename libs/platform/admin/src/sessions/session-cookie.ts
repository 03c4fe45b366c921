import type { FastifyRequest } from 'fastify';
import { equalsConstantTime, lengthPrefixed, sha256 } from '@countersign/crypto';
import { sessionError } from '../admin.errors';

type PageRequest = Pick<FastifyRequest, 'method' | 'headers'>;

/** `__Host-` (RFC 6265bis, section 4.1.3.2) keeps other hosts of the same domain from setting it. */
const NAME = '__Host-console';
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const SAFE = ['GET', 'HEAD'];

export function sessionCookie(token: string): string {
  return `${NAME}=${token}; ${ATTRIBUTES}`;
}

/** Deletes the cookie. */
export function noSessionCookie(): string {
  return `${NAME}=; Max-Age=0; ${ATTRIBUTES}`;
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

/** @throws AppError console.cross_site for a call that can change something, without the token of the session */
export function assertCsrfToken({ method, headers }: PageRequest, token: string): void {
  const given = headers['x-csrf-token'];
  if (SAFE.includes(method)) return;
  if (typeof given !== 'string' || !equalsConstantTime(Buffer.from(csrfTokenOf(token)), Buffer.from(given)))
    throw sessionError('console.cross_site');
}
