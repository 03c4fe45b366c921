import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { listErrors } from '@countersign/text';
import { fieldErrorCodes, FieldErrorResponse, ProblemResponse } from '@countersign/http';
import { featureOf, operationsOf } from './operations';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

export const ERROR_CODE = 'ErrorCode';
const FIELD_ERROR_CODE = 'FieldErrorCode';

/** Requests without an operation have only codes of these features. */
const OF_ANY_REQUEST = ['request', 'service'];

/** Makes error codes closed lists, so that clients can switch on them. */
export function addErrorCodes(document: OpenAPIObject): void {
  const schemas = document.components?.schemas ?? {};
  const answered = new Set(operationsOf(document).flatMap((operation) => operation['x-error-codes'] ?? []));
  const errors = listErrors().filter(
    ({ code }) => answered.has(code) || OF_ANY_REQUEST.includes(featureOf(code)),
  );
  Object.assign(schemas, {
    [ERROR_CODE]: {
      type: 'string',
      description:
        'Why the call failed. Codes are never renamed. Later versions add codes: treat an unknown one by its status.',
      enum: errors.map(({ code }) => code),
      'x-enumDescriptions': Object.fromEntries(errors.map(({ code, title }) => [code, title])),
      example: 'request.invalid',
    },
    [FIELD_ERROR_CODE]: {
      type: 'string',
      description: 'The rule that the field fails. Later versions add rules.',
      enum: [...fieldErrorCodes],
      example: 'max_length',
    },
  });
  for (const name of Object.keys(schemas).filter((each) => each.endsWith(ProblemResponse.name)))
    useInCode(schemas, name, ERROR_CODE);
  useInCode(schemas, FieldErrorResponse.name, FIELD_ERROR_CODE);
}

function useInCode(schemas: Schemas, name: string, target: string): void {
  const schema = schemas[name];
  if (schema && 'properties' in schema)
    schema.properties = { ...schema.properties, code: { $ref: getSchemaPath(target) } };
}
