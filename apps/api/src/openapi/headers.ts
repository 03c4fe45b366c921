import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { ERROR_CODE } from './problems/error-codes';
import { operationsOf, type Operation } from './operations';

type Components = NonNullable<OpenAPIObject['components']>;
type Headers = NonNullable<Components['headers']>;

const COUNTED = ['RateLimit', 'RateLimit-Policy'];
/** Calls of which only the refused ones are counted. */
const UNCOUNTED = ['finishTelegramLogin', 'introspectToken', 'revokeToken'];

const headers: Headers = {
  'X-Request-Id': {
    description: 'The id of the request, also in the log; the caller’s own if it is well-formed.',
    schema: { type: 'string', example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11' },
  },
  'X-Problem-Code': {
    description: '`code` of the body, for clients that cannot read the body.',
    schema: { $ref: getSchemaPath(ERROR_CODE) },
  },
  RateLimit: {
    description:
      'Sent when a limit counts the call: calls left (`r`) and seconds until there are more (`t`), draft-ietf-httpapi-ratelimit-headers-10.',
    schema: { type: 'string', example: '"read";r=5999;t=300' },
  },
  'RateLimit-Policy': {
    description: 'Sent with `RateLimit`: calls (`q`) per window in seconds (`w`).',
    schema: { type: 'string', example: '"read";q=6000;w=300' },
  },
  'WWW-Authenticate': {
    description: 'The required authentication scheme, and the error of the credentials that were sent.',
    schema: { type: 'string', example: 'Bearer realm="countersign", error="invalid_token"' },
  },
  'Idempotent-Replayed': {
    description: '`true` when this is the answer to an earlier request with the same `Idempotency-Key`.',
    schema: { type: 'string', enum: ['true'], example: 'true' },
  },
  'Retry-After': {
    description: 'Seconds to wait before the next attempt.',
    schema: { type: 'integer', minimum: 0, example: 2 },
  },
};

const proofOfDeviceKey: NonNullable<Operation['parameters']>[number] = {
  name: 'DPoP',
  in: 'header',
  required: false,
  description:
    'A proof of the device key that the session is bound to (RFC 9449). At sign-in it binds the new session to its key.',
  schema: {
    type: 'string',
    pattern: '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$',
    example: 'eyJ0eXAiOiJkcG9wK2p3dCJ9.eyJodG0iOiJQT1NUIn0.c2lnbmF0dXJl',
  },
};

/** Headers that a problem of this status can have, as references. */
export function problemHeadersOf(status: number): Headers {
  return referencesTo([
    ...['X-Request-Id', 'X-Problem-Code', ...COUNTED],
    ...(status === 401 || status === 403 ? ['WWW-Authenticate'] : []),
    ...(status === 429 || status === 503 ? ['Retry-After'] : []),
  ]);
}

/** Lists the `DPoP` header where a proof of a device key may be sent. */
export function addDeviceKeyProofs(document: OpenAPIObject): void {
  for (const operation of operationsOf(document).filter(takesDeviceKey))
    operation.parameters = [...(operation.parameters ?? []), proofOfDeviceKey];
}

/** Lists headers of answers: of successes here, and those that problems refer to. */
export function addResponseHeaders(document: OpenAPIObject): void {
  for (const operation of operationsOf(document)) {
    const names = [
      'X-Request-Id',
      ...(isCounted(operation) ? COUNTED : []),
      ...(takesHeader(operation, 'Idempotency-Key') ? ['Idempotent-Replayed'] : []),
    ];
    for (const [status, response] of Object.entries(operation.responses)) {
      if (!response || '$ref' in response) continue;
      const isAway = status === '503' ? ['Retry-After'] : [];
      response.headers = { ...response.headers, ...referencesTo([...names, ...isAway]) };
    }
  }
  const text = JSON.stringify(document);
  (document.components ??= {}).headers = Object.fromEntries(
    Object.entries(headers).filter(([name]) => text.includes(`"#/components/headers/${name}"`)),
  );
}

function takesHeader({ parameters }: Operation, header: string): boolean {
  return parameters?.some((parameter) => 'name' in parameter && parameter.name === header) ?? false;
}

function takesDeviceKey(operation: Operation): boolean {
  return operation['x-error-codes']?.includes('dpop.other_key') ?? false;
}

function isCounted(operation: Operation): boolean {
  const hasLimit = operation['x-error-codes']?.includes('request.rate_limited') ?? false;
  return hasLimit && !UNCOUNTED.includes(operation.operationId ?? '');
}

function referencesTo(names: readonly string[]): Headers {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
