const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * A URL whose traffic no other person can read: `https:`, or `http:` on this machine. Null for other texts.
 * @param ownHosts the addresses of this machine beside loopback
 */
export function secureUrl(text: string, ownHosts: readonly string[] = []): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isHere =
    url?.protocol === 'http:' && (LOOPBACK.test(url.hostname) || ownHosts.includes(url.hostname));
  return isHere || url?.protocol === 'https:' ? url : null;
}
