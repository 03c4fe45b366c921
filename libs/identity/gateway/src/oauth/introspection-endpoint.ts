import type { IncomingMessage, ServerResponse, IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { AgreedClock } from '@countersign/database';
import {
  assertAllowed,
  assertPlainUtf8,
  assertWellFormed,
  bodyOf,
  CallerAddresses,
  decodeBody,
  type Form,
  isCountedRefusal,
  type LimitKey,
  MAX_BODY_BYTES,
  OAUTH_MEDIA_TYPE,
  parseForm,
  type PlainAnswer,
  PlainAnswers,
  RateLimits,
  refusalRules,
  requestError,
  requestIdOf,
  statusOf,
  toAppError,
} from '@countersign/http';
import { ClientCalls } from './authenticated-client';
import type { IntrospectionResponse } from './dto/introspection.response';
import { IntrospectionService } from './introspection.service';
import { tokenParameters } from './token-parameters';

const FORM = 'application/x-www-form-urlencoded';

/** Reads the form as a route does, but without Fastify. Empty without content. */
async function readForm(request: IncomingMessage): Promise<Form> {
  const { headers } = request;
  if (isEmpty(headers)) return new Map();
  const type = headers['content-type'] ?? '';
  // Created only when thrown, because the stack of an error costs a third of an introspection.
  if (type !== FORM && type.split(';', 1)[0]?.trim().toLowerCase() !== FORM) {
    await bodyOf(request, 0, () => requestError('request.unsupported_media_type'));
    return new Map();
  }
  const tooLarge = (): Error => requestError('request.too_large');
  if (Number(headers['content-length']) > MAX_BODY_BYTES) throw tooLarge();
  const bytes = await bodyOf(request, MAX_BODY_BYTES, tooLarge);
  if (bytes.length === 0) return new Map();
  assertPlainUtf8(headers);
  return parseForm(decodeBody(bytes));
}

function isEmpty(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
}

const METHOD = 'POST';
const PATH = '/v1/oauth/introspect';

interface Call extends PlainAnswer {
  readonly request: IncomingMessage;
  readonly headers: string[];
  readonly addressKey: LimitKey | null;
}

/** Runs on node:http, because the framework's layers would double the work (ADR 0001). It answers as routes do. */
@Injectable()
export class IntrospectionEndpoint {
  constructor(
    private readonly introspection: IntrospectionService,
    private readonly clients: ClientCalls,
    private readonly answers: PlainAnswers,
    private readonly limits: RateLimits,
    private readonly addresses: CallerAddresses,
    private readonly clock: AgreedClock,
  ) {}

  isAsked({ method, url = '' }: IncomingMessage): boolean {
    return method === METHOD && (url === PATH || pathOf(url) === PATH);
  }

  /** @param common names and values of headers that each response has */
  answer(request: IncomingMessage, response: ServerResponse, common: readonly string[]): void {
    const startedAt = performance.now();
    void this.serve(this.open(request, response, common, startedAt));
  }

  private open(
    request: IncomingMessage,
    response: ServerResponse,
    common: readonly string[],
    startedAt: number,
  ): Call {
    const requestId = requestIdOf(request.headers['x-request-id']);
    const headers = [...common, 'x-request-id', requestId];
    const addressKey = this.addresses.keyOf(request);
    const [method, route, speaksOAuth] = [METHOD, PATH, true];
    return { method, route, request, response, requestId, headers, addressKey, startedAt, speaksOAuth };
  }

  /** Never rejects. */
  private async serve(call: Call): Promise<void> {
    let code: string | undefined;
    try {
      send(call, await this.introspect(call));
    } catch (thrown) {
      await this.countRefusal(call, thrown);
      code = this.answers.refuse(call, thrown);
    }
    this.answers.note(call, code);
  }

  private async introspect(call: Call): Promise<IntrospectionResponse> {
    const { request, addressKey } = call;
    assertWellFormed(request);
    this.clock.assertRight();
    if (addressKey !== null) assertAllowed(await this.limits.peek(refusalRules.oauth, addressKey));
    const applicationId = await this.authenticate(call);
    const form = await formOf(call);
    return this.introspection.introspect(tokenParameters(request.url ?? '', form), applicationId);
  }

  /** Runs before the body is read. */
  private async authenticate({ request, headers }: Call): Promise<string> {
    try {
      return await this.clients.identifyServer(request.headers);
    } catch (refusal) {
      if (!request.complete) headers.push('connection', 'close');
      throw refusal;
    }
  }

  /** Counts before the response is sent, so that the next call finds it counted. */
  private async countRefusal({ addressKey }: Call, thrown: unknown): Promise<void> {
    if (addressKey === null) return;
    const { code, kind } = toAppError(thrown);
    if (isCountedRefusal({ code, status: statusOf(kind) }))
      await this.limits.consume(refusalRules.oauth, addressKey);
  }
}

/** The path as the router reads it; undefined if it is malformed. */
function pathOf(url: string): string | undefined {
  const path = url.replace(/^https?:\/\/[^/]*/i, '').split(/[?#]/, 1)[0] ?? '';
  try {
    return decodeURI(path);
  } catch {
    return undefined;
  }
}

/** Closes the connection: the rest of an unread body cannot be distinguished from the next request. */
async function formOf({ request, headers }: Call): Promise<Form> {
  try {
    return await readForm(request);
  } catch (refusal) {
    headers.push('connection', 'close');
    throw refusal;
  }
}

function send({ response, headers }: Call, answer: object): void {
  const body = JSON.stringify(answer);
  const own = ['cache-control', 'no-store', 'content-type', OAUTH_MEDIA_TYPE];
  response.writeHead(200, [...headers, ...own, 'content-length', String(Buffer.byteLength(body))]);
  response.end(body);
}
