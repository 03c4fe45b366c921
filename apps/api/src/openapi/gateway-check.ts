import type { OpenAPIObject } from '@nestjs/swagger';
import { gatewayErrorCodes } from '@countersign/gateway';
import { assurances } from '@countersign/sessions';
import { EXAMPLE_ID } from './headers';
import type { Operation } from './operations';

export const GATEWAY_CHECK_PATH = '/v1/gateway/authorize';

type Parameters = NonNullable<Operation['parameters']>;
type Headers = NonNullable<NonNullable<OpenAPIObject['components']>['headers']>;

type Schema = NonNullable<Extract<Parameters[number], { name: string }>['schema']>;

function parameter(
  place: 'query' | 'header',
  name: string,
  description: string,
  schema: Schema,
): Parameters[number] {
  return { name, in: place, required: false, description, schema: { type: 'string', ...schema } };
}

const ASSURANCE = { enum: [...assurances], example: 'platform' };

const questions: Parameters = [
  parameter('query', 'scope', 'Scopes that the session needs, separated by spaces. May be repeated.', {
    minLength: 1,
    example: 'orders:read',
  }),
  parameter('query', 'audience', 'The audience of the identity token; defaults to the application.', {
    minLength: 1,
    example: 'orders',
  }),
  parameter('query', 'assurance', 'The weakest assurance that is enough.', ASSURANCE),
];

const forwarded: Parameters = (
  [
    ['X-Forwarded-Method', 'The method of the client’s request.', 'POST'],
    ['X-Forwarded-Proto', 'The scheme of the client’s request.', 'https'],
    ['X-Forwarded-Host', 'The host of the client’s request.', 'api.example.com'],
    ['X-Forwarded-Uri', 'Path and query of the client’s request.', '/orders?page=2'],
  ] as const
).map(([name, description, example]) =>
  parameter('header', name, `${description} A proof in \`DPoP\` is compared with it.`, { example }),
);

const subprotocols = parameter(
  'header',
  'Sec-WebSocket-Protocol',
  'The subprotocols that a WebSocket offers. `countersign.token.<access token>` and `countersign.dpop.<proof>` count as ' +
    '`Authorization` and `DPoP`; at least one other has to be there.',
  { example: 'orders.v1' },
);

const ID = { format: 'uuid', example: EXAMPLE_ID };

const answered: Headers = Object.fromEntries(
  (
    [
      ['X-User-Id', 'The user.', ID],
      ['X-Session-Id', 'The session.', ID],
      ['X-Application-Id', 'The application of the session.', ID],
      ['X-Assurance', 'How hard the proof that opened the session is to forge.', ASSURANCE],
      [
        'Sec-WebSocket-Protocol',
        'The offered subprotocols without credentials, for the service; only where some were offered.',
        { example: 'orders.v1' },
      ],
      [
        'X-Identity-Token',
        'A JWT for the service behind the gateway, verified with `/.well-known/jwks.json`.',
        { example: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl' },
      ],
    ] as const
  ).map(([name, description, schema]) => [name, { description, schema: { type: 'string', ...schema } }]),
);

/** Nest does not know this route, because `GatewayEndpoint` answers it on node:http. */
export function gatewayCheck(): Operation {
  return {
    operationId: 'authorizeRequest',
    tags: ['Gateway'],
    summary: 'Check the access token of a request',
    description:
      'The gateway calls this before it lets a request pass, with the `Authorization` and `DPoP` of its client. Every ' +
      'method is answered alike; a body is not read. A gateway that puts the client’s path behind this one asks by ' +
      '`/v1/gateway/external-auth/{requirements}` before that path.',
    security: [{ accessToken: [] }, { boundAccessToken: [] }],
    parameters: [...questions, ...forwarded, subprotocols],
    responses: { 200: { description: 'The request may pass. No body.', headers: answered } },
    'x-error-codes': [...new Set(gatewayErrorCodes)].sort(),
  };
}
