import { getMetadataArgsStorage } from 'typeorm';

type MayBeEmpty<Value> = null extends Value ? true : Value extends readonly unknown[] ? true : false;
type Given<Row> = { [Name in keyof Row as MayBeEmpty<Row[Name]> extends true ? never : Name]: Row[Name] };

/** A row of an entity. Omitted columns are `null`, or an empty list. */
export function newRow<Row extends object>(entity: new () => Row, given: Given<Row> & Partial<Row>): Row {
  const row: Record<string, unknown> = {};
  const { columns } = getMetadataArgsStorage();
  const own = columns.filter(({ target }) => target === entity || isAncestor(target, entity));
  for (const { propertyName, options } of own)
    if (options.nullable) row[propertyName] = null;
    else if (Array.isArray(options.default)) row[propertyName] = [];
  return { ...(row as Row), ...given };
}

function isAncestor(target: unknown, entity: new () => object): boolean {
  return typeof target === 'function' && entity.prototype instanceof target;
}
