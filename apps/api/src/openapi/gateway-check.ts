import type { OpenAPIObject } from '@nestjs/swagger';
import { gatewayErrorCodes } from '@countersign/gateway';
import { assurances } from '@countersign/sessions';
import { EXAMPLE_ID } from './headers';
import type { Operation } from './operations';

export const GATEWAY_CHECK_PATH = '/v1/gateway/authorize';

type Parameters = NonNullable<Operation['parameters']>;
type Headers = NonNullable<NonNullable<OpenAPIObject['components']>['headers']>;

const questions: Parameters = [
  {
    name: 'scope',
    in: 'query',
    required: false,
    description: 'Scopes that the session needs, separated by spaces. May be repeated.',
    schema: { type: 'string', minLength: 1, example: 'orders:read' },
  },
  {
    name: 'audience',
    in: 'query',
    required: false,
    description: 'The audience of the identity token; defaults to the application.',
    schema: { type: 'string', minLength: 1, example: 'orders' },
  },
  {
    name: 'assurance',
    in: 'query',
    required: false,
    description: 'The weakest assurance that is enough.',
    schema: { type: 'string', enum: [...assurances], example: 'platform' },
  },
];

const forwarded: Parameters = (
  [
    ['X-Forwarded-Method', 'The method of the client’s request.', 'POST'],
    ['X-Forwarded-Proto', 'The scheme of the client’s request.', 'https'],
    ['X-Forwarded-Host', 'The host of the client’s request.', 'api.example.com'],
    ['X-Forwarded-Uri', 'Path and query of the client’s request.', '/orders?page=2'],
  ] as const
).map(([name, description, example]) => ({
  name,
  in: 'header',
  required: false,
  description: `${description} A proof in \`DPoP\` is compared with it.`,
  schema: { type: 'string', example },
}));

const subprotocols: Parameters = [
  {
    name: 'Sec-WebSocket-Protocol',
    in: 'header',
    required: false,
    description:
      'The subprotocols that a WebSocket offers. `countersign.token.<access token>` and `countersign.dpop.<proof>` count as ' +
      '`Authorization` and `DPoP`; at least one other has to be there.',
    schema: { type: 'string', example: 'orders.v1' },
  },
];

const answered: Headers = {
  'X-User-Id': { description: 'The user.', schema: { type: 'string', format: 'uuid', example: EXAMPLE_ID } },
  'X-Session-Id': {
    description: 'The session.',
    schema: { type: 'string', format: 'uuid', example: EXAMPLE_ID },
  },
  'X-Application-Id': {
    description: 'The application of the session.',
    schema: { type: 'string', format: 'uuid', example: EXAMPLE_ID },
  },
  'X-Assurance': {
    description: 'How hard the proof that opened the session is to forge.',
    schema: { type: 'string', enum: [...assurances], example: 'platform' },
  },
  'Sec-WebSocket-Protocol': {
    description:
      'The offered subprotocols without credentials, for the service; only where some were offered.',
    schema: { type: 'string', example: 'orders.v1' },
  },
  'X-Identity-Token': {
    description: 'A JWT for the service behind the gateway, verified with `/.well-known/jwks.json`.',
    schema: { type: 'string', example: 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIuLi4ifQ.c2lnbmF0dXJl' },
  },
};

/** The check is answered on node:http (`GatewayEndpoint`), which Nest knows nothing of. */
export function gatewayCheck(): Operation {
  return {
    operationId: 'authorizeRequest',
    tags: ['Gateway'],
    summary: 'Check the access token of a request',
    description:
      'The gateway calls this before it lets a request pass, with the `Authorization` and `DPoP` of its client. Every ' +
      'method is answered alike; a body is not read. A gateway that puts the client’s path behind this one asks by ' +
      '`X-Gateway-Scope`, `X-Gateway-Audience` and `X-Gateway-Assurance` instead of the query. One that can send no headers ' +
      'of its own asks by `/v1/gateway/external-auth/{requirements}` before the client’s path.',
    security: [{ accessToken: [] }, { boundAccessToken: [] }],
    parameters: [...questions, ...forwarded, ...subprotocols],
    responses: { 200: { description: 'The request may pass. No body.', headers: answered } },
    'x-error-codes': [...new Set(gatewayErrorCodes)].sort(),
  };
}
