import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { FieldError } from '@countersign/text';
import { fieldError, pathOf } from './field-error';
import { requestError } from '../http.errors';
import { documentedProperties } from '../nest-metadata';
import { findUnsafe, KEYS, MAX_FIELDS, textErrorsOf, UNKNOWN_FIELD } from './unsafe-input';

/** Reads an untrusted value as an instance of a class. It converts no value. */
export function readInput<T extends object>(type: ClassConstructor<T>, value: unknown): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refused([fieldError('', 'object', 'must be a JSON object')]);
  const refusals: FieldError[] = [];
  // The content of an unknown field is not checked: its caller means another call.
  const taken = withoutUnknown(type, value, '', refusals);
  const unsafe = findUnsafe(taken, type);
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

/** A class that documents no field accepts no field. @param refusals receives errors of the first unknown fields */
function withoutUnknown(
  type: ClassConstructor<object>,
  value: object,
  path: string,
  refusals: FieldError[],
): object {
  const known = fieldsOf(type);
  if (!known) return value;
  const entries = Object.entries(value) as [string, unknown][];
  const taken = entries.flatMap(([name, member]): [string, unknown][] => {
    const nested = known.get(name);
    if (nested === undefined) {
      refuseUnknown(path, name, refusals);
      return [];
    }
    if (nested === null) return [[name, member]];
    return [[name, membersOf(nested, member, pathOf(path, name), refusals)]];
  });
  const isSame =
    taken.length === entries.length && taken.every(([, member], at) => member === entries[at]?.[1]);
  return isSame ? value : Object.fromEntries(taken);
}

function membersOf(
  type: ClassConstructor<object>,
  value: unknown,
  path: string,
  refusals: FieldError[],
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return withoutUnknown(type, value, path, refusals);
  const items = value.map((item: unknown, at) =>
    Array.isArray(item) ? item : membersOf(type, item, pathOf(path, String(at)), refusals),
  );
  return items.every((item, at) => item === value[at]) ? value : items;
}

function refuseUnknown(path: string, name: string, refusals: FieldError[]): void {
  if (refusals.length >= MAX_FIELDS) return;
  const unsafe = textErrorsOf(path, name, KEYS);
  if (unsafe.length > 0) throw refused(unsafe);
  refusals.push(fieldError(pathOf(path, name), UNKNOWN_FIELD, 'is not known'));
}

type Fields = ReadonlyMap<string, ClassConstructor<object> | null>;

/** Keyed by the documented names: a feature that adds a field replaces this list. */
const fieldsOfNames = new WeakMap<readonly string[], Fields>();

function fieldsOf(type: ClassConstructor<object>): Fields | null {
  const names = documentedProperties(type);
  if (!names) return null;
  const found = fieldsOfNames.get(names);
  if (found) return found;
  const fields = new Map(names.map((name) => [name, classWithin(type, name)]));
  fieldsOfNames.set(names, fields);
  return fields;
}

/** class-transformer reveals the class by the instance that it makes of `{}`: `@Type` has no public reader. */
function classWithin(type: ClassConstructor<object>, name: string): ClassConstructor<object> | null {
  const made = plainToInstance(type, { [name]: {} }) as Readonly<Record<string, object | undefined>>;
  const within = made[name]?.constructor as ClassConstructor<object> | undefined;
  return within === undefined || within === Object ? null : within;
}

/** Refuses values that no input may contain, for a value of known types. */
export function assertSafe(value: object): void {
  const unsafe = findUnsafe(value);
  if (unsafe.length > 0) throw refused(unsafe);
}

/** Clients send `{}`, `null`, `""` and `[]` for no body. */
export function assertNoFields(value: unknown): void {
  if (value === undefined || value === null || value === '') return;
  if (typeof value !== 'object' || (Array.isArray(value) && value.length > 0))
    throw refused([fieldError('', 'object', 'must be absent or empty: this call takes no body')]);
  const refusals: FieldError[] = [];
  for (const name of Object.keys(value)) refuseUnknown('', name, refusals);
  if (refusals.length > 0) throw refused(refusals);
}

/** Ignores other fields: clients of an undocumented API send more than we know. */
export function readKnown<T extends object>(type: ClassConstructor<T>, value: unknown): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return readInput(type, value);
  const names = fieldsOf(type);
  const known = Object.entries(value).filter(
    ([name, member]) => names?.has(name) && member !== null && member !== '',
  );
  return readInput(type, Object.fromEntries(known));
}

function refused(fields: readonly FieldError[]): Error {
  const isUnknown = fields.some(({ code }) => code === UNKNOWN_FIELD);
  return requestError(isUnknown ? 'request.unknown_field' : 'request.invalid', {
    fields: fields.slice(0, MAX_FIELDS),
  });
}

function fieldErrorsOf(failure: ValidationError, parent: string): FieldError[] {
  const path = pathOf(parent, failure.property);
  // Decorators run bottom-up: the first rule of a class, usually the type, comes last.
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

/** `max_length` for `maxLength`, `uuid` for `isUuid`. */
function ruleCodeOf(constraint: string): string {
  return constraint
    .replace(/^is(?=[A-Z])/, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function withoutProperty(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}

@Injectable()
export class InputPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || !metatype || metatype === Object) return value;
    return readInput(metatype, value);
  }
}
