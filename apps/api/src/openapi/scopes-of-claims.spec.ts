import { readFileSync } from 'node:fs';
import { identityFields } from '@countersign/users';

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | { readonly type?: string };
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Operation {
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

// The test of the documents checks that this file is what the code says.
const document = JSON.parse(readFileSync('docs/openapi/admin.json', 'utf8')) as Document;
const PERSONAL = new Set<string>(identityFields);
const OPEN = '*';

/** The names of all properties, at any depth; `*` for an object with others, unless these are numbers. */
function namesIn(schema: Schema | undefined, seen: readonly string[] = []): readonly string[] {
  if (!schema) return [];
  const { $ref, allOf = [], anyOf = [], oneOf = [], items, properties = {}, additionalProperties } = schema;
  if ($ref !== undefined) {
    const name = $ref.split('/').at(-1) ?? '';
    return seen.includes(name) ? [] : namesIn(document.components.schemas[name], [...seen, name]);
  }
  const within = [...allOf, ...anyOf, ...oneOf, ...Object.values(properties), ...(items ? [items] : [])];
  const isClosed =
    !additionalProperties || (additionalProperties !== true && additionalProperties.type === 'integer');
  const open = isClosed ? [] : [OPEN];
  return [...Object.keys(properties), ...open, ...within.flatMap((each) => namesIn(each, seen))];
}

/** How the holder of a scope that an operation needs can receive a personal claim; `null` if they cannot. */
function wayOf(method: string, path: string, operation: Operation): string | null {
  const [request, ...answers] = [operation.requestBody, ...Object.values(operation.responses)].map((part) =>
    namesIn(Object.values(part?.content ?? {})[0]?.schema),
  );
  const answer = answers.flat();
  if (path.includes('/users/') && answer.some((name) => PERSONAL.has(name) || name === OPEN)) return 'answer';
  // What signs events has no personal field to sign; a principal gives nothing that it does not have.
  const isOfService = /\/(webhooks|principals|token)\b/.test(path);
  const isCredential = (name: string): boolean => /^(secret|token)$|(Secret|Token)$/.test(name);
  if (!isOfService && method !== 'get' && [...(request ?? []), ...answer].some(isCredential))
    return 'credential';
  // Moves a sign-in to another account, or trusts it more.
  if (method !== 'get' && path.includes('/identities/{identityId}')) return 'identity';
  return null;
}

describe('the scopes whose holder can receive a personal claim', () => {
  const found = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const scope = (operation.security ?? []).flatMap((each) => Object.values(each).flat())[0];
      const way = scope === undefined ? null : wayOf(method, path, operation);
      return scope === undefined || way === null ? [] : [{ scope, way }];
    }),
  );

  it('are those that docs/security.md names', () => {
    const [, line = ''] = /- \*\*Scopes that reach accounts of people\*\*:([^\n]*)/.exec(
      readFileSync('docs/security.md', 'utf8'),
    ) ?? ['', ''];
    const [list = ''] = line.split('.');
    const named = [...list.matchAll(/`([a-z-]+:[a-z_]+)`/g)].map(([, scope]) => scope);

    expect(named.toSorted()).toEqual([...new Set(found.map(({ scope }) => scope))].toSorted());
  });

  it('are found by each of the ways', () => {
    expect(new Set(found.map(({ way }) => way))).toEqual(new Set(['answer', 'credential', 'identity']));
  });

  it('include no scope for events, which have no personal field', () => {
    const events = readFileSync('docs/events.schema.json', 'utf8');

    for (const field of PERSONAL) if (field !== 'subject') expect(events).not.toContain(`"${field}":`);
  });
});
