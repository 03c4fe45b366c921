import type { Type as Class } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { MayBeAbsent } from '../fields/field';
import { ListOf, Text } from '../fields/kinds';
import { invalidField } from '../input/field-error';

const DEFAULT_LIMIT = 50;

/** `?limit=` (1 to 200) and `?cursor=`, the position after the last item of the previous page. */
export class PageQuery {
  @ApiPropertyOptional({
    description: 'How many items a page has at most.',
    type: 'integer',
    minimum: 1,
    maximum: 200,
    default: DEFAULT_LIMIT,
    example: 50,
  })
  @MayBeAbsent()
  @Matches(/^([1-9]|[1-9]\d|1\d\d|200)$/, { message: 'must be a whole number from 1 to 200' })
  limit?: string;

  @Text('Opaque; `nextCursor` of the page before.', 'MDE5OWEzYzYtN2YyZS03YmQxLTlkMGMtM2Y1ZjBmMmY2YTEx', {
    input: 'optional',
    max: 200,
  })
  cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

export function NextCursor(): PropertyDecorator {
  return Text('`cursor` of the next page; null on the last page.', null, { nullable: true });
}

export function PageOf<Item>(item: Class<Item>, description: string): Class<Page<Item>> {
  class PageResponse implements Page<Item> {
    @ListOf(item, description)
    items: readonly Item[];

    @NextCursor()
    nextCursor: string | null;
  }
  return PageResponse;
}

/** The parameters of a keyset query. `limit` is one more than requested, to see whether a page follows. */
export interface Keyset {
  readonly limit: number;
  readonly afterId: string | null;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function toKeyset(query: PageQuery): Keyset {
  const { cursor } = query;
  const afterId = cursor === undefined ? null : Buffer.from(cursor, 'base64url').toString('utf8');
  if (afterId !== null && !(UUID.test(afterId) && cursorOf(afterId) === cursor)) throw invalidCursor();
  return { limit: limitOf(query), afterId };
}

export function limitOf({ limit }: PageQuery): number {
  return Number(limit ?? DEFAULT_LIMIT);
}

export function invalidCursor(): Error {
  return invalidField('cursor', 'cursor', 'must be the nextCursor of an earlier page');
}

export function toPage<Row>(rows: readonly Row[], limit: number, idOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? cursorOf(idOf(last)) : null };
}

interface ItemOf<Row, Item> {
  of(row: Row): Item;
}

type ReadRows<Row> = (keyset: Keyset) => Promise<readonly Row[]>;

/**
 * Reads the requested page of rows in the order of their ids. @param item the class of the items, or another maker of
 * them
 * @param read returns up to one row more than the limit @param idOf by default the row's `id`
 */
export function readPage<Row extends { readonly id: string }, Item>(
  query: PageQuery,
  item: ItemOf<Row, Item>,
  read: ReadRows<Row>,
): Promise<Page<Item>>;
export function readPage<Row, Item>(
  query: PageQuery,
  item: ItemOf<Row, Item>,
  read: ReadRows<Row>,
  idOf: (row: Row) => string,
): Promise<Page<Item>>;
export async function readPage<Row extends { readonly id: string }, Item>(
  query: PageQuery,
  item: ItemOf<Row, Item>,
  read: ReadRows<Row>,
  idOf: (row: Row) => string = ({ id }) => id,
): Promise<Page<Item>> {
  const keyset = toKeyset(query);
  const page = toPage(await read(keyset), keyset.limit, idOf);
  return { ...page, items: page.items.map((row) => item.of(row)) };
}

/** @param id the position after which the next page begins */
export function cursorOf(id: string): string {
  return Buffer.from(id).toString('base64url');
}
