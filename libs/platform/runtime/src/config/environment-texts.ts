import { KeyRing } from '@countersign/crypto';
import { readIpRange } from '@countersign/text';

// Parsers of environment variables. Each throws a sentence that never quotes the text.

export function oneOf<const T extends string>(...allowed: readonly T[]): (text: string) => T {
  return (text) => {
    const found = allowed.find((candidate) => candidate === text);
    if (found === undefined) throw new Error(`must be one of ${allowed.join(', ')}`);
    return found;
  };
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d{1,15}$/.test(text) || value < least || value > most)
      throw new Error(`must be a whole number from ${least} to ${most}`);
    return value;
  };
}

function textThat(rule: string, isValid: (text: string) => boolean): (text: string) => string {
  return (text) => {
    if (!isValid(text)) throw new Error(rule);
    return text;
  };
}

export const nonEmpty = textThat('must not be empty', (text) => text.trim() !== '');

export const postgresUrl = textThat(
  'must be a postgresql:// URL',
  (text) => /^postgres(ql)?:\/\/.+/.test(text) && URL.canParse(text),
);

export const ledgerUrl = textThat(
  'must be a postgresql:// URL, or file:/// and an absolute path',
  (text) => /^(?:postgres(ql)?:\/\/.+|file:\/\/\/[^?#]*[^/?#])$/.test(text) && URL.canParse(text),
);

export const redisUrl = textThat(
  'must be a redis:// or rediss:// URL',
  (text) => /^rediss?:\/\/.+/.test(text) && URL.canParse(text),
);

export const absolutePath = textThat('must be an absolute path', (text) => text.startsWith('/'));

/** Linux and macOS allow at most 103 bytes. */
export const socketPath = textThat(
  'must be an absolute path of at most 103 bytes',
  (text) => text.startsWith('/') && Buffer.byteLength(text) <= 103,
);

export function publicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (!url || !isSafe || url.search || url.hash || url.username || url.password)
    throw new Error('must be an https:// URL (http:// only on localhost) without query, fragment and user');
  return url.href.replace(/\/$/, '');
}

/** A URL without a path. */
export function originUrl(text: string): string {
  const url = publicUrl(text);
  if (new URL(url).origin !== url)
    throw new Error('must be an https:// URL (http:// only on localhost) without a path');
  return url;
}

export function openIdScope(text: string): string {
  const scopes = text.split(' ').filter((scope) => scope !== '');
  if (!scopes.includes('openid') || !scopes.every((scope) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)))
    throw new Error('must be scopes separated by spaces, with `openid` among them');
  return scopes.join(' ');
}

/** Names of members, from the outside in: a JSON pointer (RFC 6901), or a single name. */
export function claimPath(text: string): readonly string[] {
  if (!text.startsWith('/')) return [nonEmpty(text)];
  const names = text.slice(1).split('/');
  if (names.some((name) => name === '' || /~(?![01])/.test(name)))
    throw new Error('must be the name of a claim, or a JSON pointer such as /realm_access/roles');
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
  if (!isPlain || url.password) throw new Error('must be an https:// URL without query, fragment and user');
  return url.href.replace(/\/$/, '');
}

export function addressRanges(text: string): readonly string[] {
  const ranges = itemsOf(text);
  if (ranges.some((range) => readIpRange(range) === null))
    throw new Error('must be IP addresses or CIDR ranges, comma separated');
  return ranges;
}

/** RFC 1123, section 2.1. */
const HOST_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;

export function hostNames(text: string): readonly string[] {
  const found = itemsOf(text.toLowerCase());
  if (!found.every((name) => HOST_NAME.test(name)))
    throw new Error('must be host names without ports, comma separated');
  return found;
}

export function names(text: string): readonly string[] {
  const found = itemsOf(text);
  if (!found.every((name) => /[\p{L}\p{N}]/u.test(name))) throw new Error('must be names, comma separated');
  return found;
}

export function itemsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** The public key of a fake Telegram, trusted for one bot: `<bot id>:<64 hex digits>`. */
interface DemoTelegramKey {
  readonly botId: string;
  readonly publicKeyHex: string;
}

export function demoTelegramKeys(text: string): readonly DemoTelegramKey[] {
  if (text === '') return [];
  const keys = text.split(',').map((item) => {
    const match = /^([1-9]\d{0,15}):([0-9a-f]{64})$/.exec(item.trim());
    if (!match?.[1] || !match[2]) throw new Error('must be <bot id>:<64 hex digits>, comma separated');
    return { botId: match[1], publicKeyHex: match[2] };
  });
  if (new Set(keys.map(({ botId }) => botId)).size < keys.length) throw new Error('must name each bot once');
  return keys;
}

/** Some issuers end with a slash, which belongs to their name. */
export function providerIssuer(text: string): string {
  issuerUrl(text.replace(/\/$/, ''));
  return text;
}

export const issuerUrl = textThat(
  'must be an https:// URL without a user, a query, a fragment and a slash at the end',
  (text) => /^https?:\/\/[^\s/?#@]+(\/[^\s?#]*[^\s/?#])?$/.test(text) && URL.canParse(text),
);

/** For `localhost`, the framework would listen on both loopback addresses, with a second server. */
export function listeningAddress(text: string): string {
  const host = nonEmpty(text);
  return host === 'localhost' ? '127.0.0.1' : host;
}

export function keyRing(text: string, variable: string, file = variable): KeyRing {
  try {
    return KeyRing.parse(text, file);
  } catch (error) {
    throw new Error(`is not a key ring: ${(error as Error).message}`, { cause: error });
  }
}
