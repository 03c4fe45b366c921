import { readFileSync } from 'node:fs';
import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf, type Operation } from '../../apps/api/src/openapi/operations';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Schemas[string];
type Body = NonNullable<Operation['requestBody'] | Operation['responses'][string]>;

export function committedDocument(name: string): OpenAPIObject {
  return inlined(JSON.parse(readFileSync(`docs/openapi/${name}.json`, 'utf8')) as OpenAPIObject);
}

/** Each with its method and path, as `GET /v1/me`. */
export function namedOperations({ paths }: OpenAPIObject): (readonly [string, Operation])[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
    ),
  );
}

/** A copy of the document whose operations have their own responses, and whose bodies have the examples of their fields. */
export function inlined(document: OpenAPIObject): OpenAPIObject {
  const copy = structuredClone(document);
  const { schemas = {}, ...components } = copy.components ?? {};
  for (const { requestBody, responses } of operationsOf(copy)) {
    for (const [status, response] of Object.entries(responses))
      if (response) responses[status] = target(components, response);
    for (const body of [requestBody, ...Object.values(responses)]) if (body) addExamples(body, schemas);
  }
  return copy;
}

/** A description beside a reference replaces that of the target. */
function target<Part extends object>(components: object, part: Part): Part {
  if (!('$ref' in part)) return part;
  const { $ref, ...replaced } = part;
  const [kind = '', name = ''] = String($ref).split('/').slice(2);
  const found = (components as Readonly<Record<string, Readonly<Record<string, Part>>>>)[kind]?.[name];
  if (!found) throw new Error(`the document has no ${String($ref)}`);
  return { ...structuredClone(found), ...replaced };
}

function addExamples(body: Body, schemas: Schemas): void {
  for (const media of Object.values(('content' in body && body.content) || {}))
    if (media.schema && media.examples === undefined) media.example ??= exampleOf(media.schema, schemas);
}

/** The example of a schema, or what the examples of its fields make. */
function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if ('$ref' in schema) {
    const found = schemas[schema.$ref.split('/').at(-1) ?? ''];
    return found && exampleOf(found, schemas);
  }
  if (schema.example !== undefined) return schema.example;
  if (schema.items) return [exampleOf(schema.items, schemas)];
  const [choice] = schema.oneOf ?? schema.anyOf ?? [];
  if (choice) return exampleOf(choice, schemas);
  const parents = (schema.allOf ?? []).map((parent) => exampleOf(parent, schemas) as object);
  const own = Object.entries(schema.properties ?? {}).map(([name, property]) => [
    name,
    exampleOf(property, schemas),
  ]);
  return Object.assign({}, ...parents, Object.fromEntries(own)) as object;
}
