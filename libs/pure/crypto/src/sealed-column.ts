import { open, seal, type AssociatedData, type Sealed, type SealingKeys } from './envelope';

/** The primary key of a row. Several values are joined by `/`, bytes are hexadecimal. */
type RowName = string | readonly (string | number | Buffer)[];

/** The values of one sealed column. A value opens only in its own row. */
export class SealedColumn<Value> {
  constructor(
    private readonly table: string,
    private readonly column: string,
    private readonly write: (value: Value) => string,
    private readonly read: (text: string) => Value,
  ) {}

  seal(keys: SealingKeys, row: RowName, value: Value): Sealed;
  seal(keys: SealingKeys, row: RowName, value: Value | null): Sealed | null;
  seal(keys: SealingKeys, row: RowName, value: Value | null): Sealed | null {
    return value === null ? null : seal(keys, this.aadOf(row), this.write(value));
  }

  /** Throws like `open`. */
  open(keys: SealingKeys, row: RowName, sealed: Sealed): Value;
  open(keys: SealingKeys, row: RowName, sealed: Sealed | null): Value | null;
  open(keys: SealingKeys, row: RowName, sealed: Sealed | null): Value | null {
    return sealed === null ? null : this.read(open(keys, this.aadOf(row), sealed));
  }

  private aadOf(row: RowName): AssociatedData {
    const parts = typeof row === 'string' ? [row] : row;
    const names = parts.map((part) => (Buffer.isBuffer(part) ? part.toString('hex') : part));
    return { table: this.table, column: this.column, row: names.join('/') };
  }
}

export function sealedText(table: string, column: string): SealedColumn<string> {
  const same = (text: string): string => text;
  return new SealedColumn(table, column, same, same);
}

/** A column of JSON. Reading does not check it: only this service can have sealed it. */
export function sealedJson<Value>(
  table: string,
  column: string,
  write: (value: Value) => string = (value) => JSON.stringify(value),
): SealedColumn<Value> {
  return new SealedColumn(table, column, write, (text) => JSON.parse(text) as Value);
}
