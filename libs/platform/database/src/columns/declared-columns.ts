import { getMetadataArgsStorage } from 'typeorm';
import type { Sealed, SealedBytes } from '@countersign/crypto';
import { columnOf } from './columns';

/**
 * Who an answer of the API shows a field to. `person`: its own sessions. `application`: sessions and clients of
 * applications that the person used and that declare the field. `chosen`: as the person set the field.
 */
export type Audience = 'person' | 'application' | 'chosen';

/** Texts are parts of sentences in `docs/privacy.md`: no capital letter, no full stop. */
export interface PersonalData {
  /** The field in words: `first name`. */
  readonly what: string;
  /** The purpose of storing it. */
  readonly why: string;
  /** The end of its storage: `until the account is erased`. Build it from the constant where there is one. */
  readonly retention: string;
  /** Empty for a field that no answer shows. */
  readonly visibleTo: readonly Audience[];
}

/** A field that the person made public. Only its copy is in clear text. */
type PublicData = Pick<PersonalData, 'what' | 'why' | 'retention'>;

export interface DeclaredColumn<Declaration> {
  readonly table: string;
  readonly column: string;
  readonly property: string;
  readonly declaration: Declaration;
}

type EntityClass = abstract new () => object;

/** Accepts a property only if its declared type is `Value`. */
type DecoratorFor<Value> = <Key extends string>(target: Readonly<Record<Key, Value>>, key: Key) => void;

/** Text under a data key or a key of the ring, or bytes under a secret that is not stored. */
type SealedValue = Sealed | SealedBytes | null;

/** A decorator of columns. `of` lists those of one entity, in the order of their declaration. */
function columnDeclaration<Declaration, Value>() {
  const declarations = new Map<unknown, Map<string, Declaration>>();
  const declare =
    (declaration: Declaration): DecoratorFor<Value> =>
    ({ constructor }, key) => {
      const ofEntity = declarations.get(constructor) ?? new Map<string, Declaration>();
      declarations.set(constructor, ofEntity.set(key, declaration));
    };
  const of = (entity: EntityClass): readonly DeclaredColumn<Declaration>[] =>
    [...(declarations.get(entity) ?? [])].map(([property, declaration]) => ({
      table: tableOf(entity),
      column: columnNameOf(entity, property),
      property,
      declaration,
    }));
  return Object.assign(declare, { of });
}

/** Declares a personal field. Does not compile on a property whose type is not `Sealed` or `SealedBytes`, or `null`. */
export const Personal = columnDeclaration<PersonalData, SealedValue>();

/** Declares the copy of a field that the person made public: the only personal fields in clear text. */
export const PublicCopy = columnDeclaration<PublicData, unknown>();

const secrets = columnDeclaration<null, Sealed | null>();

/**
 * Declares a secret of the installation or of an application: text under a `sealing` key of the ring, for
 * `{ table, column, row: <primary key> }`. It is rewrapped when another key becomes active, and keeps its key from being retired.
 */
export const Secret = Object.assign(() => secrets(null), { of: secrets.of });

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
