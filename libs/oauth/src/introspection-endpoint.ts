import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import {
  decodeBody,
  isAuthorizationRepeated,
  OAUTH_MEDIA_TYPE,
  PlainAnswers,
  requestIdOf,
} from '@countersign/http';
import { countedAddress } from '@countersign/limits';
import { Tracing } from '@countersign/observability';
import { bodyOf } from './body';
import { ClientAuthenticator } from './client-authenticator';
import { parseForm } from './form';
import { IntrospectionService } from './introspection.service';
import { readParameters } from './token-parameters';

const PATH = '/v1/oauth/introspect';
const FORM = 'application/x-www-form-urlencoded';
const MAX_BYTES = 8 * 1024;

/** Headers that change how a request is read or counted, or the content of its response. */
const UNUSUAL = [
  'origin',
  'expect',
  'transfer-encoding',
  'content-encoding',
  'dpop',
  'forwarded',
  'x-forwarded-for',
] as const;

/**
 * Introspection for servers of an application, on node:http itself: the framework's layers would double the
 * work. Other requests are passed on to the route, which answers plain ones the same.
 */
@Injectable()
export class IntrospectionEndpoint {
  private readonly near = new WeakMap<Socket, boolean>();

  constructor(
    private readonly clients: ClientAuthenticator,
    private readonly introspection: IntrospectionService,
    private readonly answers: PlainAnswers,
    private readonly tracing: Tracing,
  ) {}

  /**
   * Whether a request is plain: a short form from a server of this network, to which no address limit
   * applies.
   */
  isAsked({ method, url, headers, rawHeaders, socket }: IncomingMessage): boolean {
    if (url !== PATH || method !== 'POST' || this.tracing.isOn) return false;
    const length = headers['content-length'] ?? '';
    return (
      headers.host !== undefined &&
      headers['content-type'] === FORM &&
      /^[1-9]\d{0,3}$/.test(length) &&
      Number(length) <= MAX_BYTES &&
      UNUSUAL.every((name) => headers[name] === undefined) &&
      !isAuthorizationRepeated(rawHeaders) &&
      this.isNear(socket)
    );
  }

  /** Whether the caller is in this network, where no address limit applies. */
  private isNear(socket: Socket): boolean {
    const known = this.near.get(socket);
    if (known !== undefined) return known;
    const isNear = countedAddress(socket.remoteAddress) === null;
    this.near.set(socket, isNear);
    return isNear;
  }

  /**
   * @param common names and values of the headers of every response
   * @param pass hands over a request with an unknown client: the route refuses it
   */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    common: readonly string[],
    pass: () => void,
  ): Promise<void> {
    const startedAt = performance.now();
    const { authorization } = request.headers;
    const applicationId = await this.clients.authenticate(authorization).catch(() => null);
    if (applicationId === null) {
      pass();
      return;
    }
    const requestId = requestIdOf(request.headers['x-request-id']);
    const headers = [...common, 'x-request-id', requestId];
    const plain = {
      method: 'POST',
      route: PATH,
      response,
      requestId,
      headers,
      startedAt,
      speaksOAuth: true,
    };
    let code: string | undefined;
    try {
      const form = parseForm(decodeBody(await bodyOf(request)));
      const answer = await this.introspection.introspectFor(applicationId, readParameters(form));
      send(response, headers, answer);
    } catch (thrown) {
      if (request.destroyed && !request.readableEnded) return;
      code = this.answers.refuse(plain, thrown);
    }
    this.answers.note(plain, code);
  }
}

function send(response: ServerResponse, headers: readonly string[], answer: object): void {
  const body = JSON.stringify(answer);
  const own = ['cache-control', 'no-store', 'content-type', OAUTH_MEDIA_TYPE];
  response.writeHead(200, [...headers, ...own, 'content-length', String(Buffer.byteLength(body))]);
  response.end(body);
}
