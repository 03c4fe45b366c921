import { isIP } from 'node:net';
import type { AllowedTarget } from '@countersign/runtime';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** All assigned unicast addresses (RFC 4291, section 2.4). `::127.0.0.1` is outside. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Cloud services that hand out credentials at addresses that are not link-local: Azure's platform, and metadata of
 * Alibaba Cloud, AWS (also for pods), Google Cloud and Scaleway.
 */
const METADATA = [
  '168.63.129.16/32',
  '100.100.100.200/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
  'fd00:42::42/128',
].map((range) => ipaddr.parseCIDR(range));

/** A name on the operator's list may resolve to these ranges, but not to a metadata service. */
const RANGES_OF_NAMES = ['unicast', 'private', 'loopback', 'uniqueLocal', 'carrierGradeNat'];

export interface Destination {
  /** The `hostname` of the URL, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** A public address may be called, or an address that the operator allows for this destination. */
export function mayCall(
  address: string,
  destination: Destination,
  allowed: readonly AllowedTarget[],
): boolean {
  const parsed = parseAddress(address);
  if (parsed === null) return false;
  return isPublic(parsed) || allowed.some((target) => isAllowed(parsed, destination, target));
}

/** Whether the operator's list contains the destination itself. Such a destination may use plain http and any port. */
export function isListed({ host, port }: Destination, allowed: readonly AllowedTarget[]): boolean {
  const address = parseAddress(host);
  return allowed.some((target) => {
    if (target.port !== null && target.port !== port) return false;
    if (target.kind === 'name') return target.name === host;
    return address !== null && isInRange(address, target);
  });
}

function isAllowed(address: Address, { host, port }: Destination, target: AllowedTarget): boolean {
  if (target.port !== null && target.port !== port) return false;
  return target.kind === 'name'
    ? target.name === host && RANGES_OF_NAMES.includes(address.range()) && !isMetadata(address)
    : isInRange(address, target);
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast' || isMetadata(address)) return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}

function isMetadata(address: Address): boolean {
  return METADATA.some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  );
}

function isInRange(address: Address, { address: network, bits }: AllowedTarget & { kind: 'range' }): boolean {
  const range = ipaddr.parse(network);
  return address.kind() === range.kind() && address.match(range, bits);
}

/** Null for a text that is no address or has a zone. An IPv4-mapped address becomes an IPv4 address. */
function parseAddress(text: string): Address | null {
  return isIP(text) === 0 || text.includes('%') ? null : ipaddr.process(text);
}
