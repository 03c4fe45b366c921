import type { Row } from '../api';
import { labelOf } from '../texts';
import { listOf, type ActField } from './act';

/** A field of a body, as the OpenAPI document of the administration API describes it. */
interface ApiField {
  readonly name: string;
  readonly hint: string;
  readonly isOptional: boolean;
  readonly isNullable: boolean;
  readonly isNumber: boolean;
  readonly isList: boolean;
  readonly options?: readonly string[];
}

declare const FORMS_OF_API: Readonly<Record<string, readonly ApiField[]>>;

/** The form for the body of an operation. Descriptions of more than two words are hints. */
export function fieldsOf(operation: string): readonly ActField[] {
  return (FORMS_OF_API[operation] ?? []).map(({ name, hint, isOptional, isList, options }) => ({
    ...{ name, isOptional, options, ...(isList ? { rows: 3 } : {}) },
    label: name.endsWith('Id') ? `${labelOf(name)} ID` : labelOf(name),
    ...(hint.split(' ').length > 2 ? { hint } : {}),
  }));
}

/**
 * The body from the texts of the form. Text that is not a number is sent as it was typed, so that the service rejects it.
 * @param before the resource that the form was filled from: fields that stay are not sent
 */
export function bodyOf(operation: string, values: Readonly<Record<string, string>>, before?: Row): Row {
  const body: Record<string, unknown> = {};
  for (const { name, isNullable, isNumber, isList } of FORMS_OF_API[operation] ?? []) {
    const text = (values[name] ?? '').trim();
    if (before && text === textOf(before[name]).trim()) continue;
    if (text !== '' && isList) body[name] = listOf(text);
    else if (text !== '') body[name] = isNumber && Number.isFinite(Number(text)) ? Number(text) : text;
    else if (isNullable) body[name] = null;
  }
  return body;
}

/** The initial texts of the form, from a resource. */
export function valuesOf(operation: string, of: Row): Readonly<Record<string, string>> {
  return Object.fromEntries((FORMS_OF_API[operation] ?? []).map(({ name }) => [name, textOf(of[name])]));
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join('\n');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
