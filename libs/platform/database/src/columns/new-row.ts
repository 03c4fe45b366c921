import { getMetadataArgsStorage } from 'typeorm';

type MayBeEmpty<Value> = null extends Value ? true : Value extends readonly unknown[] ? true : false;
type Given<Row> = { [Name in keyof Row as MayBeEmpty<Row[Name]> extends true ? never : Name]: Row[Name] };

/** A row of an entity. Omitted columns are `null`, or an empty list. */
export function newRow<Row extends object>(entity: new () => Row, given: Given<Row> & Partial<Row>): Row {
  const row: Record<string, unknown> = {};
  for (const { target, propertyName, options } of getMetadataArgsStorage().columns)
    if (target === entity && options.nullable) row[propertyName] = null;
    else if (target === entity && Array.isArray(options.default)) row[propertyName] = [];
  return { ...(row as Row), ...given };
}
