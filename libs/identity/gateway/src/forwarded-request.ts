import type { IncomingMessage } from 'node:http';
import { gatewayError } from './gateway.errors';

/** The client's request as the gateway received it. */
export interface ForwardedRequest {
  readonly method: string;
  /** Absolute. */
  readonly uri: string;
}

/**
 * By `X-Forwarded-Method`, `-Proto`, `-Host` and `-Uri`: only the gateway reaches its port. Missing values
 * are those of the request itself, which then matches no proof for another address.
 * @throws AppError gateway.header_repeated
 */
export function forwardedRequest(request: IncomingMessage): ForwardedRequest {
  const path = headerOf(request, 'x-forwarded-uri') ?? request.url ?? '/';
  const method = headerOf(request, 'x-forwarded-method') ?? request.method ?? 'GET';
  return { method, uri: `${originOf(request)}${path}` };
}

/**
 * For gateways that keep the method and append the client's path to that of the check.
 * @param path that of the client, with its query
 */
export function requestBehindPrefix(request: IncomingMessage, path: string): ForwardedRequest {
  return { method: request.method ?? 'GET', uri: `${originOf(request)}${path}` };
}

/**
 * For gateways that can send no headers of their own, so that each `X-Forwarded-*` would be the client's.
 * @param scheme of the public address, `https:`
 * @param path that of the client, with its query
 */
export function requestByItself(request: IncomingMessage, scheme: string, path: string): ForwardedRequest {
  return { method: request.method ?? 'GET', uri: `${scheme}//${request.headers.host ?? ''}${path}` };
}

function originOf(request: IncomingMessage): string {
  // Some gateways say `wss` of a WebSocket. Its request is one of HTTP, and proofs name it as such.
  const protocol = (headerOf(request, 'x-forwarded-proto') ?? 'http').replace(/^ws/, 'http');
  const host = headerOf(request, 'x-forwarded-host') ?? request.headers.host ?? '';
  return `${protocol}://${host}`;
}

/**
 * Node joins repeated headers, which would go unnoticed behind a `?`. A proxy that adds to a header writes a comma, which is
 * in no method, scheme or host.
 */
function headerOf({ headersDistinct }: IncomingMessage, name: string): string | undefined {
  const [value, ...more] = headersDistinct[name] ?? [];
  const isList = more.length > 0 || (name !== 'x-forwarded-uri' && value?.includes(','));
  if (isList)
    throw gatewayError('gateway.header_repeated', {
      detail: `\`${name}\` has several values: the gateway has to overwrite this header, not add to it.`,
    });
  return value;
}
