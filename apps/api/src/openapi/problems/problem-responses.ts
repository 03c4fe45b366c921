import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import type { AppErrorOptions } from '@countersign/errors';
import {
  oauthProblemExample,
  OAuthProblemResponse,
  problemExample,
  ProblemResponse,
} from '@countersign/http';
import { problemHeadersOf } from '../headers';
import { operationsOf, type Operation } from '../operations';
import { featureOf, grouped } from '../grouped';
import { describedStatus } from './problem-statuses';

type Responses = Operation['responses'];
type Response = NonNullable<Responses[string]>;
type Components = NonNullable<OpenAPIObject['components']>;

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
/** More codes of a feature than these are not listed for readers. */
const MAX_LISTED_CODES = 5;
const FORM = 'application/x-www-form-urlencoded';
const OF_FORM = [
  'request.invalid',
  'request.malformed_form',
  'request.malformed_utf8',
  'request.unsupported_media_type',
];
const OF_BODY = ['request.malformed_json', 'request.malformed_utf8', 'request.unsupported_media_type'];
const IMPLIED = new Set([...ALWAYS, ...OF_INPUT, ...OF_FORM, ...OF_BODY]);

/**
 * Adds to every operation the errors that its shape implies, beside those of its decorators: `x-error-codes`
 * lists the codes, and one response per status refers to a shared component. An operation without a
 * controller names its codes itself.
 */
export function addProblems(document: OpenAPIObject): void {
  const components: Components = (document.components ??= {});
  const shared: NonNullable<Components['responses']> = {};
  const operations = operationsOf(document);
  for (const operation of operations)
    operation['x-error-codes'] ??= [
      ...new Set([...codesOf(operation.responses), ...codesOfShape(operation)]),
    ].sort();
  const answeredBy = (isForOAuth: boolean): ReadonlySet<string> =>
    new Set(
      operations
        .filter((operation) => takesForm(operation) === isForOAuth)
        .flatMap((operation) => operation['x-error-codes'] ?? []),
    );
  const answered = { plain: answeredBy(false), oauth: answeredBy(true) };
  for (const operation of operations) {
    const codes = operation['x-error-codes'] ?? [];
    const isForOAuth = takesForm(operation);
    const successes = Object.entries(operation.responses).filter(([, answer]) => !isProblem(answer));
    operation.responses = Object.fromEntries(successes);
    for (const [status, found] of grouped(codes, (code) => problemExample(code).status)) {
      const name = `${isForOAuth ? 'OAuth' : ''}${describedStatus(status).name}`;
      const all = isForOAuth ? answered.oauth : answered.plain;
      shared[name] ??= sharedResponse(status, isForOAuth, examplesOf(status, all));
      operation.responses[status] = referenceTo(name, status, found);
    }
  }
  components.responses = Object.fromEntries(
    Object.entries(shared).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
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

/** OpenAPI 3.1 allows a description beside a reference: the codes of this operation's own. */
function referenceTo(name: string, status: number, codes: readonly string[]): Response {
  const reference = { $ref: `#/components/responses/${name}` };
  const own = codes.filter((code) => !IMPLIED.has(code));
  if (own.every((code) => describedStatus(status).examples.includes(code))) return reference;
  const listed = grouped(own, featureOf).flatMap(([feature, found]) =>
    found.length > MAX_LISTED_CODES ? [`${feature}.*`] : found,
  );
  return Object.assign(reference, { description: listed.map((code) => `\`${code}\``).join(', ') });
}

/** Codes that the operations of the document answer: those that show the status best, or any. */
function examplesOf(status: number, answered: ReadonlySet<string>): readonly string[] {
  const best = describedStatus(status).examples.filter((code) => answered.has(code));
  if (best.length > 0) return best;
  return [...answered].filter((code) => problemExample(code).status === status).slice(0, 1);
}

/** OAuth clients get the same in the media type of OAuth, with two more members. */
function sharedResponse(status: number, isForOAuth: boolean, examples: readonly string[]): Response {
  const { description } = describedStatus(status);
  const shown = examples.map((code) => {
    const value = (isForOAuth ? oauthProblemExample : problemExample)(code, occurrenceOf(code));
    return [code, { summary: value.title, value }] as const;
  });
  return {
    description,
    headers: problemHeadersOf(status),
    content: {
      [isForOAuth ? 'application/json' : 'application/problem+json']: {
        schema: { $ref: isForOAuth ? OAUTH_PROBLEM : PROBLEM },
        examples: Object.fromEntries(shown),
      },
    },
  };
}

function occurrenceOf(code: string): AppErrorOptions {
  if (code === 'request.invalid')
    return {
      fields: [{ path: 'name', code: 'control_character', detail: 'must not have control characters' }],
    };
  if (code === 'request.unknown_field')
    return { fields: [{ path: 'surprise', code: 'unknown_field', detail: 'is not known' }] };
  return {};
}

function isProblem(response: Response | undefined): boolean {
  const schema = contentOf(response)?.['application/json']?.schema;
  return schema !== undefined && '$ref' in schema && schema.$ref === PROBLEM;
}

function contentOf(response: Response | undefined): Exclude<Response, { $ref: string }>['content'] {
  return response && 'content' in response ? response.content : undefined;
}
