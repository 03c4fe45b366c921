import { Injectable } from '@nestjs/common';
import { equalsConstantTime, blindIndexes, KeyRing } from '@countersign/crypto';
import { invalidField, toKeyset, type Keyset, type Page, type PageQuery } from '@countersign/http';

const UUID_BYTES = 16;
const INSTANT_BYTES = 8;
const TAG_BYTES = 12;

/** A position in a list that is ordered by instant and id. */
interface TimedPosition {
  readonly occurredAt: Date;
  readonly id: string;
}

interface ItemOf<Row, Item> {
  of(row: Row): Item;
}

type ReadRows<Row> = (keyset: Keyset) => Promise<readonly Row[]>;

/**
 * Cursors of lists that are ordered by id, or by instant and id, newest first. A keyed tag binds a cursor to its list
 * and filters: with others it is refused, and callers cannot make one up. The id in it is no secret.
 */
@Injectable()
export class Cursors {
  constructor(private readonly keyRing: KeyRing) {}

  /**
   * The page that the query asks for: its limit, and the id that its rows are below.
   * @param list the name of the list
   * @throws AppError request.invalid
   */
  keysetOf(list: string, query: PageQuery): Keyset {
    const { cursor } = query;
    if (cursor === undefined) return { limit: limitOf(query), afterId: null };
    return { limit: limitOf(query), afterId: uuidOf(this.read(list, query, cursor, UUID_BYTES)) };
  }

  /**
   * As `keysetOf`, for a list that is ordered by instant and id.
   * @throws AppError request.invalid
   */
  timedKeysetOf(
    list: string,
    query: PageQuery,
  ): { readonly limit: number; readonly after: TimedPosition | null } {
    const { cursor } = query;
    if (cursor === undefined) return { limit: limitOf(query), after: null };
    const position = this.read(list, query, cursor, INSTANT_BYTES + UUID_BYTES);
    const occurredAt = new Date(Number(position.readBigInt64BE(0)));
    return { limit: limitOf(query), after: { occurredAt, id: uuidOf(position.subarray(INSTANT_BYTES)) } };
  }

  /** The `nextCursor` of a page of such a list. */
  timedCursorOf(list: string, query: PageQuery, { occurredAt, id }: TimedPosition): string {
    const instant = Buffer.alloc(INSTANT_BYTES);
    instant.writeBigInt64BE(BigInt(occurredAt.getTime()));
    return this.write(list, query, Buffer.concat([instant, bytesOf(id)]));
  }

  /** The `nextCursor` of a page that ends at the id. */
  cursorOf(list: string, query: PageQuery, id: string): string {
    return this.write(list, query, bytesOf(id));
  }

  /**
   * The page that the query asks for, of a list that is ordered by id.
   * @param list the name of the list
   * @param item the class of the items, or another maker of them
   * @param read answers up to one row more than the limit
   * @param idOf the id of a row; its `id` by default
   * @throws AppError request.invalid
   */
  page<Row extends { readonly id: string }, Item>(
    list: string,
    query: PageQuery,
    item: ItemOf<Row, Item>,
    read: ReadRows<Row>,
  ): Promise<Page<Item>>;
  page<Row, Item>(
    list: string,
    query: PageQuery,
    item: ItemOf<Row, Item>,
    read: ReadRows<Row>,
    idOf: (row: Row) => string,
  ): Promise<Page<Item>>;
  async page<Row extends { readonly id: string }, Item>(
    list: string,
    query: PageQuery,
    item: ItemOf<Row, Item>,
    read: ReadRows<Row>,
    idOf: (row: Row) => string = ({ id }) => id,
  ): Promise<Page<Item>> {
    const keyset = this.keysetOf(list, query);
    const rows = await read(keyset);
    const shown = rows.slice(0, keyset.limit);
    const last = shown.at(-1);
    const nextCursor = rows.length > keyset.limit && last ? this.cursorOf(list, query, idOf(last)) : null;
    return { items: shown.map((row) => item.of(row)), nextCursor };
  }

  private read(list: string, query: PageQuery, cursor: string, length: number): Buffer {
    const bytes = Buffer.from(cursor, 'base64url');
    const position = bytes.subarray(0, length);
    const tag = bytes.subarray(length);
    const isOurs =
      bytes.length === length + TAG_BYTES &&
      bytes.toString('base64url') === cursor &&
      this.tagsOf(list, query, position).some((known) => equalsConstantTime(known, tag));
    if (isOurs) return position;
    throw invalidField(
      'cursor',
      'cursor',
      'must be the nextCursor of an earlier page of the same list with the same filters',
    );
  }

  private write(list: string, query: PageQuery, position: Buffer): string {
    const [tag = Buffer.alloc(0)] = this.tagsOf(list, query, position);
    return Buffer.concat([position, tag]).toString('base64url');
  }

  /** Under each index key, the active one first. */
  private tagsOf(list: string, query: PageQuery, position: Buffer): readonly Buffer[] {
    const filters = Object.entries(query)
      .filter(([name, value]) => name !== 'cursor' && name !== 'limit' && value !== undefined)
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
    const parts = [list, JSON.stringify(filters), position.toString('hex')];
    return blindIndexes(this.keyRing, 'admin.cursor', parts).map(({ digest }) =>
      digest.subarray(0, TAG_BYTES),
    );
  }
}

function limitOf({ limit }: PageQuery): number {
  return toKeyset(limit === undefined ? {} : { limit }).limit;
}

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
