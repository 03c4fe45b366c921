import ipaddr from 'ipaddr.js';

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;
type IpRange = readonly [network: IpAddress, bits: number];

/** Accepts brackets, a port and a zone (RFC 4007), which it drops. IPv4-mapped addresses (RFC 4291) become IPv4. */
export function readIpAddress(text: string): IpAddress | null {
  return withoutPort(text) ?? withoutPort(/^(.+):\d{0,5}$/.exec(text)?.[1] ?? '');
}

/** `10.0.0.0/8`, `fd00::/8`, or one address; null for other text. */
export function readIpRange(text: string): IpRange | null {
  const [, written = '', given] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const network = withoutPort(written);
  if (network === null) return null;
  const width = network.kind() === 'ipv4' ? 32 : 128;
  // The prefix of an IPv4-mapped network counts from the first bit of IPv6.
  const unused = written.includes(':') ? 128 - width : 0;
  const bits = given === undefined ? width : Number(given) - unused;
  return bits < 0 || bits > width ? null : [network, bits];
}

export function isInRange(address: IpAddress, [network, bits]: IpRange): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function withoutPort(text: string): IpAddress | null {
  const [plain = ''] = (/^\[(.*)\]$/.exec(text)?.[1] ?? text).split('%', 1);
  // `ipaddr.isValid` would also accept `127.1` and `0x7f.0.0.1`.
  if (ipaddr.IPv4.isValidFourPartDecimal(plain)) return ipaddr.IPv4.parse(plain);
  return ipaddr.IPv6.isValid(plain) ? ipaddr.process(plain) : null;
}
