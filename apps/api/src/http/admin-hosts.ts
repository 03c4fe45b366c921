import { isIP } from 'node:net';
import type { Configuration } from '@countersign/config';

/** Whether a `Host` header is answered; a request without one is, since browsers always send it. */
export type AllowsHost = (host: string | undefined) => boolean;

/**
 * The hosts that the administration API is called by. Against DNS rebinding: a page of any site can give its own name the
 * address of the listener, and would then be of the same origin. Addresses and `localhost` cannot be given away so.
 */
export function adminHosts({ adminAllowedHosts }: Pick<Configuration, 'adminAllowedHosts'>): AllowsHost {
  return (host) => {
    if (host === undefined) return true;
    const name = nameOf(host);
    return isIP(name) > 0 || /^(?:.+\.)?localhost$/.test(name) || adminAllowedHosts.includes(name);
  };
}

/** Without port, brackets of IPv6 and the dot of the root. */
function nameOf(host: string): string {
  const name = /^\[(.*)\](?::\d*)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, '');
  return name.toLowerCase().replace(/\.$/, '');
}
