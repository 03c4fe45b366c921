import type { Configuration } from '@countersign/runtime';
import { readIpAddress } from '@countersign/text';

/** Whether a `Host` header is answered; a request without one is, since browsers always send it. */
export type AllowsHost = (host: string | undefined) => boolean;

/**
 * The hosts that the administration API is called by. Against DNS rebinding: a page of any site can give its own name the
 * address of the listener, and would then be of the same origin. Addresses and `localhost` cannot be given away so.
 */
export function adminHosts({ adminAllowedHosts }: Pick<Configuration, 'adminAllowedHosts'>): AllowsHost {
  return (host) => {
    // A zone (`%`) names nothing in a URL.
    if (host === undefined || (!host.includes('%') && readIpAddress(host) !== null)) return true;
    const name = host.toLowerCase().replace(/\.?(?::\d*)?$/, '');
    return /^(?:.+\.)?localhost$/.test(name) || adminAllowedHosts.includes(name);
  };
}
