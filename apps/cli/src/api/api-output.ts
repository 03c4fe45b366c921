import { fields, jsonOf, printable, table, textOf } from '../output';
import type { Schema } from './admin-document';

const MAX_COLUMNS = 8;
const ALSO = ['details', 'endReason', 'nodes', 'indexers', 'userIds'];

/** Shows the columns that distinguish items: ids, states and names before instants and numbers. */
export function tableOfItems(item: Schema, rows: readonly object[]): string {
  const names = columnsOf(item);
  return table(
    names,
    rows.map((row) => names.map((name) => textOf((row as Readonly<Record<string, unknown>>)[name] ?? null))),
  );
}

function columnsOf({ properties = {} }: Schema): readonly string[] {
  const names = Object.keys(properties);
  const ranked = names
    .map((name) => ({ name, rank: rankOf(name, properties[name] ?? {}) }))
    .filter(({ rank }) => rank < Infinity)
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, MAX_COLUMNS)
    .map(({ name }) => name);
  const [id] = ranked;
  return [...(id === undefined ? [] : [id]), ...names.filter((name) => name !== id && ranked.includes(name))];
}

function rankOf(name: string, { type, format, enum: words }: Schema): number {
  const types = [type].flat();
  const isOptional = types.includes('null');
  if (ALSO.includes(name)) return 1;
  if (types.includes('object') || types.includes('array') || name.endsWith('Url') || name === 'updatedAt')
    return Infinity;
  if (format === 'uuid' && !isOptional) return 0;
  if ((words || !format) && types.includes('string') && !isOptional) return 1;
  return isOptional ? 3 : 2;
}

/** Prints one field on each line. An answer to a change leaves out nested settings. */
export function textOfAnswer(answer: object, isChange: boolean): string {
  const entries = Object.entries(answer) as readonly (readonly [string, unknown])[];
  // The answer may have two objects, such as an application and its first secret.
  if (entries.length > 0 && entries.every(([, value]) => isObject(value)))
    return entries.map(([, value]) => textOfAnswer(value as object, isChange)).join('\n');
  const lines = entries.filter(([, value]) => !(isChange && isObject(value)));
  return lines.some(([, value]) => isObject(value))
    ? jsonOf(answer, 2)
    : fields(lines.flatMap(([name, value]) => rowsOf(printable(name), value)));
}

function rowsOf(name: string, value: unknown): readonly (readonly [name: string, value: string])[] {
  const isText = Array.isArray(value) && value.some((each) => typeof each === 'string' && each.includes(' '));
  if (!isText) return [[name, textOf(value)]];
  return value.map((each: unknown, index) => [index === 0 ? name : '', textOf(each)]);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
