import { LRUCache } from 'lru-cache';
import { LruOrder, ORDERED_SLOT_BYTES } from './lru-order';
import { INDEXED_ID_BYTES, NOWHERE, UuidIndex } from './uuid-index';

/** The memory of all records: the same bytes, also as numbers of eight bytes. */
export interface RecordMemory {
  readonly bytes: Buffer;
  readonly numbers: Float64Array;
}

/** Writes values of one type into records of fixed length. */
export interface RecordFormat<Value> {
  /** Length of a record in bytes, a multiple of eight. */
  readonly recordBytes: number;
  /** Whether `read` would give back what `write` was given. */
  canWrite(value: Value): boolean;
  write(memory: RecordMemory, start: number, value: Value): void;
  /** Must not return a view of the memory, since another value may reuse the record. */
  read(memory: RecordMemory, start: number, id: string): Value;
  /** Whether the data shared by the records has outgrown its bound. The store is emptied then. */
  readonly isFull: boolean;
  clear(): void;
}

/** The overhead of a record at most: its id, and its position in the LRU list. */
export const RECORD_OVERHEAD_BYTES = INDEXED_ID_BYTES + ORDERED_SLOT_BYTES;

export const NUMBER_BYTES = 8;

/** This many values are also cached as objects: recently used ones are likely to be read again. */
const MAX_OBJECTS = 1_024;

interface Unpacked<Value> {
  readonly value: Value;
  readonly position: number;
}

/**
 * An LRU cache by UUID whose values lie in one buffer outside the heap, which the garbage collector ignores.
 * Its plain form is an `LRUCache` of objects, which takes six times the memory: 353 MiB instead of 59 for
 * 100,000 sessions. A read takes 5 µs instead of 1 (ADR 0022).
 */
export class RecordStore<Value extends object> {
  private readonly memory: RecordMemory;
  private readonly index: UuidIndex;
  private readonly order: LruOrder;
  /** Only of ids that are in the index. */
  private readonly objects = new LRUCache<string, Unpacked<Value>>({ max: MAX_OBJECTS });

  constructor(
    private readonly format: RecordFormat<Value>,
    private readonly maxEntries: number,
  ) {
    // One extra: a new record is written before the oldest is deleted. The OS commits pages lazily.
    const positions = maxEntries + 1;
    const { buffer } = Buffer.alloc(positions * format.recordBytes);
    this.memory = { bytes: Buffer.from(buffer), numbers: new Float64Array(buffer) };
    this.index = new UuidIndex(positions);
    this.order = new LruOrder(positions);
  }

  get size(): number {
    return this.index.size;
  }

  get(id: string): Value | undefined {
    const known = this.objects.get(id);
    const position = known ? known.position : this.index.find(id);
    if (position === NOWHERE) return undefined;
    this.order.touch(position);
    if (known) return known.value;
    const value = this.format.read(this.memory, position * this.format.recordBytes, id);
    this.objects.set(id, { value, position });
    return value;
  }

  /** Stores nothing for an id that is no UUID in lower case, nor a value that the format cannot write. */
  set(id: string, value: Value): void {
    if (this.format.isFull) this.clear();
    this.delete(id);
    if (!this.format.canWrite(value)) return;
    this.format.write(this.memory, this.index.next * this.format.recordBytes, value);
    const position = this.index.add(id);
    if (position === NOWHERE) return;
    this.order.add(position);
    if (this.size > this.maxEntries) this.delete(this.index.idAt(this.order.oldest));
  }

  delete(id: string): void {
    const position = this.index.find(id);
    if (position === NOWHERE) return;
    this.objects.delete(id);
    this.order.remove(position);
    this.index.forget(position);
    this.index.vacate(position);
  }

  clear(): void {
    this.objects.clear();
    this.order.clear();
    this.index.clear();
    this.format.clear();
  }
}
