import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { assertPlainUtf8, decodeBody, parseForm, parseJsonBody, requestError } from '@countersign/http';

/** Accepts JSON in UTF-8 only, or forms only on routes for forms. */
export function useBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  takeBodies(fastify, 'application/merge-patch+json', ({ routeOptions }, bytes) => {
    if (!routeOptions.config.takesMergePatch) throw requestError('request.unsupported_media_type');
    return parseJsonBody(bytes);
  });
  takeBodies(fastify, 'application/json', (request, bytes) => {
    if (request.routeOptions.config.speaksOAuth) throw requestError('request.unsupported_media_type');
    const body = parseJsonBody(bytes);
    if (request.routeOptions.config.keepsBodyText) request.bodyText = decodeBody(bytes);
    return body;
  });
  takeBodies(fastify, 'application/x-www-form-urlencoded', (request, bytes) => {
    if (!request.routeOptions.config.speaksOAuth) throw requestError('request.unsupported_media_type');
    return parseForm(decodeBody(bytes));
  });
  fastify.addContentTypeParser('*', (request, payload, done) => {
    if (request.is404) done(null);
    else if (request.headers['content-type'] !== undefined)
      done(requestError('request.unsupported_media_type'));
    else takeNothing(payload, done);
  });
}

/** A body without a type is accepted while it is empty: proxies send chunks for calls without a body. */
function takeNothing(payload: Readable, done: (error: Error | null) => void): void {
  payload.once('data', () => {
    done(requestError('request.unsupported_media_type'));
  });
  payload.once('end', () => {
    done(null);
  });
  payload.once('error', done);
}

function takeBodies(
  fastify: FastifyInstance,
  type: string,
  parse: (request: FastifyRequest, bytes: Buffer) => unknown,
): void {
  fastify.addContentTypeParser(type, { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      assertPlainUtf8(request.headers);
      done(null, parse(request, bytes as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}
