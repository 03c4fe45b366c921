import { getMetadataArgsStorage } from 'typeorm';
import type { Sealed, SealedBytes } from '@countersign/crypto';
import { columnOf } from './columns';

interface DeclaredColumn {
  readonly table: string;
  readonly column: string;
  readonly property: string;
}

type EntityClass = abstract new () => object;

type DecoratorFor<Value> = <Key extends string>(target: Readonly<Record<Key, Value>>, key: Key) => void;

/** Text under a data key or a key of the ring, or bytes under a secret that is not stored. */
type SealedValue = Sealed | SealedBytes | null;

function columnDeclaration<Value>() {
  const declared = new Map<unknown, Set<string>>();
  const declare =
    (): DecoratorFor<Value> =>
    ({ constructor }, key) => {
      declared.set(constructor, (declared.get(constructor) ?? new Set()).add(key));
    };
  const of = (entity: EntityClass): readonly DeclaredColumn[] =>
    [...(declared.get(entity) ?? [])].map((property) => ({
      table: tableOf(entity),
      column: columnNameOf(entity, property),
      property,
    }));
  return Object.assign(declare, { of });
}

/** Declares a personal field, which `docs/privacy.md` describes. Its type must be `Sealed`, `SealedBytes` or `null`. */
export const Personal = columnDeclaration<SealedValue>();

/** Declares the copy of a field that the person made public. No other personal field is in clear text. */
export const PublicCopy = columnDeclaration<unknown>();

/** Declares a secret that the ring seals for `{ table, column, row: <primary key> }`, and `keys rewrap` seals again. */
export const Secret = columnDeclaration<Sealed | null>();

function tableOf(entity: EntityClass): string {
  const name = getMetadataArgsStorage().tables.find(({ target }) => target === entity)?.name;
  if (name === undefined) throw new Error(`${entity.name} is not an entity with a named table`);
  return name;
}

function columnNameOf(entity: EntityClass, property: string): string {
  const isColumn = getMetadataArgsStorage().columns.some(
    ({ target, propertyName }) => target === entity && propertyName === property,
  );
  if (!isColumn) throw new Error(`${entity.name}.${property} is declared, but is not a column`);
  return columnOf(property);
}
