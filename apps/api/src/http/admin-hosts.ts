import type { Configuration } from '@countersign/runtime';
import { readIpAddress } from '@countersign/text';

/** Decides about a `Host` header. It allows a missing one, since browsers always send it. */
export type AllowsHost = (host: string | undefined) => boolean;

/** Prevents DNS rebinding: any site can point its own name to the listener, but not an address or `localhost`. */
export function adminHosts({ adminAllowedHosts }: Pick<Configuration, 'adminAllowedHosts'>): AllowsHost {
  return (host) => {
    // A URL cannot contain a zone (`%`).
    if (host === undefined || (!host.includes('%') && readIpAddress(host) !== null)) return true;
    const name = host.toLowerCase().replace(/\.?(?::\d*)?$/, '');
    return /^(?:.+\.)?localhost$/.test(name) || adminAllowedHosts.includes(name);
  };
}
