import { once } from 'node:events';
import { request, type Agent, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Operation } from '../../apps/api/src/openapi/operations';
import {
  encode,
  hostileBodies,
  JSON_TYPE,
  LONG_TEXT,
  shown,
  texts,
  wholeBodies,
  type FilledMedia,
  type Json,
  type Schema,
} from './hostile-bodies';

/** A request that a document allows somebody to write, with one value in it that nobody should. */
export interface HostileRequest {
  /** What is wrong with it. */
  readonly name: string;
  /** The header, the parameter of the URL or the property that is wrong. */
  readonly parameter: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** The property of a JSON body that is `null` where the document knows no `null`. */
  readonly nullProperty?: string;
}

export type PlainRequest = Omit<HostileRequest, 'name' | 'parameter'>;

/** Stands for the right value of a property or parameter, or for a long text, until the request is sent. */
const PLACEHOLDER = /right~([A-Za-z-]+)~|long~text~/g;

/** By the name of their property or parameter. */
export type RightValues = Readonly<Record<string, string>>;

/** Puts the values of this moment into a request: tokens end while hostile requests are sent. */
export function withRightValues(sent: string, right: RightValues): string {
  return sent.replaceAll(PLACEHOLDER, (placeholder, name?: string) =>
    placeholder === LONG_TEXT ? 'a'.repeat(60_000) : (right[name ?? ''] ?? ''),
  );
}

interface Media {
  readonly schema?: Schema;
  readonly example?: object;
  readonly examples?: Readonly<Record<string, { readonly value: object }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

const headerValues: readonly (string | readonly string[])[] = [
  ...['', ' ', 'null', '0', ',', ',,', '"', '=', 'a=b; c', '\u00ff\u00fe', '%00', 'a'.repeat(6_000)],
  ['a', 'b'],
];

const someHeaderValues = headerValues.filter(
  (value) => value === '' || value.length > 1_000 || Array.isArray(value),
);

/** Headers that the service reads though no operation lists them. */
const unlistedHeaders = [
  ...['accept', 'authorization', 'content-encoding', 'content-type', 'cookie', 'dpop', 'expect', 'host'],
  ...['forwarded', 'origin', 'range', 'traceparent', 'x-countersign-application', 'x-forwarded-for'],
  'x-request-id',
];

/** @param more headers that stand behind those of the request */
export async function sendHostile(
  to: { readonly agent: Agent; readonly port: number },
  method: string,
  one: PlainRequest,
  right: RightValues,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly answered: string }> {
  const body = withRightValues(one.body ?? '', right);
  const length = String(Buffer.byteLength(body));
  const headers = { host: 'localhost', ...more, ...one.headers, 'content-length': length };
  // As a list, which Node sends as it is: also a header that comes twice.
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value].flat().flatMap((line) => [name, withRightValues(line, right)]),
  );
  const path = withRightValues(one.path, right);
  const outgoing = request({ ...to, host: '127.0.0.1', method, path, headers: lines });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: incoming.statusCode ?? 0, answered: await textOf(incoming) };
}

/** What one operation of a document may be sent: each value in each of its properties and parameters. */
export class HostileRequests {
  constructor(
    private readonly document: OpenAPIObject,
    private readonly path: string,
    private readonly operation: Operation,
    /** Names of properties and parameters for which a placeholder stands in; others are as in the examples. */
    private readonly known: ReadonlySet<string>,
  ) {}

  *ofBodies(): Generator<HostileRequest> {
    const sent = new Set<string>();
    for (const { type, ...one } of this.media().flatMap((media) => [...hostileBodies(media)])) {
      if (sent.has(one.body)) continue;
      sent.add(one.body);
      yield { ...one, path: this.url(), headers: { ...this.headers(), 'content-type': type } };
    }
  }

  /** Bodies that are not even what an operation takes. */
  *ofWholeBodies(): Generator<HostileRequest> {
    if (this.media().length === 0) return;
    for (const { type, ...one } of wholeBodies(JSON_TYPE))
      yield { ...one, path: this.url(), headers: { ...this.headers(), 'content-type': type } };
  }

  *ofUrls(): Generator<HostileRequest> {
    for (const url of this.hostileUrls()) yield { ...this.plain(), name: url.path.slice(0, 120), ...url };
  }

  *ofHeaders(): Generator<HostileRequest> {
    for (const { name } of this.parametersIn('header'))
      for (const value of headerValues) yield this.withHeader(name, value, `header ${name}`);
    // Most operations read them alike: for a draw they are values of one parameter.
    for (const header of unlistedHeaders)
      for (const value of someHeaderValues) yield this.withHeader(header, value, 'headers of no operation');
  }

  /** With nothing wrong in it that the document could know of. */
  plain(): PlainRequest {
    const [media] = this.media();
    if (!media) return { path: this.url(), headers: this.headers() };
    const { type, examples } = media;
    return {
      path: this.url(),
      headers: { ...this.headers(), 'content-type': type },
      body: encode(type, examples[0]?.example ?? {}),
    };
  }

  private withHeader(header: string, value: string | readonly string[], parameter: string): HostileRequest {
    const { headers, ...plain } = this.plain();
    const name = `${header}: ${shown(value)}`;
    return { ...plain, name, parameter, headers: { ...headers, [header.toLowerCase()]: value } };
  }

  private *hostileUrls(): Generator<Pick<HostileRequest, 'parameter' | 'path'>> {
    for (const { name } of this.parametersIn('path'))
      for (const text of texts) yield { parameter: `path ${name}`, path: this.url({ [name]: text }) };
    for (const { name } of this.parametersIn('query'))
      for (const text of texts)
        for (const query of queriesOf(name, text))
          yield { parameter: `query ${name}`, path: `${this.pathname()}?${this.query(name)}${query}` };
    // What no operation reads is parsed alike for all: each form of each text is sent to some of them.
    for (const [index, text] of texts.entries()) {
      const forms = queriesOf('unknown', text);
      const query = forms[(index + this.path.length) % forms.length] ?? '';
      yield { parameter: 'query', path: `${this.pathname()}?${this.query()}${query}` };
    }
  }

  private url(path: Readonly<Record<string, string>> = {}): string {
    return `${this.pathname(path)}?${this.query()}`.replace(/\?$/, '');
  }

  private pathname(values: Readonly<Record<string, string>> = {}): string {
    return this.path.replaceAll(/\{(.+?)\}/g, (_match, name: string) => {
      const parameter = this.parametersIn('path').find((one) => one.name === name);
      return values[name] ?? encodeURIComponent(this.rightText(name, parameter?.schema));
    });
  }

  /** All that is required, and nothing of the parameter that is to be hostile. */
  private query(without?: string): string {
    return this.parametersIn('query')
      .filter(({ name, required }) => required && name !== without)
      .map(({ name, schema }) => `${name}=${encodeURIComponent(this.rightText(name, schema))}&`)
      .join('');
  }

  private headers(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.parametersIn('header')
        .filter(({ name, required = false }) => (required ? true : this.known.has(name)))
        .map(({ name, schema }) => [name.toLowerCase(), this.rightText(name, schema)]),
    );
  }

  private media(): readonly FilledMedia[] {
    const { requestBody } = this.operation;
    if (!requestBody || !('content' in requestBody)) return [];
    return Object.entries(requestBody.content).map(([type, media]) => {
      const { example, examples = {}, schema } = media as Media;
      const resolved = this.resolve(schema ?? {});
      const required = resolved.required ?? [];
      const found = [example, ...Object.values(examples).map(({ value }) => value)].flatMap(
        (one) => one ?? [],
      );
      const filled = found.map((one) => this.fill(one));
      const leastOf = (one: Json) =>
        Object.fromEntries(Object.entries(one).filter(([name]) => required.includes(name)));
      return {
        type,
        schema: resolved,
        examples: filled.map((one) => ({ example: one, least: leastOf(one) })),
      };
    });
  }

  private fill(example: object): Json {
    return Object.fromEntries(
      Object.entries(example).map(([name, value]) => [name, this.placeholder(name) ?? (value as unknown)]),
    );
  }

  private rightText(name: string, schema: Schema | undefined): string {
    const example = schema?.example;
    return this.placeholder(name) ?? (typeof example === 'string' ? example : JSON.stringify(example ?? 'x'));
  }

  private placeholder(name: string): string | undefined {
    return this.known.has(name) ? `right~${name}~` : undefined;
  }

  private parametersIn(place: string): readonly Parameter[] {
    return (this.operation.parameters ?? [])
      .map((one) => this.target('parameters', one) as Parameter)
      .filter((one) => one.in === place);
  }

  /** Of a body of several kinds: the fields of all of them, and what all of them need. */
  private resolve(schema: Schema): Schema {
    const found = this.target('schemas', schema) as Schema;
    if (found.oneOf) {
      const kinds = found.oneOf.map((kind) => this.resolve(kind));
      const properties = Object.assign({}, ...kinds.map((kind) => kind.properties)) as Schema['properties'];
      const [first, ...others] = kinds.map(({ required = [] }) => required);
      const required = (first ?? []).filter((name) => others.every((names) => names.includes(name)));
      return { properties: properties ?? {}, required };
    }
    if (!found.properties) throw new Error(`the schema ${schema.$ref ?? 'of a body'} names no properties`);
    return found;
  }

  private target(kind: 'parameters' | 'schemas', part: object): unknown {
    if (!('$ref' in part)) return part;
    const name = String(part.$ref).split('/').at(-1) ?? '';
    return this.document.components?.[kind]?.[name];
  }
}

const queriesOf = (name: string, text: string): readonly string[] => [
  `${name}=${text}`,
  `${name}=${text}&${name}=${text}`,
  `${name}[]=${text}&${name}[a]=${text}`,
  text,
];
