import type { IncomingMessage } from 'node:http';
import { assurances, type Assurance } from '@countersign/sessions';
import { gatewayError } from './gateway.errors';

export interface ForwardedRequest {
  readonly method: string;
  /** An absolute URI. */
  readonly uri: string;
}

/**
 * Reads `X-Forwarded-Method`, `-Proto`, `-Host` and `-Uri`, because only the gateway can connect to this port. The
 * request itself replaces a missing value, and then matches no proof for another address.
 */
export function forwardedRequest(request: IncomingMessage): ForwardedRequest {
  const path = headerOf(request, 'x-forwarded-uri') ?? request.url ?? '/';
  const method = headerOf(request, 'x-forwarded-method') ?? request.method ?? 'GET';
  return { method, uri: `${originOf(request)}${path}` };
}

/**
 * For gateways that append the client's path to the path of the check, and can send no headers of their own. Each
 * `X-Forwarded-*` would be the client's.
 * @param scheme of the public address, `https:`
 * @param path the client's path with its query
 */
export function requestByItself(request: IncomingMessage, scheme: string, path: string): ForwardedRequest {
  return { method: request.method ?? 'GET', uri: `${scheme}//${request.headers.host ?? ''}${path}` };
}

function originOf(request: IncomingMessage): string {
  // Some gateways say `wss` for a WebSocket. Its request is an HTTP request, and proofs name it as such.
  const protocol = (headerOf(request, 'x-forwarded-proto') ?? 'http').replace(/^ws/, 'http');
  const host = headerOf(request, 'x-forwarded-host') ?? request.headers.host ?? '';
  return `${protocol}://${host}`;
}

/**
 * Node joins repeated headers, which would go unnoticed behind a `?`. A proxy that adds to a header writes a comma,
 * which is in no method, scheme or host.
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

export interface Question {
  readonly scopes: readonly string[];
  /** The audience of the identity token; by default the application itself. */
  readonly audience: string | undefined;
  /** The weakest accepted assurance. */
  readonly assurance: Assurance | undefined;
}

const NOTHING_ASKED: Question = Object.freeze({ scopes: [], audience: undefined, assurance: undefined });
const ASKED = ['scope', 'audience', 'assurance'];

/** Reads `?scope=`, `?audience=` and `?assurance=`. Refuses other names: a misspelt requirement must not be ignored. */
export function questionOfQuery(query: string): Question {
  if (query === '' || query === '?') return NOTHING_ASKED;
  const parameters = [...new URLSearchParams(query)];
  if (parameters.some(([name]) => !ASKED.includes(name))) throw gatewayError('gateway.question_invalid');
  const [scope = [], audience = [], assurance = []] = ASKED.map((wanted) =>
    parameters.filter(([name]) => name === wanted).map(([, value]) => value),
  );
  if (audience.length > 1 || [...scope, ...audience].some((value) => value.trim() === ''))
    throw gatewayError('gateway.question_invalid');
  const wanted = assurances.find((known) => known === assurance[0]);
  if (assurance.length > 1 || (assurance.length === 1 && wanted === undefined))
    throw gatewayError('gateway.question_invalid');
  const scopes = scope.flatMap((words) => words.split(' ').filter((word) => word !== ''));
  return { scopes, audience: audience[0], assurance: wanted };
}

/** Reads a path segment such as `audience=orders&scope=read+write`; `any` requires nothing. Refuses an empty one. */
export function questionOfSegment(segment: string): Question {
  if (segment === 'any') return NOTHING_ASKED;
  if (segment === '') throw gatewayError('gateway.question_invalid');
  return questionOfQuery(segment);
}
