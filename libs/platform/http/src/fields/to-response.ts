import type { Type as Class } from '@nestjs/common';

/** Where a field is a text, a date stands for it in ISO 8601. */
type Accepted<Value> = string extends NonNullable<Value> ? Value | Date : Value;

type ResponseSource<Response> = { readonly [Field in keyof Response]: Accepted<Response[Field]> };

/** The metadata key of `@ApiProperty`, which `@nestjs/swagger` does not export. */
const DECLARED = 'swagger/apiModelPropertiesArray';

const known = new WeakMap<Class, readonly string[]>();

/**
 * A response with the fields that its class declares, and no others: rows may be passed as they are, together with
 * values under the names of fields that the row calls otherwise.
 */
export function toResponse<Response extends object>(
  response: Class<Response>,
  source: ResponseSource<Response>,
): Response {
  const values = source as Readonly<Record<string, unknown>>;
  const fields = fieldsOf(response).filter((field) => values[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, textOf(values[field])])) as Response;
}

function fieldsOf(response: Class): readonly string[] {
  const found = known.get(response) ?? declaredBy(response);
  known.set(response, found);
  return found;
}

/** As `@ApiProperty` stores them, each behind a colon, with those of its base classes. */
function declaredBy({ prototype, name }: Class): readonly string[] {
  const declared = Reflect.getMetadata(DECLARED, prototype as object) as readonly string[] | undefined;
  if (!declared) throw new Error(`${name} declares no fields`);
  return declared.map((field) => field.slice(1));
}

function textOf(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}
