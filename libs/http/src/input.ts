import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { FieldError } from '@countersign/errors';
import { fieldError, pathOf } from './field-error';
import { requestError } from './http.errors';
import { keepRulesOfClasses } from './rules-of-class';
import { findUnsafe, UNKNOWN_FIELD } from './unsafe-input';

keepRulesOfClasses();

/** A caller needs the first few; a list of thousands would be larger than the request. */
const MAX_FIELDS = 20;

/**
 * Reads an untrusted value as an instance of a class with class-validator rules. Values are not converted.
 * @throws AppError request.unknown_field or request.invalid, naming the failing fields (at most 20) and no
 * value.
 */
export function readInput<T extends object>(type: ClassConstructor<T>, value: unknown): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refused([fieldError('', 'object', 'must be a JSON object')]);
  assertSafe(value);
  const instance = plainToInstance(type, value, { exposeUnsetFields: false });
  const failures = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  }).flatMap((failure) => fieldErrorsOf(failure, ''));
  if (failures.length > 0) throw refused(failures);
  return instance;
}

/**
 * Refuses what no input may hold, for a value whose types are certain.
 * @throws AppError request.unknown_field or request.invalid, as `readInput`
 */
export function assertSafe(value: object): void {
  const unsafe = findUnsafe(value, MAX_FIELDS);
  if (unsafe.length > 0) throw refused(unsafe);
}

function refused(fields: readonly FieldError[]): Error {
  const isUnknown = fields.some(({ code }) => code === UNKNOWN_FIELD);
  return requestError(isUnknown ? 'request.unknown_field' : 'request.invalid', {
    fields: fields.slice(0, MAX_FIELDS),
  });
}

function fieldErrorsOf(failure: ValidationError, parent: string): FieldError[] {
  const path = pathOf(parent, failure.property);
  // Decorators run bottom-up: the rule that a class names first, usually the type, comes last.
  const own = Object.entries(failure.constraints ?? {})
    .slice(-1)
    .map(([constraint, message]) =>
      constraint === 'whitelistValidation'
        ? fieldError(path, UNKNOWN_FIELD, 'is not known')
        : fieldError(path, ruleCodeOf(constraint), withoutProperty(message, failure.property)),
    );
  return [...own, ...(failure.children ?? []).flatMap((child) => fieldErrorsOf(child, path))];
}

/** The code of a rule of class-validator: `max_length` for `maxLength`, `uuid` for `isUuid`. */
export function ruleCodeOf(constraint: string): string {
  return constraint
    .replace(/^is(?=[A-Z])/, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function withoutProperty(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
