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

type Declarations<Declaration> = Map<unknown, Map<string, Declaration>>;

const personal: Declarations<PersonalData> = new Map();
const publicCopies: Declarations<PublicData> = new Map();
const secret: Declarations<null> = new Map();

/** Declares a personal field. Does not compile on a property whose type is not `Sealed` or `SealedBytes`, or `null`. */
export function Personal(declaration: PersonalData): DecoratorFor<SealedValue> {
  return declaringIn(personal, declaration);
}

/** Declares the copy of a field that the person made public: the only personal fields in clear text. */
export function PublicCopy(declaration: PublicData): DecoratorFor<unknown> {
  return declaringIn(publicCopies, declaration);
}

/**
 * Declares a secret of the installation or of an application: text under a `sealing` key of the ring, for
 * `{ table, column, row: <primary key> }`. It is rewrapped when another key becomes active, and keeps its key from being retired.
 */
export function Secret(): DecoratorFor<Sealed | null> {
  return declaringIn(secret, null);
}

/** The personal columns of one entity, in the order of their declaration. */
export function personalColumnsOf(entity: EntityClass): readonly DeclaredColumn<PersonalData>[] {
  return declaredIn(personal, entity);
}

/** The public copies of one entity, in the order of their declaration. */
export function publicCopiesOf(entity: EntityClass): readonly DeclaredColumn<PublicData>[] {
  return declaredIn(publicCopies, entity);
}

/** The secret columns of one entity, in the order of their declaration. */
export function secretColumnsOf(entity: EntityClass): readonly DeclaredColumn<null>[] {
  return declaredIn(secret, entity);
}

function declaringIn<Declaration, Value>(
  declarations: Declarations<Declaration>,
  declaration: Declaration,
): DecoratorFor<Value> {
  return (target, key) => {
    const ofEntity = declarations.get(target.constructor) ?? new Map<string, Declaration>();
    declarations.set(target.constructor, ofEntity.set(key, declaration));
  };
}

function declaredIn<Declaration>(
  declarations: Declarations<Declaration>,
  entity: EntityClass,
): readonly DeclaredColumn<Declaration>[] {
  const ofEntity = declarations.get(entity) ?? new Map<string, Declaration>();
  return [...ofEntity].map(([property, declaration]) => ({
    table: tableOf(entity),
    column: declaredColumnOf(entity, property),
    property,
    declaration,
  }));
}

function tableOf(entity: EntityClass): string {
  const name = getMetadataArgsStorage().tables.find(({ target }) => target === entity)?.name;
  if (name === undefined) throw new Error(`${entity.name} is not an entity with a named table`);
  return name;
}

function declaredColumnOf(entity: EntityClass, property: string): string {
  const isColumn = getMetadataArgsStorage().columns.some(
    ({ target, propertyName }) => target === entity && propertyName === property,
  );
  if (!isColumn) throw new Error(`${entity.name}.${property} is declared, but is not a column`);
  return columnOf(property);
}
