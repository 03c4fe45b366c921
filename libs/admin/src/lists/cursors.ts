import { Injectable } from '@nestjs/common';
import { equalsConstantTime, blindIndexes, KeyRing } from '@countersign/crypto';
import { requestError, toKeyset, type Keyset, type Page, type PageQuery } from '@countersign/http';

const UUID_BYTES = 16;
const TAG_BYTES = 12;

/**
 * Cursors of lists that are ordered by id, newest first. A cursor is bound to its list and filters: with
 * others it is refused. Its id is no secret; its tag is keyed, so that a cursor cannot be made up.
 */
@Injectable()
export class Cursors {
  constructor(private readonly keyRing: KeyRing) {}

  /**
   * How many rows to read (one more than `limit`), below which id.
   * @param list the name of the list
   * @throws AppError request.invalid
   */
  keysetOf(list: string, query: PageQuery): Keyset {
    const { limit } = toKeyset({ ...(query.limit === undefined ? {} : { limit: query.limit }) });
    const { cursor } = query;
    return { limit, afterId: cursor === undefined ? null : this.read(list, query, cursor) };
  }

  /** Cuts `limit + 1` rows into a page. */
  pageOf<Row, Item>(
    list: string,
    query: PageQuery,
    rows: readonly Row[],
    { idOf, toItem }: { readonly idOf: (row: Row) => string; readonly toItem: (row: Row) => Item },
  ): Page<Item> {
    const { limit } = this.keysetOf(list, query);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const nextCursor = rows.length > limit && last ? this.write(list, query, idOf(last)) : null;
    return { items: shown.map(toItem), nextCursor };
  }

  private read(list: string, query: PageQuery, cursor: string): string {
    const bytes = Buffer.from(cursor, 'base64url');
    const id = uuidOf(bytes.subarray(0, UUID_BYTES));
    const tag = bytes.subarray(UUID_BYTES);
    const isOurs =
      bytes.length === UUID_BYTES + TAG_BYTES &&
      this.tagsOf(list, query, id).some((known) => equalsConstantTime(known, tag));
    if (isOurs) return id;
    throw requestError('request.invalid', {
      fields: [
        {
          path: 'cursor',
          code: 'cursor',
          detail: 'must be the nextCursor of an earlier page of the same list with the same filters',
        },
      ],
    });
  }

  private write(list: string, query: PageQuery, id: string): string {
    const [tag = Buffer.alloc(0)] = this.tagsOf(list, query, id);
    return Buffer.concat([Buffer.from(id.replaceAll('-', ''), 'hex'), tag]).toString('base64url');
  }

  /** Under each index key, the active one first. */
  private tagsOf(list: string, query: PageQuery, id: string): readonly Buffer[] {
    const filters = Object.entries(query)
      .filter(([name, value]) => name !== 'cursor' && name !== 'limit' && value !== undefined)
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
    return blindIndexes(this.keyRing, 'admin.cursor', [list, JSON.stringify(filters), id]).map(({ digest }) =>
      digest.subarray(0, TAG_BYTES),
    );
  }
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
