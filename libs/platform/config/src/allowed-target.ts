import { isIP } from 'node:net';

/** A receiver of webhooks that may be inside the operator's network. Without a port it stands for every port. */
export type AllowedTarget =
  | { readonly kind: 'name'; readonly name: string; readonly port: number | null }
  | { readonly kind: 'range'; readonly address: string; readonly bits: number; readonly port: number | null };

const NAME =
  /^(?=.{1,253}$)(?!.*\.\d+$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/;

/** `receiver.internal`, `10.0.0.7:8080`, `[fd00::7]:8080` or `10.0.0.0/8`, comma separated. */
export function allowedTargets(text: string): readonly AllowedTarget[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return Object.freeze(items.map(allowedTarget));
}

function allowedTarget(item: string): AllowedTarget {
  const target = item.includes('/') ? range(item) : host(item);
  if (target === null)
    throw new Error('must be names, IP addresses (both also with :port) or CIDR ranges, comma separated');
  return target;
}

function range(item: string): AllowedTarget | null {
  const [address = '', bits = '', ...more] = item.split('/');
  const most = addressBits(address);
  if (most === null || more.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > most) return null;
  return { kind: 'range', address, bits: Number(bits), port: null };
}

function host(item: string): AllowedTarget | null {
  if (addressBits(item) !== null) return single(item, null);
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::([1-9]\d{0,4}))?$/.exec(item);
  if (!match) return null;
  const port = match[3] === undefined ? null : Number(match[3]);
  if (port !== null && port > 65_535) return null;
  if (match[1] !== undefined) return isIP(match[1]) === 6 ? single(match[1], port) : null;
  const name = match[2] ?? '';
  return isIP(name) === 4 ? single(name, port) : named(name, port);
}

function single(address: string, port: number | null): AllowedTarget | null {
  const bits = addressBits(address);
  return bits === null ? null : { kind: 'range', address, bits, port };
}

/** In the form of a URL's `hostname`: lower case, ASCII. */
function named(text: string, port: number | null): AllowedTarget | null {
  if (/[\s@?#\\%]/.test(text)) return null;
  const url = URL.canParse(`http://${text}/`) ? new URL(`http://${text}/`) : null;
  return url && NAME.test(url.hostname) ? { kind: 'name', name: url.hostname, port } : null;
}

function addressBits(text: string): number | null {
  if (text.includes('%')) return null;
  return { 4: 32, 6: 128 }[isIP(text)] ?? null;
}
