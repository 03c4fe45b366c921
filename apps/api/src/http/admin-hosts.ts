import { isIP } from 'node:net';
import type { Configuration } from '@countersign/config';

/** Whether a `Host` header is answered; a request without one is, since browsers always send it. */
export type AllowsHost = (host: string | undefined) => boolean;

/**
 * The hosts that the administration API is called by. Against DNS rebinding: a page of any site can give its own name the
 * address of the listener, and would then be of the same origin. Addresses and `localhost` cannot be given away so.
 */
export function adminHosts({
  adminHost,
  adminAllowedHosts,
}: Pick<Configuration, 'adminHost' | 'adminAllowedHosts'>): AllowsHost {
  const allowsAny = !isLoopback(adminHost) && adminAllowedHosts.length === 0;
  return (host) => {
    if (host === undefined || allowsAny) return true;
    const name = nameOf(host);
    return isIP(name) > 0 || /^(?:.+\.)?localhost$/.test(name) || adminAllowedHosts.includes(name);
  };
}

/** Without port, brackets of IPv6 and the dot of the root. */
function nameOf(host: string): string {
  const name = /^\[(.*)\](?::\d*)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, '');
  return name.toLowerCase().replace(/\.$/, '');
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}
