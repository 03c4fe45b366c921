import type { OpenAPIObject } from '@nestjs/swagger';
import type { Operation } from '../../apps/api/src/openapi/operations';

/** A request that a document allows somebody to write, with one value in it that nobody should. */
export interface HostileRequest {
  /** What is wrong with it. */
  readonly name: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** The property of a JSON body that is `null` where the document knows no `null`. */
  readonly nullProperty?: string;
}

/** Stands for the right value of a property or parameter, until the request is sent. */
const PLACEHOLDER = /right~([A-Za-z-]+)~/g;

/** By the name of their property or parameter. */
export type RightValues = Readonly<Record<string, string>>;

/** Puts the values of this moment into a request: tokens end while hostile requests are sent. */
export function withRightValues(sent: string, right: RightValues): string {
  return sent.replaceAll(PLACEHOLDER, (_placeholder, name: string) => right[name] ?? '');
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly example?: unknown;
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

type Json = Readonly<Record<string, unknown>>;

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: [nested(levels - 1)] });

const jsonValues: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53],
  ...['', ' ', 'null', '0', 'a=b&c=%', '\u202e', '😀', 'a'.repeat(60_000), '9'.repeat(400)],
  ...[[], [null], ['x'], [[]], Array<string>(900).fill('x')],
  ...[{}, { a: null }, { length: -1 }, nested(10)],
];

/** As they stand in a URL or a form. */
const texts: readonly string[] = [
  ...['', '%20', 'null', 'undefined', '0', '-1', '1e999', 'true', '%5B%5D', '%7B%7D', '..', '*', "'", '%22'],
  ...['%00', '%0d%0a', '%7f', '%ff', '%', '%zz', '%ed%a0%80', '%F0%9F%98%80', '%252e', '%2f', '\\'],
  ...['a'.repeat(6_000), '9'.repeat(400), '00000000-0000-0000-0000-000000000000'],
];

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
    for (const { name, body, type, nullProperty } of this.hostileBodies()) {
      if (sent.has(name)) continue;
      sent.add(name);
      const headers = { ...this.headers(), 'content-type': type };
      const property = nullProperty === undefined ? {} : { nullProperty };
      yield { name, path: this.url(), headers, body, ...property };
    }
  }

  *ofUrls(): Generator<HostileRequest> {
    for (const path of this.hostileUrls()) yield { ...this.plain(), name: path.slice(0, 120), path };
  }

  *ofHeaders(): Generator<HostileRequest> {
    const { headers, ...plain } = this.plain();
    const listed = this.parametersIn('header').map(({ name }) => name);
    for (const header of [...unlistedHeaders, ...listed])
      for (const value of listed.includes(header) ? headerValues : someHeaderValues)
        yield {
          ...plain,
          name: `${header}: ${shown(value)}`,
          headers: { ...headers, [header.toLowerCase()]: value },
        };
  }

  /** With nothing wrong in it that the document could know of. */
  plain(): Omit<HostileRequest, 'name'> {
    const [body] = this.bodies();
    if (!body) return { path: this.url(), headers: this.headers() };
    const { type, example } = body;
    return {
      path: this.url(),
      headers: { ...this.headers(), 'content-type': type },
      body: encode(type, example),
    };
  }

  private *hostileBodies(): Generator<{
    readonly name: string;
    readonly type: string;
    readonly body: string;
    readonly nullProperty?: string;
  }> {
    for (const { type, schema, example, least } of this.bodies()) {
      if (type === JSON_TYPE) {
        for (const value of jsonValues)
          yield { name: `the body ${shown(value)}`, type, body: JSON.stringify(value) };
        for (const [property, value] of this.propertyValues(schema, example))
          for (const base of [least, example])
            yield {
              name: `${property} ${shown(value)} in ${Object.keys(base).join()}`,
              type,
              body: JSON.stringify({ ...base, [property]: value }),
              ...(value === null && !isNullable(schema.properties?.[property])
                ? { nullProperty: property }
                : {}),
            };
      } else if (type === FORM_TYPE)
        for (const property of Object.keys(schema.properties ?? {}))
          for (const text of texts) {
            const others = { ...example, [property]: undefined };
            const field = `${property}=${text}`;
            yield { name: shown(field), type, body: `${encode(type, others)}&${field}` };
            yield { name: `${shown(field)} twice`, type, body: `${encode(type, others)}&${field}&${field}` };
          }
      else throw new Error(`no hostile values are known for ${type}`);
    }
  }

  private *propertyValues(schema: Schema, example: Json): Generator<[property: string, value: unknown]> {
    for (const property of Object.keys(schema.properties ?? {})) {
      for (const value of jsonValues) yield [property, value];
      const within = example[property] ?? schema.properties?.[property]?.example;
      if (typeof within !== 'object' || within === null) continue;
      for (const key of Object.keys(within))
        for (const value of jsonValues) yield [property, { ...within, [key]: value }];
    }
  }

  private *hostileUrls(): Generator<string> {
    for (const { name } of this.parametersIn('path'))
      for (const text of texts) yield this.url({ [name]: text });
    for (const name of [...this.parametersIn('query').map((parameter) => parameter.name), 'unknown'])
      for (const text of texts) {
        const others = this.query(name);
        yield `${this.pathname()}?${others}${name}=${text}`;
        yield `${this.pathname()}?${others}${name}=${text}&${name}=${text}`;
        yield `${this.pathname()}?${others}${name}[]=${text}&${name}[a]=${text}`;
        yield `${this.pathname()}?${others}${text}`;
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
      this.parametersIn('header').map(({ name, schema }) => [
        name.toLowerCase(),
        this.rightText(name, schema),
      ]),
    );
  }

  private bodies(): readonly { type: string; schema: Schema; example: Json; least: Json }[] {
    const { requestBody } = this.operation;
    if (!requestBody || !('content' in requestBody)) return [];
    return Object.entries(requestBody.content).flatMap(([type, media]) => {
      const { example, examples = {}, schema } = media as Media;
      const resolved = this.resolve(schema ?? {});
      const found = [example, ...Object.values(examples).map(({ value }) => value)].filter(
        (one) => one !== undefined,
      );
      return found.map((one) => {
        const filled = this.fill(one);
        const required = resolved.required ?? [];
        const least = Object.fromEntries(Object.entries(filled).filter(([name]) => required.includes(name)));
        return { type, schema: resolved, example: filled, least };
      });
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
    return ((this.operation.parameters ?? []) as Parameter[]).filter((one) => one.in === place);
  }

  private resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    const found = name === undefined ? schema : (this.document.components?.schemas?.[name] as Schema);
    if (!found.properties) throw new Error(`the schema ${name ?? 'of a body'} names no properties`);
    return found;
  }
}

function isNullable(schema: Schema | undefined): boolean {
  return [schema, ...(schema?.anyOf ?? [])].some((one) => [one?.type].flat().includes('null'));
}

function encode(type: string, value: Json): string {
  if (type === JSON_TYPE) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return new URLSearchParams(entries as [string, string][]).toString();
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 60);
}
