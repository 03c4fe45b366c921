import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  assertNoFields,
  assertPlainUtf8,
  bodyOf,
  decodeBody,
  MAX_BODY_BYTES,
  parseForm,
  parseJsonBody,
  requestError,
} from '@countersign/http';
import { isFromGateway } from './server/listeners';

type Parse = (request: FastifyRequest, bytes: Buffer) => unknown;

/** RFC 9110 section 8.3.1. Parameters are not checked. */
const MEDIA_TYPE = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(;|$)/;

const MARK = Buffer.from('\ufeff');

const unsupported = (): Error => requestError('request.unsupported_media_type');
const tooLarge = (): Error => requestError('request.too_large');

/**
 * Accepts only JSON in UTF-8. Routes for forms and for browsers accept forms. An empty body needs no media type (RFC
 * 9110 section 8.3), and proxies send chunks for calls without a body. A call that takes no body refuses fields, also
 * with GET.
 * @param foreignPrefixes paths of the APIs of other services, whose calls without a body ignore it
 */
export function useBodies(fastify: FastifyInstance, foreignPrefixes: readonly string[]): void {
  const takesNoBody = (request: FastifyRequest): boolean => {
    const { config, url = '' } = request.routeOptions;
    return (
      config.takesNoBody === true &&
      !isFromGateway(request) &&
      !foreignPrefixes.some((prefix) => url.startsWith(prefix))
    );
  };
  const takeBodies = (type: string, parse: Parse | null): void => {
    fastify.addContentTypeParser(type, async (request: FastifyRequest, payload: Readable) => {
      const isEmpty = takesNoBody(request);
      if (request.is404 || (request.method === 'GET' && !isEmpty)) return undefined;
      try {
        const body = await read(request, payload, parse);
        if (isEmpty) assertNoFields(body);
        return body;
      } catch (error) {
        if (!request.routeOptions.config.checksCallerFirst) throw error;
        request.bodyProblem = error as Error;
        return undefined;
      }
    });
  };
  fastify.removeAllContentTypeParsers();
  // By default, the framework reads no body of a GET.
  fastify.addHttpMethod('GET', { hasBody: true, overrideExisting: true });
  takeBodies('application/merge-patch+json', ({ routeOptions }, bytes) => {
    if (!routeOptions.config.takesMergePatch) throw unsupported();
    return parseJsonBody(withoutMark(bytes));
  });
  takeBodies('application/json', (request, sent) => {
    if (request.routeOptions.config.speaksOAuth) throw unsupported();
    const bytes = withoutMark(sent);
    const body = parseJsonBody(bytes);
    if (request.routeOptions.config.keepsBodyText) request.bodyText = decodeBody(bytes);
    return body;
  });
  takeBodies('application/x-www-form-urlencoded', (request, bytes) => {
    const { answersBrowsers, speaksOAuth } = request.routeOptions.config;
    if (!answersBrowsers && !speaksOAuth) throw unsupported();
    return parseForm(decodeBody(bytes));
  });
  takeBodies('*', null);
  fastify.addHook('onRequest', ({ raw: { headers } }, _reply, done) => {
    const type = headers['content-type'];
    // The framework would refuse this header before it reads a body.
    if (type !== undefined && !MEDIA_TYPE.test(type)) delete headers['content-type'];
    done();
  });
  fastify.addHook('preHandler', ({ bodyProblem }, reply, done) => {
    // The rest of the body could be read as the next request.
    if (bodyProblem) void reply.header('connection', 'close');
    done();
  });
}

/** A parser may ignore a byte order mark (RFC 8259 section 8.1). Programs of .NET and PowerShell write one. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, MARK.length).equals(MARK) ? bytes.subarray(MARK.length) : bytes;
}

async function read(request: FastifyRequest, payload: Readable, parse: Parse | null): Promise<unknown> {
  const { headers } = request;
  if (!parse) {
    await bodyOf(payload, 0, unsupported);
    return undefined;
  }
  const { maxBodyBytes = MAX_BODY_BYTES } = request.routeOptions.config;
  if (Number(headers['content-length']) > maxBodyBytes) throw tooLarge();
  const bytes = await bodyOf(payload, maxBodyBytes, tooLarge);
  if (bytes.length === 0) return undefined;
  assertPlainUtf8(headers);
  return parse(request, bytes);
}
