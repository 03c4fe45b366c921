export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly example?: unknown;
}

export type Json = Readonly<Record<string, unknown>>;

/** What an operation takes, with right values for what the test knows. */
export interface FilledMedia {
  readonly type: string;
  readonly schema: Schema;
  readonly examples: readonly Example[];
}

interface Example {
  readonly example: Json;
  /** What is required of it. */
  readonly least: Json;
}

export interface HostileBody {
  readonly name: string;
  /** The property that is wrong, or the body. */
  readonly parameter: string;
  readonly type: string;
  readonly body: string;
  readonly nullProperty?: string;
}

export const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Stands for 60,000 letters until the request is sent: most requests are made and not drawn. */
export const LONG_TEXT = 'long~text~';

const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: [nested(levels - 1)] });

const jsonValues: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53],
  ...['', ' ', 'null', '0', 'a=b&c=%', '\u202e', '😀', LONG_TEXT, '9'.repeat(400)],
  ...[[], [null], ['x'], [[]], Array<string>(900).fill('x')],
  ...[{}, { a: null }, { length: -1 }, { toString: 1 }, nested(10), nested(200)],
  ...['__proto__', 'constructor', JSON.parse('{"__proto__":{"a":1}}') as unknown],
];

/** As they stand in a URL or a form. */
export const texts: readonly string[] = [
  ...['', '%20', 'null', 'undefined', '0', '-1', '1e999', 'true', '%5B%5D', '%7B%7D', '..', '*', "'", '%22'],
  ...['%00', '%0d%0a', '%7f', '%ff', '%', '%zz', '%ed%a0%80', '%F0%9F%98%80', '%252e', '%2f', '\\'],
  ...['__proto__', 'constructor'],
  ...['a'.repeat(6_000), '9'.repeat(400), '00000000-0000-0000-0000-000000000000'],
];

/** All that is tried with what an operation takes. */
export function hostileBodies(media: FilledMedia): Generator<HostileBody> {
  if (isJson(media.type)) return jsonBodies(media);
  if (media.type === FORM_TYPE) return formBodies(media);
  throw new Error(`no hostile values are known for ${media.type}`);
}

/** Not even what an operation takes. */
export function* wholeBodies(type: string): Generator<HostileBody> {
  for (const value of jsonValues)
    yield { name: `the body ${shown(value)}`, parameter: 'the body', type, body: JSON.stringify(value) };
}

function* jsonBodies({ type, schema, examples }: FilledMedia): Generator<HostileBody> {
  yield* wholeBodies(type);
  const bases = examples.flatMap(({ least, example }) => [least, example]);
  const another = taking(bases);
  for (const [property, ofProperty] of Object.entries(schema.properties ?? {}))
    for (const value of jsonValues) {
      const isMissed = value === null && !isNullable(ofProperty);
      // A value of another type is refused for its type, whatever stands beside it.
      const beside = isMissed || isOfType(value, ofProperty) ? bases : another();
      for (const base of beside)
        yield {
          name: `${property} ${shown(value)} in ${Object.keys(base).join()}`,
          parameter: `body ${property}`,
          type,
          body: JSON.stringify({ ...base, [property]: value }),
          ...(isMissed ? { nullProperty: property } : {}),
        };
    }
  yield* nestedBodies(type, schema, examples);
}

/** Each value in each member of the objects within the examples. */
function* nestedBodies(type: string, schema: Schema, examples: readonly Example[]): Generator<HostileBody> {
  for (const property of Object.keys(schema.properties ?? {}))
    for (const { example, least } of examples) {
      const within = example[property] ?? schema.properties?.[property]?.example;
      if (typeof within !== 'object' || within === null) continue;
      const another = taking([example, least]);
      for (const key of Object.keys(within))
        for (const value of jsonValues)
          yield {
            name: `${property}.${key} ${shown(value)}`,
            parameter: `body ${property}.${key}`,
            type,
            body: JSON.stringify({ ...another()[0], [property]: { ...within, [key]: value } }),
          };
    }
}

function* formBodies({ type, schema, examples }: FilledMedia): Generator<HostileBody> {
  for (const { example } of examples)
    for (const property of Object.keys(schema.properties ?? {}))
      for (const text of texts) {
        const others = { ...example, [property]: undefined };
        const field = `${property}=${text}`;
        const parameter = `body ${property}`;
        const body = `${encode(type, others)}&${field}`;
        yield { name: shown(field), parameter, type, body };
        yield { name: `${shown(field)} twice`, parameter, type, body: `${body}&${field}` };
      }
}

/** Answers them in turn, each time a list of one. */
function taking<T>(all: readonly T[]): () => readonly T[] {
  let next = 0;
  return () => all.slice(next % all.length, (next++ % all.length) + 1);
}

function isOfType(value: unknown, schema: Schema): boolean {
  const { anyOf = [], oneOf = [] } = schema;
  const types = [schema, ...anyOf, ...oneOf].flatMap((one) => one.type ?? []);
  if (value === null) return types.includes('null');
  if (Array.isArray(value)) return types.includes('array');
  return types.includes(typeof value) || (typeof value === 'number' && types.includes('integer'));
}

function isNullable(schema: Schema | undefined): boolean {
  return [schema, ...(schema?.anyOf ?? [])].some((one) => [one?.type].flat().includes('null'));
}

export function encode(type: string, value: Json): string {
  if (isJson(type)) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return new URLSearchParams(entries as [string, string][]).toString();
}

function isJson(type: string): boolean {
  return type === JSON_TYPE || type.endsWith('+json');
}

export function shown(value: unknown): string {
  return JSON.stringify(typeof value === 'string' ? value.slice(0, 60) : value).slice(0, 60);
}
