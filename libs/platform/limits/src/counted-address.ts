import { BlockList, isIP } from 'node:net';

/**
 * IANA's special-purpose registries (RFC 6890): addresses of a proxy, a carrier or this machine, not of one
 * caller.
 */
const shared = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  shared.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 127],
  ['64:ff9b:1::', 48],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  shared.addSubnet(network, bits, 'ipv6');

/** An IPv4 address in the last 32 bits of IPv6: mapped (RFC 4291 section 2.5.5.2) or NAT64 (RFC 6052). */
const IPV4_WITHIN = /^(?:0:0:0:0:0:ffff|64:ff9b:0:0:0:0):([0-9a-f]+):([0-9a-f]+)$/;
const IPV4_WITH_PORT = /^(\d+\.\d+\.\d+\.\d+):\d+$/;

/**
 * What an address counts as: itself, or its /64 for IPv6, where one line gets a whole network.
 * @param address as `request.ip` gives it
 * @returns null where it does not identify a caller: a loopback, private, link-local or shared (RFC 6598)
 * address, or none
 */
export function countedAddress(address: string | undefined): string | null {
  const plain = plainOf(address);
  if (plain === null || shared.check(plain, isIP(plain) === 4 ? 'ipv4' : 'ipv6')) return null;
  return networkOf(plain);
}

/** As `countedAddress`, for any address: where a right credential is never refused, several callers can share a count. */
export function anyAddress(address: string | undefined): string {
  const plain = plainOf(address);
  return plain === null ? 'none' : networkOf(plain);
}

/** Without port and zone, and IPv4 also where it is within IPv6. */
function plainOf(address: string | undefined): string | null {
  const plain = IPV4_WITH_PORT.exec(address ?? '')?.[1] ?? address?.split('%', 1)[0] ?? '';
  const family = isIP(plain);
  if (family === 0) return null;
  const within = family === 6 ? IPV4_WITHIN.exec(groupsOf(plain).join(':')) : null;
  return within ? dotted(`${within[1]}`, `${within[2]}`) : plain;
}

function networkOf(plain: string): string {
  return isIP(plain) === 4 ? plain : `${groupsOf(plain).slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, in lower case and without leading zeros. */
function groupsOf(address: string): string[] {
  // The URL standard's serializer knows the spellings, such as an IPv4 address at the end.
  const compressed = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = compressed.split('::');
  const [left, right] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [
    string[],
    string[],
  ];
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}

function dotted(high: string, low: string): string {
  return [high, low]
    .map((group) => parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}
