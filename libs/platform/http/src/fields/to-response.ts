import type { Type as Class } from '@nestjs/common';
import { documentedProperties } from '../nest-metadata';

/** A date may stand for a text field: it becomes ISO 8601. */
type Accepted<Value> = string extends NonNullable<Value> ? Value | Date : Value;

type ResponseSource<Response> = { readonly [Field in keyof Response]: Accepted<Response[Field]> };

/** Copies only declared fields, so rows may be passed as they are. Further values supply fields with other names. */
export function toResponse<Response extends object>(
  response: Class<Response>,
  source: ResponseSource<Response>,
): Response {
  const values = source as Readonly<Record<string, unknown>>;
  const declared = documentedProperties(response);
  if (!declared) throw new Error(`${response.name} declares no fields`);
  const fields = declared.filter((field) => values[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, textOf(values[field])])) as Response;
}

function textOf(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
