import type { FastifyRequest } from 'fastify';

/**
 * The URI that the client requested, without its query.
 * @param publicUrl the public URL of the service; without it, in development, the request itself decides
 */
export function requestUri(
  request: Pick<FastifyRequest, 'url' | 'protocol' | 'host'>,
  publicUrl: string | null,
): string {
  // A client may also write the whole address into the request line (RFC 9112, section 3.2.2).
  const path = (request.url.split('?', 1)[0] ?? '/').replace(/^https?:\/\/[^/]*/i, '');
  return `${publicUrl ?? `${request.protocol}://${request.host}`}${path}`;
}
