import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import type { AppErrorOptions } from '@countersign/errors';
import {
  OAuthProblemResponse,
  problemExample,
  ProblemResponse,
  toOAuthProblem,
  type Problem,
} from '@countersign/http';
import { operationsOf, type Operation } from './operations';

type Responses = Operation['responses'];
type Response = NonNullable<Responses[string]>;
type Headers = Exclude<Response, { $ref: string }>['headers'];

const PROBLEM = getSchemaPath(ProblemResponse);
const OAUTH_PROBLEM = getSchemaPath(OAuthProblemResponse);
const ALWAYS = [
  'request.malformed',
  'request.malformed_url',
  'request.too_large',
  'service.data_unreadable',
  'service.internal_error',
];
const OF_INPUT = ['request.invalid', 'request.unknown_field'];
const FORM = 'application/x-www-form-urlencoded';
const OF_FORM = [
  'request.invalid',
  'request.malformed_form',
  'request.malformed_utf8',
  'request.unsupported_media_type',
];
const OF_BODY = ['request.malformed_json', 'request.malformed_utf8', 'request.unsupported_media_type'];

const HEADERS: Record<number, Headers> = {
  401: { 'WWW-Authenticate': { schema: { type: 'string', example: 'Bearer realm="countersign"' } } },
  503: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', example: 2 } } },
};

/** Gives every operation the errors that its shape brings along, beside those that its decorators name. */
export function addProblems(document: OpenAPIObject): void {
  for (const operation of operationsOf(document)) {
    const codes = new Set([...codesOf(operation.responses), ...codesOfShape(operation)]);
    const problems = [...codes].sort().map((code) => problemExample(code, occurrenceOf(code)));
    const successes = Object.entries(operation.responses).filter(([, answer]) => !isProblem(answer));
    operation.responses = {
      ...Object.fromEntries(successes),
      ...responsesOf(problems, takesForm(operation)),
    };
  }
}

function codesOf(responses: Responses): readonly string[] {
  return Object.values(responses).flatMap((response) => {
    const content = contentOf(response)?.['application/json'];
    return isProblem(response) ? Object.keys(content?.examples ?? {}) : [];
  });
}

function codesOfShape(operation: Operation): readonly string[] {
  if (takesForm(operation)) return [...ALWAYS, ...OF_FORM];
  const { requestBody, parameters } = operation;
  const hasQuery = parameters?.some((parameter) => 'in' in parameter && parameter.in === 'query') ?? false;
  return [...ALWAYS, ...((requestBody ?? hasQuery) ? OF_INPUT : []), ...(requestBody ? OF_BODY : [])];
}

function takesForm({ requestBody }: Operation): boolean {
  return requestBody !== undefined && 'content' in requestBody && FORM in requestBody.content;
}

/** OAuth clients get the same in the media type that they read, with two members more. */
function responsesOf(problems: readonly Problem[], areForOAuth: boolean): Responses {
  const statuses = [...new Set(problems.map(({ status }) => status))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const found = problems.filter((problem) => problem.status === status);
      const examples = found.map(
        (value) =>
          [value.code, { summary: value.title, value: areForOAuth ? toOAuthProblem(value) : value }] as const,
      );
      const headers = HEADERS[status];
      const response: Response = {
        description: found.map(({ code, title }) => `- \`${code}\`: ${title}`).join('\n'),
        ...(headers ? { headers } : {}),
        content: {
          [areForOAuth ? 'application/json' : 'application/problem+json']: {
            schema: { $ref: areForOAuth ? OAUTH_PROBLEM : PROBLEM },
            examples: Object.fromEntries(examples),
          },
        },
      };
      return [String(status), response];
    }),
  );
}

function occurrenceOf(code: string): AppErrorOptions {
  if (code === 'request.invalid')
    return {
      fields: [{ path: 'name', code: 'control_character', detail: 'must not have control characters' }],
    };
  if (code === 'request.unknown_field')
    return { fields: [{ path: 'surprise', code: 'unknown_field', detail: 'is not known' }] };
  return code === 'service.unavailable' ? { retryAfterSeconds: 2 } : {};
}

function isProblem(response: Response | undefined): boolean {
  const schema = contentOf(response)?.['application/json']?.schema;
  return schema !== undefined && '$ref' in schema && schema.$ref === PROBLEM;
}

function contentOf(response: Response | undefined): Exclude<Response, { $ref: string }>['content'] {
  return response && 'content' in response ? response.content : undefined;
}
