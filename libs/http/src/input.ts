import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import type { FieldError } from '@countersign/errors';
import { fieldError, pathOf } from './field-error';
import { requestError } from './http.errors';
import { keepRulesOfClasses } from './rules-of-class';
import { findUnsafe, KEYS, textErrorsOf, UNKNOWN_FIELD } from './unsafe-input';

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
  const known = namesOf(type);
  const unknown = Object.keys(value)
    .filter((name) => !known.has(name))
    .slice(0, MAX_FIELDS);
  // What is in an unknown field is not judged: its caller means another call.
  const taken =
    unknown.length === 0
      ? value
      : Object.fromEntries(Object.entries(value).filter(([name]) => known.has(name)));
  const unsafeNames = unknown.flatMap((name) => textErrorsOf('', name, KEYS));
  if (unsafeNames.length > 0) throw refused(unsafeNames);
  const unsafe = findUnsafe(taken, MAX_FIELDS);
  const refusals = unknown.map((name) => fieldError(name, UNKNOWN_FIELD, 'is not known'));
  if (unsafe.length > 0) throw refused([...refusals, ...unsafe]);
  const instance = plainToInstance(type, taken, { exposeUnsetFields: false });
  for (const failure of validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  }))
    refusals.push(...fieldErrorsOf(failure, ''));
  if (refusals.length > 0) throw refused(refusals);
  return instance;
}

const namesOfClasses = new WeakMap<object, ReadonlySet<string>>();

/** The fields of a class that have a rule. */
function namesOf(type: ClassConstructor<object>): ReadonlySet<string> {
  const found = namesOfClasses.get(type);
  if (found) return found;
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const names = new Set(rules.map(({ propertyName }) => propertyName));
  namesOfClasses.set(type, names);
  return names;
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
        : fieldError(
            path,
            ruleCodeOf(constraint),
            constraint === 'matches' && typeof failure.value === 'number'
              ? 'must be a string: write the number in quotes'
              : withoutProperty(message, failure.property),
          ),
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
