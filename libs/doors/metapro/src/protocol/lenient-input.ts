import { assertSafe } from '@countersign/http';

/** An object whose fields are read one by one. @throws AppError request.invalid, request.unknown_field */
export function safeObject(value: object): Readonly<Record<string, unknown>> {
  assertSafe(value);
  return value as Readonly<Record<string, unknown>>;
}
