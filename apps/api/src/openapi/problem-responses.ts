import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { AppError, errorDefinition } from '@countersign/text';
import {
  OAuthProblemResponse,
  ProblemResponse,
  statusOf,
  toOAuthProblem,
  toProblem,
} from '@countersign/http';
import { EXAMPLE_ID, headers, problemHeadersOf } from './headers';
import { featureOf, grouped, operationsOf, type Operation } from './operations';

type Response = NonNullable<Operation['responses'][string]>;

const ALWAYS = [
  'request.malformed',
  'request.malformed_url',
  'request.too_large',
  'service.data_unreadable',
  'service.internal_error',
];
const OF_INPUT = ['request.invalid', 'request.unknown_field'];
/** If a feature has more codes than this, readers see `feature.*`. */
const MAX_LISTED_CODES = 5;
const FORM = 'application/x-www-form-urlencoded';
const OF_FORM = [
  'request.invalid',
  'request.malformed_form',
  'request.malformed_utf8',
  'request.unsupported_media_type',
];
const OF_BODY = ['request.malformed_json', 'request.malformed_utf8', 'request.unsupported_media_type'];
/** The description of their status explains these codes. */
const IMPLIED = new Set([...ALWAYS, ...OF_INPUT, ...OF_FORM, ...OF_BODY, 'service.unavailable']);

const statuses: Readonly<Record<number, readonly [name: string, description: string]>> = {
  400: ['BadRequest', 'The request is malformed; `errors` names the fields.'],
  401: ['Unauthorized', 'The proof, the token or the secret is missing or refused.'],
  403: ['Forbidden', 'The caller is authenticated, but may not do this.'],
  404: ['NotFound', 'It does not exist, or it is not the caller’s.'],
  409: ['Conflict', 'The state of the account, the bot or the application does not allow it.'],
  410: ['Gone', 'It was used, or it has expired.'],
  413: ['ContentTooLarge', 'The request is too large.'],
  415: ['UnsupportedMediaType', 'The body has a media type that this call does not accept.'],
  422: ['UnprocessableContent', 'The request is well-formed, but cannot be done.'],
  429: ['TooManyRequests', 'A limit is reached. Wait for `Retry-After`.'],
  500: ['InternalServerError', 'A defect of the service. Report it with the `requestId`.'],
  503: ['ServiceUnavailable', 'A part of the service is unavailable. Try again after `Retry-After`.'],
};

/**
 * Adds the codes that the shape of an operation implies to `x-error-codes`. Adds one response for each status, which
 * refers to a shared component.
 * @param refusesBodies whether operations without a request body refuse one
 */
export function addProblems(document: OpenAPIObject, refusesBodies: boolean): void {
  const shared: Record<string, Response> = {};
  for (const operation of operationsOf(document)) {
    const codes = [
      ...new Set([...(operation['x-error-codes'] ?? []), ...codesOfShape(operation, refusesBodies)]),
    ].sort();
    operation['x-error-codes'] = codes;
    const isForOAuth = takesForm(operation);
    for (const [status, found] of grouped(codes, (code) => errorOf(code).status)) {
      const [word, description] = statuses[status] ?? [];
      if (!word || !description) throw new Error(`the status ${status} of problems has no description`);
      const name = `${isForOAuth ? 'OAuth' : ''}${word}`;
      shared[name] ??= sharedResponse(status, description, isForOAuth, found);
      operation.responses[status] = referenceTo(name, found);
    }
  }
  document.components = { ...document.components, responses: shared, headers };
}

function codesOfShape(operation: Operation, refusesBodies: boolean): readonly string[] {
  // `GatewayEndpoint` names all its codes.
  if (operation.operationId === 'authorizeRequest') return [];
  if (takesForm(operation)) return [...ALWAYS, ...OF_FORM];
  if (refusesBodies || operation.requestBody) return [...ALWAYS, ...OF_INPUT, ...OF_BODY];
  const { parameters } = operation;
  const hasQuery = parameters?.some((parameter) => 'in' in parameter && parameter.in === 'query') ?? false;
  return [...ALWAYS, ...(hasQuery ? OF_INPUT : [])];
}

function takesForm({ requestBody }: Operation): boolean {
  return requestBody !== undefined && 'content' in requestBody && FORM in requestBody.content;
}

/** OpenAPI 3.1 allows a description beside a reference. It lists the codes of this operation. */
function referenceTo(name: string, codes: readonly string[]): Response {
  const reference = { $ref: `#/components/responses/${name}` };
  const own = codes.filter((code) => !IMPLIED.has(code));
  if (own.length === 0) return reference;
  const listed = grouped(own, featureOf).flatMap(([feature, found]) =>
    found.length > MAX_LISTED_CODES ? [`${feature}.*`] : found,
  );
  return Object.assign(reference, { description: listed.map((code) => `\`${code}\``).join(', ') });
}

/** OAuth clients get the problem in the media type of OAuth, with two more members. */
function sharedResponse(
  status: number,
  description: string,
  isForOAuth: boolean,
  [code = '']: readonly string[],
): Response {
  const { error } = errorOf(code);
  return {
    description,
    headers: problemHeadersOf(status),
    content: {
      [isForOAuth ? 'application/json' : 'application/problem+json']: {
        schema: { $ref: getSchemaPath(isForOAuth ? OAuthProblemResponse : ProblemResponse) },
        example: (isForOAuth ? toOAuthProblem : toProblem)(error, EXAMPLE_ID),
      },
    },
  };
}

function errorOf(code: string): { readonly error: AppError; readonly status: number } {
  const definition = errorDefinition(code);
  if (!definition) throw new Error(`an operation names the unknown error code ${code}`);
  return { error: new AppError(code, definition, {}), status: statusOf(definition.kind) };
}
