import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { ERROR_CODE } from './error-codes';
import { operationsOf, type Operation } from './operations';

type Components = NonNullable<OpenAPIObject['components']>;
type Parameter = NonNullable<Operation['parameters']>[number];
type Headers = NonNullable<Components['headers']>;

export const EXAMPLE_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

export const headers: Headers = {
  'X-Request-Id': {
    description: 'The id of the request, also in the log; the caller’s own if it is well-formed.',
    schema: { type: 'string', example: EXAMPLE_ID },
  },
  'X-Problem-Code': {
    description: '`code` of the body, for clients that cannot read the body.',
    schema: { $ref: getSchemaPath(ERROR_CODE) },
  },
  'WWW-Authenticate': {
    description: 'The required authentication scheme, and the error of the credentials that were sent.',
    schema: { type: 'string', example: 'Bearer realm="countersign", error="invalid_token"' },
  },
  'Retry-After': {
    description: 'Seconds to wait before the next attempt.',
    schema: { type: 'integer', minimum: 0, example: 2 },
  },
};

const proofOfDeviceKey: Parameter = {
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

/** References to the headers of a problem with this status. */
export function problemHeadersOf(status: number): Headers {
  const names = [
    ...['X-Request-Id', 'X-Problem-Code'],
    ...(status === 401 || status === 403 ? ['WWW-Authenticate'] : []),
    ...(status === 429 || status === 503 ? ['Retry-After'] : []),
  ];
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** Lists the `DPoP` header for operations that accept a proof of a device key. */
export function addDeviceKeyProofs(document: OpenAPIObject): void {
  for (const operation of operationsOf(document))
    if (operation['x-error-codes']?.includes('dpop.other_key'))
      operation.parameters = [...(operation.parameters ?? []), proofOfDeviceKey];
}

/** Describes ids in paths and gives ids an example. Fields of bodies have their own examples. */
export function addExamples(document: OpenAPIObject): void {
  for (const { parameters } of operationsOf(document)) parameters?.forEach(addToParameter);
}

function addToParameter(parameter: Parameter): void {
  if (!('in' in parameter) || !parameter.schema || '$ref' in parameter.schema) return;
  const { schema, name } = parameter;
  if (parameter.in === 'path' && !parameter.description) {
    parameter.description = descriptionOfId(name);
    schema.format = 'uuid';
  }
  if (schema.format === 'uuid') schema.example ??= EXAMPLE_ID;
}

/** The name of a parameter says what its UUID is of. */
function descriptionOfId(name: string): string {
  const words = name.replace(/Id$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return name === 'id' ? 'Its id.' : `The id of the ${words}.`;
}
