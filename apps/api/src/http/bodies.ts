import type { FastifyInstance, FastifyRequest } from 'fastify';
import { decodeBody, parseJsonBody, requestError } from '@countersign/http';

const UTF8 = /;\s*charset\s*=\s*"?utf-?8"?\s*(;|$)/i;

/** Takes JSON in UTF-8 and nothing else. */
export function useJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      assertPlain(request);
      const body = parseJsonBody(bytes as Buffer);
      if (request.routeOptions.config.keepsBodyText) request.bodyText = decodeBody(bytes as Buffer);
      done(null, body);
    } catch (error) {
      done(error as Error);
    }
  });
}

/** RFC 8259 section 8.1 knows no charset but UTF-8: another one announces bytes that would be misread. */
function assertPlain({ headers }: FastifyRequest): void {
  const type = headers['content-type'] ?? '';
  const encoding = headers['content-encoding'] ?? 'identity';
  const isOtherCharset = /charset/i.test(type) && !UTF8.test(type);
  if (isOtherCharset || encoding.toLowerCase() !== 'identity')
    throw requestError('request.unsupported_media_type');
}
