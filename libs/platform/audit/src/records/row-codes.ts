import { Injectable } from '@nestjs/common';
import {
  deriveMacKey,
  isMacOf,
  KeyRing,
  lengthPrefixed,
  macOf,
  type MacKey,
  type RingKey,
} from '@countersign/crypto';
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
  private readonly derived = new Map<string, MacKey>();

  constructor(private readonly keyRing: KeyRing) {}

  get activeKeyId(): string {
    return this.keyRing.lastActive('index').id;
  }

  make(table: string, content: object): RowCode {
    const key = this.keyOf(this.keyRing.lastActive('index'));
    return { macKeyId: key.id, mac: macOf(key, encode(table, content)) };
  }

  isRight(table: string, content: object, { macKeyId, mac }: Partial<Nullable<RowCode>>): boolean {
    const ringKey = this.keyRing.known('index').find(({ id }) => id === macKeyId);
    const encoded = readable(() => encode(table, content));
    return !!ringKey && !!mac && !!encoded && isMacOf(this.keyOf(ringKey), encoded, mac);
  }

  private keyOf(ringKey: RingKey): MacKey {
    const known = this.derived.get(ringKey.id);
    if (known) return known;
    const key = deriveMacKey(ringKey, CONTEXT);
    this.derived.set(ringKey.id, key);
    return key;
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
