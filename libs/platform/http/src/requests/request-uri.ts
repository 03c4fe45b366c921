import type { FastifyRequest } from 'fastify';

/** Without a query. @param publicUrl the service's public URL; without it, in development, the request decides */
export function requestUri(
  request: Pick<FastifyRequest, 'url' | 'protocol' | 'host'>,
  publicUrl: string | null,
): string {
  // A client may also write the whole address into the request line (RFC 9112, section 3.2.2).
  const path = (request.url.split('?', 1)[0] ?? '/').replace(/^https?:\/\/[^/]*/i, '');
  return `${publicUrl ?? `${request.protocol}://${request.host}`}${path}`;
}
