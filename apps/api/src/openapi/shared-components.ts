import type { OpenAPIObject } from '@nestjs/swagger';
import { featureOf, grouped } from './grouped';
import { operationsOf, type Operation } from './operations';

type Components = NonNullable<OpenAPIObject['components']>;

/** One occurrence of a component that operations can share. */
interface Use {
  readonly component: object;
  readonly name: string;
  /** Names the component when another one has the name already. */
  readonly resource: string;
  readonly replace: (reference: { readonly $ref: string }) => void;
}

/** Shorter lists of codes are repeated. */
const MIN_SHARED_CODES = 2;

/**
 * Moves parameters, responses and lists of error codes that several operations have alike to `components`, and refers to
 * them: the document of the public API is a quarter smaller.
 */
export function shareComponents(document: OpenAPIObject): void {
  const components: Components = (document.components ??= {});
  const operations = operationsOf(document);
  const responses = { ...components.responses, ...shared('responses', operations.flatMap(responsesOf)) };
  Object.assign(components, {
    parameters: shared('parameters', operations.flatMap(parametersOf)),
    responses: Object.fromEntries(
      Object.entries(responses).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ),
    'x-error-codes': sharedCodes(operations),
  });
}

function parametersOf({ parameters = [], tags }: Operation): readonly Use[] {
  return parameters.map((component, index) => ({
    component,
    name: 'name' in component ? component.name : '',
    resource: resourceOf(tags),
    replace: (reference) => (parameters[index] = reference),
  }));
}

/** Successes: problems refer to shared responses from the beginning. */
function responsesOf({ responses, tags }: Operation): readonly Use[] {
  return Object.entries(responses).flatMap(([status, component]) =>
    !component || '$ref' in component
      ? []
      : [
          {
            component,
            name: schemaNameOf(component) ?? (status === '204' ? 'NoContent' : `Status${status}`),
            resource: resourceOf(tags),
            replace: (reference) => (responses[status] = reference),
          },
        ],
  );
}

function schemaNameOf({
  content = {},
}: {
  content?: Record<string, { schema?: object }>;
}): string | undefined {
  const [media] = Object.values(content);
  return media?.schema && '$ref' in media.schema ? String(media.schema.$ref).split('/').at(-1) : undefined;
}

function resourceOf([tag = '']: readonly string[] = []): string {
  return tag.toLowerCase().replaceAll(' ', '-');
}

/** Replaces what is used twice or more; the most used component gets the plain name. */
function shared(kind: keyof Components, uses: readonly Use[]): Record<string, object> {
  const repeated = grouped(uses, ({ component }) => JSON.stringify(component))
    .filter(([, alike]) => alike.length > 1)
    .toSorted(([, one], [, other]) => other.length - one.length);
  const components: Record<string, object> = {};
  for (const [, alike] of repeated) {
    const [{ component, name, resource }] = alike as readonly [Use, ...Use[]];
    const key = freeName([name, `${name}-of-${resource}`], components);
    components[key] = component;
    for (const { replace } of alike) replace({ $ref: `#/components/${kind}/${key}` });
  }
  return components;
}

/**
 * The codes of a feature that several operations answer: their name, which has no dot, stands for them in `x-error-codes`
 * of the operations.
 */
function sharedCodes(operations: readonly Operation[]): Record<string, readonly string[]> {
  const codesOf = (operation: Operation): readonly (readonly [string, readonly string[]])[] =>
    grouped(operation['x-error-codes'] ?? [], featureOf);
  const repeated = grouped(operations.flatMap(codesOf), ([, codes]) => codes.join())
    .filter(([, alike]) => alike.length > 1)
    .toSorted(([, one], [, other]) => other.length - one.length);
  const lists: Record<string, readonly string[]> = {};
  const names = new Map<string, string>();
  for (const [text, alike] of repeated) {
    const [[feature, codes]] = alike as readonly [readonly [string, readonly string[]]];
    if (codes.length < MIN_SHARED_CODES) continue;
    const name = freeName([feature], lists);
    lists[name] = codes;
    names.set(text, name);
  }
  for (const operation of operations)
    operation['x-error-codes'] = codesOf(operation).flatMap(([, codes]) => names.get(codes.join()) ?? codes);
  return lists;
}

function freeName(names: readonly string[], taken: object): string {
  const [first = ''] = names;
  const last = names.at(-1) ?? first;
  const numbered = Array.from({ length: 99 }, (_, index) => `${last}-${index + 2}`);
  const free = [...names, ...numbered].find((name) => !(name in taken));
  if (free === undefined) throw new Error(`no name is free for the component ${last}`);
  return free;
}
