import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { readInput } from './input';

/**
 * Reads what the class declares and ignores other fields: clients of an API whose documents are not public send more than is
 * known.
 * @throws AppError request.invalid
 */
export function readKnown<T extends object>(type: Type<T>, value: unknown): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return readInput(type, value);
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const names = new Set(rules.map(({ propertyName }) => propertyName));
  const known = Object.entries(value).filter(
    ([name, member]) => names.has(name) && member !== null && member !== '',
  );
  return readInput(type, Object.fromEntries(known));
}
