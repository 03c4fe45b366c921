import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf, type Operation } from './operations';

type Parameter = NonNullable<Operation['parameters']>[number];

const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

/** Describes ids in paths, and gives ids an example. Bodies need none: their fields have examples. */
export function addExamples(document: OpenAPIObject): void {
  for (const { parameters } of operationsOf(document)) parameters?.forEach(addToParameter);
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
