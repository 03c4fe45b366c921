import { isIP } from 'node:net';
import type { AllowedTarget } from '@countersign/runtime';
import { accepted, isDnsName, isInsideName, parseUrl, refused, type Result } from '@countersign/text';
import { isListed, mayCall, type Destination } from './address-rules';

const MAX_URL_LENGTH = 2_048;
const STRAY_CHARACTER = /[\s\\\p{Cc}\p{Cf}\p{Cs}]/u;

/** A sentence for each refusal. No sentence quotes the URL. */
export const urlRefusals = {
  too_long: `A URL has at most ${MAX_URL_LENGTH} characters.`,
  malformed: 'This is not an absolute URL of the form https://host/path, without spaces and backslashes.',
  scheme: 'The URL has to begin with https://. Plain http:// is for hosts in WEBHOOK_ALLOWED_TARGETS.',
  credentials: 'The URL must not have a user or a password: receivers check the signature.',
  fragment: 'The URL must not have a fragment, which is never sent.',
  host: 'The host is neither an IP address nor a name of the DNS.',
  inside_address: 'The address is not a public one, and not in WEBHOOK_ALLOWED_TARGETS.',
  inside_name: 'The name is one of an internal network, and not in WEBHOOK_ALLOWED_TARGETS.',
  port: 'The port has to be 443. Others are for hosts in WEBHOOK_ALLOWED_TARGETS.',
} as const;

export type UrlRefusal = keyof typeof urlRefusals;

export interface CheckedUrl extends Destination {
  /** `https://host:port`, as `URL.origin` writes it. */
  readonly origin: string;
  readonly path: string;
}

/**
 * Checks a URL without the DNS, at its registration and before each attempt.
 * @param allowed receivers in the operator's network: they may have internal addresses, http and other ports
 */
export function checkUrl(text: string, allowed: readonly AllowedTarget[]): Result<CheckedUrl, UrlRefusal> {
  if (text.length > MAX_URL_LENGTH) return refused('too_long');
  if (/^(?!https?:)[a-z][a-z0-9+.-]*:/i.test(text)) return refused('scheme');
  // The URL parser would drop tabs and line breaks, read `\` as `/`, and add missing slashes.
  const authority = /^https?:\/\/([^/?#]+)/i.exec(text)?.[1];
  if (authority === undefined || STRAY_CHARACTER.test(text)) return refused('malformed');
  if (authority.includes('@')) return refused('credentials');
  if (text.includes('#')) return refused('fragment');
  const url = parseUrl(text);
  if (!url) return refused('malformed');

  const isSecure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || (isSecure ? 443 : 80));
  const isAddress = isIP(host) !== 0;
  if (!isAddress && !isDnsName(host)) return refused('host');
  const listed = isListed({ host, port }, allowed);
  if (isAddress && !mayCall(host, { host, port }, allowed)) return refused('inside_address');
  if (!isAddress && !listed && isInsideName(host)) return refused('inside_name');
  if (!isSecure && !listed) return refused('scheme');
  if (port === 0 || (port !== 443 && !listed)) return refused('port');
  return accepted({ host, port, origin: url.origin, path: `${url.pathname}${url.search}` });
}
