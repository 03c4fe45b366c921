import { isDnsName, parseUrl, readIpRange } from '@countersign/text';
import { itemsOf } from './environment-texts';

/** A webhook receiver that may be inside the operator's network. Without a port, all its ports are allowed. */
export type AllowedTarget = (
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'range'; readonly address: string; readonly bits: number }
) & { readonly port: number | null };

const WITH_PORT = /^(\[[^\]]+\]|[^:/]+):([1-9]\d{0,4})$/;

/** Comma-separated: `receiver.internal`, `10.0.0.7:8080`, `[fd00::7]:8080` or `10.0.0.0/8`. */
export function allowedTargets(text: string): readonly AllowedTarget[] {
  return Object.freeze(itemsOf(text).map(allowedTarget));
}

function allowedTarget(item: string): AllowedTarget {
  const [, host = item, given] = WITH_PORT.exec(item) ?? [];
  const port = given === undefined ? null : Number(given);
  const target = port !== null && port > 65_535 ? null : (rangeOf(host) ?? named(host));
  if (target === null)
    throw new Error('must be names, IP addresses (both also with :port) or CIDR ranges, comma separated');
  return { ...target, port };
}

/** A range has no zone. Only an IPv6 address may have brackets. */
function rangeOf(text: string) {
  const [network, bits] = (text.includes('%') ? null : readIpRange(text)) ?? [];
  if (!network || bits === undefined || (text.startsWith('[') && network.kind() === 'ipv4')) return null;
  return { kind: 'range', address: network.toString(), bits } as const;
}

/** The name has the form of a URL's `hostname`: lower case, ASCII. */
function named(text: string) {
  const name = /[\s/:@?#\\%]/.test(text) ? undefined : parseUrl(`http://${text}/`)?.hostname;
  return name !== undefined && isDnsName(name) ? ({ kind: 'name', name } as const) : null;
}
