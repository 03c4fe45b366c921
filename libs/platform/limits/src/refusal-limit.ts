import { countedAddress } from './counted-address';
import type { LimitKey } from './limit-rule';

/** A proof, a token or a body was refused. 409 and 429 come after a valid proof. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404, 410, 422]);

/** A response, as far as limits on refusals count it. */
export interface Refusal {
  readonly status: number;
  readonly code: string | undefined;
}

export function isCountedRefusal({ status, code }: Refusal): boolean {
  // A page of a foreign origin, in the browser of a person at this address.
  return code !== 'request.origin_not_allowed' && REFUSALS.has(status);
}

/** The count of an address; null where the address does not identify a caller. */
export function addressKey(ip: string | undefined): LimitKey | null {
  const address = countedAddress(ip);
  return address === null ? null : ['address', address];
}
