import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { requestError } from '../http.errors';

/** The default limit of a body. */
export const MAX_BODY_BYTES = 64 * 1024;

const AUTHORIZATION = 'authorization';

const UTF8 = /;\s*charset\s*=\s*"?utf-?8"?\s*(;|$)/i;

/** Refuses a request without `Host`, and one that repeats its credentials. */
export function assertWellFormed({ headers, httpVersion, rawHeaders }: IncomingMessage): void {
  if (headers.host === undefined && httpVersion !== '1.0')
    throw requestError('request.malformed', { detail: 'The `Host` header is missing.' });
  if (isAuthorizationRepeated(rawHeaders))
    throw requestError('request.malformed', { detail: 'The `Authorization` header comes more than once.' });
}

/** JSON and forms allow only UTF-8 (RFC 8259, section 8.1). */
export function assertPlainUtf8(headers: IncomingHttpHeaders): void {
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? 'identity';
  const isOtherCharset = /charset/i.test(type) && !UTF8.test(type);
  if (isOtherCharset || encoding.toLowerCase() !== 'identity')
    throw requestError('request.unsupported_media_type');
}

/** Node uses the first one of repeated `Authorization` headers. A proxy may have checked another one. */
function isAuthorizationRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) count += 1;
  }
  return count > 1;
}
