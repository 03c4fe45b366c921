import ipaddr from 'ipaddr.js';
import { readIpAddress, type IpAddress } from '@countersign/text';
import type { LimitKey } from './limit-rule';

/** Addresses of a proxy, a carrier or this machine, not of one caller (IANA's special-purpose registries, RFC 6890). */
const SHARED: ReadonlySet<string> = new Set([
  'unspecified',
  'private',
  'carrierGradeNat',
  'loopback',
  'linkLocal',
  'uniqueLocal',
  // NAT64 (RFC 8215), after `callerOf` has removed the global prefix.
  'rfc6052',
]);

/** IPv4 in the last 32 bits of IPv6 (RFC 6052, section 2.1). */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * The address, or its /64 for IPv6, because one line gets a whole network. @param address in any form
 * @returns null if it does not identify a caller: a loopback, private, link-local or shared (RFC 6598) address, or none
 */
export function countedAddress(address: string | undefined): string | null {
  const caller = callerOf(address);
  if (caller === null || SHARED.has(caller.range())) return null;
  if (caller instanceof ipaddr.IPv4) return caller.toString();
  const groups = caller.parts.slice(0, 4).map((group) => group.toString(16));
  return `${groups.join(':')}::/64`;
}

function callerOf(text = ''): IpAddress | null {
  const address = readIpAddress(text);
  return address instanceof ipaddr.IPv6 && address.match(NAT64)
    ? new ipaddr.IPv4(address.toByteArray().slice(12))
    : address;
}

/** A proof, a token or a body was refused. 409 and 429 come after a valid proof. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404, 410, 422]);

/** A person at this address has opened a page that may not call. */
const REFUSALS_OF_PAGES: ReadonlySet<string | undefined> = new Set([
  'client.server_only',
  'request.origin_not_allowed',
]);

export function isCountedRefusal({ status, code }: { status: number; code: string | undefined }): boolean {
  return REFUSALS.has(status) && !REFUSALS_OF_PAGES.has(code);
}

/** Null if the address does not identify a caller. */
export function addressKey(ip: string | undefined): LimitKey | null {
  const address = countedAddress(ip);
  return address === null ? null : ['address', address];
}
