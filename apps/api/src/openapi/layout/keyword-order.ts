import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from '../operations';

/** Keywords of parameters and schemas in the order in which they are written. Others follow by name. */
const ORDER = [
  'name',
  'in',
  'required',
  '$ref',
  'type',
  'format',
  'enum',
  'description',
  'default',
  'example',
];

/** Sorts the keywords of parameters and schemas, so that a document does not show in which order they were set. */
export function inKeywordOrder(document: OpenAPIObject): void {
  const { schemas = {} } = document.components ?? {};
  for (const [name, schema] of Object.entries(schemas)) schemas[name] = sorted(schema);
  for (const operation of operationsOf(document))
    if (operation.parameters) operation.parameters = operation.parameters.map(sorted);
}

function sorted<T extends object>(node: T): T {
  const entries = Object.entries(node)
    .map(([keyword, value]): [string, unknown] => [keyword, sortedWithin(keyword, value)])
    .toSorted(([one], [other]) => positionOf(one) - positionOf(other) || (one < other ? -1 : 1));
  return Object.fromEntries(entries) as T;
}

function sortedWithin(keyword: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (keyword === 'schema' || keyword === 'items' || keyword === 'additionalProperties') return sorted(value);
  if (keyword === 'properties')
    return Object.fromEntries(
      Object.entries(value as Readonly<Record<string, object>>).map(([name, schema]) => [
        name,
        sorted(schema),
      ]),
    );
  if (keyword === 'allOf' || keyword === 'anyOf' || keyword === 'oneOf')
    return (value as readonly object[]).map(sorted);
  return value;
}

function positionOf(keyword: string): number {
  const position = ORDER.indexOf(keyword);
  return position === -1 ? ORDER.length : position;
}
