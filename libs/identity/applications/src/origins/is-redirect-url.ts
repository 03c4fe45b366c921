import { ValidateBy, type ValidationOptions } from 'class-validator';
import { parseUrl } from '@countersign/text';

const LONGEST = 2_000;
/** A sign-in adds these parameters to the query. With duplicates, a page would read the first one. */
const RESERVED = ['code', 'state', 'error', 'error_description'];
const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

/** A page that may receive a one-time code: HTTPS, or localhost in development; no fragment, no user information. */
export function isRedirectUrl(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > LONGEST) return false;
  const url = parseUrl(value);
  if (!url) return false;
  const { protocol, hostname, hash, username, password, searchParams } = url;
  if (RESERVED.some((name) => searchParams.has(name))) return false;
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOCAL_HOSTS.has(hostname));
  return isSafe && hash === '' && !value.includes('#') && username === '' && password === '';
}

/** A URL as browsers write it in `location.href` or `location.origin` (WHATWG URL Standard). */
export function browserSpelling(value: string): string {
  const url = parseUrl(value);
  return url === null || url.origin === value ? value : url.href;
}

export function IsRedirectUrl(options?: ValidationOptions): PropertyDecorator {
  const message =
    'must be an https:// URL (http:// only on localhost) without a fragment, a user, and parameters that are added to it (code, state, error)';
  return ValidateBy(
    { name: 'isRedirectUrl', validator: { validate: isRedirectUrl } },
    { message, ...options },
  );
}
