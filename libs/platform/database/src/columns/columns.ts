import { DefaultNamingStrategy, getMetadataArgsStorage } from 'typeorm';
import type { BlindIndex } from '@countersign/crypto';

/** Supported column types. `date` is bound as text: `2026-11-20` or `infinity`. */
type PostgresType =
  | 'boolean'
  | 'bytea'
  | 'date'
  | 'integer'
  | 'jsonb'
  | 'text'
  | 'text[]'
  | 'timestamptz'
  | 'uuid';

type Types<Row> = { readonly [Property in keyof Row]-?: PostgresType };

export type RowOf<T> = T extends Columns<infer Row> ? Row : never;

/**
 * Declares the columns of a row once. A missing or misspelt property does not compile. The property `userId` is
 * `user_id` in SQL. Build SQL texts when a module loads, and only bind parameters per call.
 */
export function columns<Row>(types: Types<Row>): Columns<Row> {
  return new Columns<Row>(types);
}

/** The columns of an entity. The columns that batches use need a `PostgresType`. */
export function columnsOf<Row extends object>(
  entity: abstract new () => Row,
): Columns<{ readonly [Property in keyof Row]: Row[Property] }> {
  const declared = getMetadataArgsStorage().columns.filter(({ target }) => target === entity);
  const types = declared.map(({ propertyName, options }) => [
    propertyName,
    `${String(options.type)}${options.array ? '[]' : ''}`,
  ]);
  return new Columns(Object.fromEntries(types) as Types<Row>);
}

/** Columns of a table or of a batch parameter, in the order of their declaration. */
export class Columns<Row> {
  /** `id, user_id` */
  readonly names: string;
  /** `id, user_id AS "userId"`: a SELECT of these columns returns rows of this type. */
  readonly selected: string;

  private readonly properties: readonly (keyof Row & string)[];
  /** In a batch, a `text[]` is bound as JSON too. */
  private readonly isJsonInBatch: readonly boolean[];
  private readonly isJson: readonly boolean[];

  constructor(private readonly types: Types<Row>) {
    this.properties = Object.keys(types) as (keyof Row & string)[];
    this.names = this.properties.map(columnOf).join(', ');
    this.selected = this.properties.map(selectionOf).join(', ');
    this.isJson = this.properties.map((property) => this.types[property] === 'jsonb');
    this.isJsonInBatch = this.properties.map((property) => batchTypeOf(this.types[property]) === 'jsonb');
  }

  get count(): number {
    return this.properties.length;
  }

  pick<Property extends keyof Row & string>(
    ...properties: readonly Property[]
  ): Columns<Pick<Row, Property>> {
    const wanted = properties.map((property) => [property, this.types[property]]);
    return new Columns(Object.fromEntries(wanted) as Types<Pick<Row, Property>>);
  }

  omit<Property extends keyof Row & string>(
    ...properties: readonly Property[]
  ): Columns<Omit<Row, Property>> {
    const rest = this.properties.filter((property) => !properties.includes(property as Property));
    return this.pick(...rest) as unknown as Columns<Omit<Row, Property>>;
  }

  and<Others>(others: Columns<Others>): Columns<Row & Others> {
    const twice = Object.keys(others.types).filter((property) => property in this.types);
    if (twice.length > 0) throw new Error(`columns declared twice: ${twice.join(', ')}`);
    return new Columns({ ...this.types, ...others.types } as unknown as Types<Row & Others>);
  }

  /** `$1::uuid, $2::timestamptz`: the parameters of one row. `valuesOf` binds them. */
  parameters(first = 1): string {
    return this.properties.map((property, index) => `$${index + first}::${this.types[property]}`).join(', ');
  }

  /**
   * A SELECT of the rows of a batch, bound by `arraysOf`: `SELECT * FROM unnest($1::uuid[], ...) AS batch (id, ...)`.
   * PostgreSQL's `unnest` flattens nested arrays, so a `text[]` is sent as JSON and rebuilt here. A nullable `text[]`
   * and other or nested lists are not supported: use `jsonb`. A `jsonb` cannot contain the JSON value null: null is
   * SQL's.
   */
  unnest(first = 1): string {
    const types = this.properties.map((property) => batchTypeOf(this.types[property]));
    const parameters = types.map((type, index) => `$${index + first}::${type}[]`);
    const isPlain = this.properties.every((property) => this.types[property] !== 'text[]');
    const selected = isPlain ? '*' : this.properties.map((property) => this.unpacked(property)).join(', ');
    return `SELECT ${selected} FROM unnest(${parameters.join(', ')}) AS batch (${this.names})`;
  }

  /** `user_id = next.user_id, ...`: for an UPDATE with the new values in `source`. */
  assignedFrom(source: string): string {
    return this.properties
      .map(columnOf)
      .map((column) => `${column} = ${source}.${column}`)
      .join(', ');
  }

  valuesOf(row: Row): unknown[] {
    return this.properties.map((property, index) => {
      const value = row[property];
      return this.isJson[index] && value !== null ? JSON.stringify(value) : value;
    });
  }

  /** An array for each column. */
  arraysOf(rows: readonly Row[]): unknown[][] {
    const { properties, isJsonInBatch } = this;
    const { length } = rows;
    return properties.map((property, column) => {
      // This runs at every sign-in and refresh, mostly for one row. A plain loop is faster than `rows.map`.
      const values = new Array<unknown>(length);
      const isJson = isJsonInBatch[column];
      for (let index = 0; index < length; index += 1) {
        const value = rows[index]?.[property];
        values[index] = isJson && value !== null ? JSON.stringify(value) : value;
      }
      return values;
    });
  }

  private unpacked(property: keyof Row & string): string {
    const column = columnOf(property);
    return this.types[property] === 'text[]'
      ? `ARRAY(SELECT jsonb_array_elements_text(${column})) AS ${column}`
      : column;
  }
}

function batchTypeOf(type: PostgresType): PostgresType {
  return type === 'text[]' ? 'jsonb' : type;
}

/** In snake case. The name is not quoted in statements. */
export function columnOf(property: string): string {
  if (!/^[a-z][a-z0-9]*([A-Z][a-z0-9]+)*$/.test(property))
    throw new Error(`not a name of a column: ${property}`);
  return property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Entities name no columns, so TypeORM needs this strategy. */
export class ColumnNames extends DefaultNamingStrategy {
  override columnName(property: string): string {
    return columnOf(property);
  }
}

function selectionOf(property: string): string {
  const column = columnOf(property);
  return column === property ? column : `${column} AS "${property}"`;
}

export const BLIND_INDEX = columns<BlindIndex>({ keyId: 'text', digest: 'bytea' });
