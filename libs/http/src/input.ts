import { plainToInstance, type ClassConstructor } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import type { FieldError } from '@countersign/errors';
import { requestError } from './http.errors';

/**
 * Reads an untrusted value as an instance of a class with class-validator rules. Values are not converted.
 * @throws AppError request.unknown_field or request.invalid, naming every failing field and no value.
 */
export function readInput<T extends object>(type: ClassConstructor<T>, value: unknown): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw requestError('request.invalid', {
      fields: [{ path: '', code: 'object', detail: 'must be a JSON object' }],
    });
  const unsafe = findUnsafeText(value);
  if (unsafe.length > 0) throw requestError('request.invalid', { fields: unsafe });

  const instance = plainToInstance(type, value, { exposeUnsetFields: false });
  const failures = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
  }).flatMap((failure) => fieldErrorsOf(failure, ''));
  if (failures.length === 0) return instance;
  const isUnknown = failures.some(({ code }) => code === 'unknown_field');
  throw requestError(isUnknown ? 'request.unknown_field' : 'request.invalid', { fields: failures });
}

/** C0, DEL, C1: nothing that people type, and PostgreSQL cannot store NUL. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;

/** Walks without recursion: 64 KiB of brackets must not exhaust the stack. */
function findUnsafeText(root: object): FieldError[] {
  const found: FieldError[] = [];
  const open: [path: string, value: unknown][] = [['', root]];
  for (let next = open.pop(); next !== undefined && found.length < 10; next = open.pop()) {
    const [path, value] = next;
    if (typeof value === 'string') {
      if (CONTROL_CHARACTER.test(value))
        found.push({ path, code: 'control_character', detail: 'must not have control characters' });
      else if (!value.isWellFormed())
        found.push({ path, code: 'malformed_unicode', detail: 'must not have lone surrogates' });
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        if (CONTROL_CHARACTER.test(key) || !key.isWellFormed())
          found.push({
            path,
            code: 'control_character',
            detail: 'must not have control characters in its keys',
          });
        else open.push([path ? `${path}.${key}` : key, member]);
      }
    }
  }
  return found;
}

function fieldErrorsOf(failure: ValidationError, parent: string): FieldError[] {
  const path = parent ? `${parent}.${failure.property}` : failure.property;
  const own = Object.entries(failure.constraints ?? {}).map(([constraint, message]) => ({
    path: path.slice(0, 200),
    code: codeOf(constraint),
    detail:
      constraint === 'whitelistValidation' ? 'is not known' : withoutProperty(message, failure.property),
  }));
  return [...own, ...(failure.children ?? []).flatMap((child) => fieldErrorsOf(child, path))];
}

function codeOf(constraint: string): string {
  if (constraint === 'whitelistValidation') return 'unknown_field';
  return constraint
    .replace(/^is(?=[A-Z])/, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function withoutProperty(message: string, property: string): string {
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
