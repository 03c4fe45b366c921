import { sha256 } from '@countersign/crypto';

/**
 * The cookie that binds a sign-in to the browser that began it. Its name depends on the state, so that
 * several tabs can sign in at once; `__Host-` keeps other hosts of the same domain from setting it (RFC
 * 6265bis, section 4.1.3.2).
 */
export function browserCookie(state: string, secret: string, lifetimeSeconds: number): string {
  return `${nameFor(state)}=${secret}; Max-Age=${lifetimeSeconds}; ${ATTRIBUTES}`;
}

/** Deletes the cookie. */
export function noBrowserCookie(state: string): string {
  return `${nameFor(state)}=; Max-Age=0; ${ATTRIBUTES}`;
}

/** The secret of a sign-in from the `Cookie` header, or null when there is none, or more than one. */
export function readBrowserCookie(header: string | undefined, state: string): string | null {
  const start = `${nameFor(state)}=`;
  const [found, another] = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(start));
  return found === undefined || another !== undefined ? null : found.slice(start.length);
}

/** Lax, since the browser returns from another site. */
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

function nameFor(state: string): string {
  return `__Host-oidc-${sha256(state).toString('hex').slice(0, 16)}`;
}
