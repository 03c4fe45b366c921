import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf, type Operation } from './operations';

type Content = NonNullable<Extract<Operation['requestBody'], { content: unknown }>>['content'];
type Parameter = NonNullable<Operation['parameters']>[number];
type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Schemas[string];

const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

/**
 * Builds an example for each body without one from the examples of its fields, and sets example ids in paths.
 */
export function addExamples(document: OpenAPIObject): void {
  const schemas = document.components?.schemas ?? {};
  for (const { requestBody, responses, parameters } of operationsOf(document)) {
    for (const body of [requestBody, ...Object.values(responses)])
      if (body && 'content' in body) addToContent(body.content ?? {}, schemas);
    parameters?.forEach(addToParameter);
  }
}

function addToContent(content: Content, schemas: Schemas): void {
  for (const media of Object.values(content))
    if (media.schema && media.examples === undefined) media.example ??= exampleOf(media.schema, schemas);
}

function addToParameter(parameter: Parameter): void {
  if (!('in' in parameter) || !parameter.schema || '$ref' in parameter.schema) return;
  const { schema, name } = parameter;
  if (parameter.in === 'path' && !parameter.description) {
    parameter.description = descriptionOfId(name);
    schema.format = 'uuid';
  }
  if (schema.format === 'uuid') schema.example ??= ID;
}

/** For a parameter that its route does not describe: it is a UUID, and its name says of what. */
function descriptionOfId(name: string): string {
  const words = name.replace(/Id$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return name === 'id' ? 'Its id.' : `The id of the ${words}.`;
}

function exampleOf(schema: Schema, schemas: Schemas): unknown {
  if ('$ref' in schema) {
    const target = schemas[schema.$ref.split('/').at(-1) ?? ''];
    return target && exampleOf(target, schemas);
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
