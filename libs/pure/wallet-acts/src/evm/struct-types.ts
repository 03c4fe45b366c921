export interface Field {
  readonly name: string;
  readonly type: string;
}

export type StructTypes = ReadonlyMap<string, readonly Field[]>;

/** Values have the one form of their type: whole numbers, lower-case hex, text, lists. */
export type Struct = Readonly<Record<string, unknown>>;

export interface TypedData {
  readonly types: StructTypes;
  readonly primaryType: string;
  readonly message: Struct;
  /** In lower case. */
  readonly verifyingContract: string;
}

/** For all names and types, because the type of each struct is hashed with its dependencies. */
const MAX_TYPES_LENGTH = 4_096;
const MAX_FIELDS = 64;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** A type, and the array sizes at each level: any number, or 1 to 9,999. */
const REFERENCE = /^([A-Za-z_][A-Za-z0-9_]*)((?:\[(?:[1-9][0-9]{0,3})?\])*)$/;
const ATOM =
  /^(?:address|bool|string|bytes(?:[1-9]|[12][0-9]|3[0-2])?|u?int(?:8|16|24|32|40|48|56|64|72|80|88|96|104|112|120|128|136|144|152|160|168|176|184|192|200|208|216|224|232|240|248|256))$/;
/** Solidity's names, so that no struct looks like an atom. */
const RESERVED = /^(?:address|bool|string|function|u?(?:int|fixed)[0-9x]*|bytes[0-9]*)$/;

/** Null unless each type refers to atoms and other given types, without a cycle. */
export function readStructTypes(input: unknown): StructTypes | null {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return null;
  const types = new Map<string, readonly Field[]>();
  let length = 0;
  for (const [name, declared] of Object.entries(input)) {
    const fields = isName(name) && !RESERVED.test(name) ? readFields(declared) : null;
    if (!fields) return null;
    length += name.length + fields.reduce((sum, field) => sum + field.name.length + field.type.length, 0);
    if (length > MAX_TYPES_LENGTH) return null;
    types.set(name, fields);
  }
  const isKnown = (type: string): boolean => ATOM.test(type) || types.has(type);
  const references = [...types.values()].flat().map(({ type }) => structOf(type));
  return references.every(isKnown) && !isCircular(types) ? types : null;
}

/** `type name,type name`, as in the text for the type hash. */
export function fieldsText(fields: readonly Field[] | undefined): string {
  return (fields ?? []).map(({ type, name }) => `${type} ${name}`).join(',');
}

function readFields(input: unknown): readonly Field[] | null {
  if (!Array.isArray(input) || input.length === 0 || input.length > MAX_FIELDS) return null;
  const fields = input.map(readField);
  const names = new Set(fields.map((field) => field?.name));
  return names.size === fields.length && fields.every((field) => field !== null) ? fields : null;
}

function readField(input: unknown): Field | null {
  const { name, type, ...others } = Object(input) as Readonly<Record<string, unknown>>;
  const isField =
    typeof name === 'string' &&
    typeof type === 'string' &&
    isName(name) &&
    REFERENCE.test(type) &&
    Object.keys(others).length === 0;
  return isField ? { name, type } : null;
}

/** Refuses names that every object inherits, because plain objects contain the types later. */
function isName(name: string): boolean {
  return NAME.test(name) && !(name in Object.prototype);
}

function structOf(type: string): string {
  return REFERENCE.exec(type)?.[1] ?? '';
}

function isCircular(types: StructTypes): boolean {
  const left = new Map([...types].map(([name, fields]) => [name, fields.map(({ type }) => structOf(type))]));
  for (let before = -1; before !== left.size;) {
    before = left.size;
    for (const [name, references] of left) {
      if (!references.some((reference) => left.has(reference))) left.delete(name);
    }
  }
  return left.size > 0;
}
