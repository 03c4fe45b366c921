import { Registry } from '@countersign/text';

/** Columns of one table that are not declared at an entity, each with the reason why it may be in clear text. */
export interface ReviewedTable {
  /** Whether a row belongs to one person: then docs/privacy.md names the columns. */
  readonly isOfPerson: boolean;
  readonly columns: Readonly<Record<string, string>>;
}

/** What columns of many tables hold. */
export const holds = {
  counter: 'a counter',
  keyId: 'id of a key of the ring',
  enumerated: 'an enumerated value',
  origin: 'public id of the bot whose proof authorised the act, or the word for a weak proof',
  keyedDigest: 'keyed digest: without the index key it tells nothing',
  randomDigest: 'digest of a random secret',
  publicBot: 'names a bot, which is public',
  operator: 'name of an operator in the audit trail',
  chosenByOperator: 'name that an operator chose',
} as const;

const tables = new Registry<string, ReviewedTable>('reviewed table', /^[a-z_]+$/);
const schemas = new Registry<string, string>('reviewed schema', /^[a-z_]+$/);

/**
 * Registers what may be in clear text in the tables of a feature. A column that is neither here nor declared by `@Personal`,
 * `@PublicCopy` or `@Secret` fails `personal-columns.integration-spec.ts`; so does an entry without a column. UUIDs, instants
 * and booleans need no entry.
 */
export function defineReviewedTables(declarations: Readonly<Record<string, ReviewedTable>>): void {
  tables.define(declarations);
}

/** Registers the schema of a library, reviewed as a whole. */
export function defineReviewedSchema(name: string, holding: string): void {
  schemas.define({ [name]: holding });
}

/** Of all features whose files have loaded, by name. */
export function reviewedTables(): Readonly<Record<string, ReviewedTable>> {
  return Object.fromEntries(tables.names.map((name) => [name, tables.get(name)]));
}

export function reviewedSchemas(): Readonly<Record<string, string>> {
  return Object.fromEntries(schemas.names.map((name) => [name, schemas.get(name)]));
}

/** For tests, whose files share a process. */
export function forgetReviewedTables(declarations: Readonly<Record<string, ReviewedTable>>): void {
  tables.forget(declarations);
}
