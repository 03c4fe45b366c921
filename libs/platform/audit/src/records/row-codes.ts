import { Injectable } from '@nestjs/common';
import { isMacOf, KeyRing, lengthPrefixed, macOf } from '@countersign/crypto';
import { derivedMacKeys } from './derived-mac-keys';
import { readable } from './record-encoding';

const CONTEXT = 'countersign/row-code/v1';
const ROW_TAG = 'countersign/row/v1';

/** Of columns that this service wrote. */
const MAX_DEPTH = 64;

export interface RowCode {
  readonly macKeyId: string;
  readonly mac: Buffer;
}

/**
 * Codes of rows that grant rights (HMAC-SHA256): write access to the database is not enough to make such a row. Their keys are
 * derived from the index keys of the ring.
 */
@Injectable()
export class RowCodes {
  private readonly keys = derivedMacKeys(CONTEXT);

  constructor(private readonly keyRing: KeyRing) {}

  get activeKeyId(): string {
    return this.keyRing.lastActive('index').id;
  }

  make(table: string, content: object): RowCode {
    const key = this.keys(this.keyRing.lastActive('index'));
    return { macKeyId: key.id, mac: macOf(key, encode(table, content)) };
  }

  isRight(table: string, content: object, { macKeyId, mac }: Partial<Nullable<RowCode>>): boolean {
    const ringKey = this.keyRing.known('index').find(({ id }) => id === macKeyId);
    const encoded = readable(() => encode(table, content));
    return !!ringKey && !!mac && !!encoded && isMacOf(this.keys(ringKey), encoded, mac);
  }
}

type Nullable<T> = { readonly [Key in keyof T]: T[Key] | null };

/** Columns by name, without empty ones: one that a later version adds changes no code. */
function encode(table: string, content: object): Buffer {
  return lengthPrefixed([ROW_TAG, table, canonical(content)]);
}

function canonical(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) throw new RangeError('a column is nested too deep');
  if (Buffer.isBuffer(value)) return `"${value.toString('hex')}"`;
  if (Array.isArray(value)) return `[${value.map((member) => canonical(member, depth + 1)).join(',')}]`;
  if (value instanceof Date || typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== null && member !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member, depth + 1)}`);
  return `{${members.join(',')}}`;
}
