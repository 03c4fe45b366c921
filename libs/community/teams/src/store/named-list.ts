import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { countUpTo } from '@countersign/admin';
import { newestFirst } from '@countersign/database';
import { invalidCursor, type Keyset } from '@countersign/http';

/** A page by position instead of a cursor. Its cost grows with the position. */
export interface ListPosition {
  readonly skip: number;
  readonly limit: number;
  /** The default is newest first. It does not affect a list in the order of names. */
  readonly isOldestFirst: boolean;
}

/** The last code point. Keys with a prefix sort before the prefix with this suffix. */
const LAST = '\u{10ffff}';

/** Lists rows with names: newest first, or by name with a prefix. */
export class NamedList<Row extends ObjectLiteral & { readonly nameKey: string }> {
  private readonly nameKey: string;

  /** @param prefix the key of the beginning of a name: see `readNamePrefix` */
  constructor(
    private readonly query: SelectQueryBuilder<Row>,
    private readonly prefix: string | undefined,
    private readonly idColumn = `${query.alias}.id`,
  ) {
    this.nameKey = `${query.alias}.nameKey`;
    if (prefix === undefined) return;
    const bounds = { prefix, end: `${prefix}${LAST}` };
    query.andWhere(`${this.nameKey} >= :prefix AND ${this.nameKey} < :end`, bounds);
  }

  /** Returns one more than the limit. */
  async after(keyset: Keyset): Promise<readonly Row[]> {
    const { afterId: id, limit } = keyset;
    if (this.prefix === undefined) return newestFirst(this.query, this.idColumn, keyset);
    const sorted = this.query.clone().orderBy(this.nameKey, 'ASC');
    if (id !== null) {
      // A caller can invent a cursor, so it must not reveal the name of a row outside the list.
      const last = await this.query.andWhere(`${this.query.alias}.id = :id`, { id }).getOne();
      if (!last) throw invalidCursor();
      sorted.andWhere(`${this.nameKey} > :after`, { after: last.nameKey });
    }
    return sorted.limit(limit + 1).getMany();
  }

  /** Counts all rows up to 10,000. */
  async at(
    manager: EntityManager,
    { skip, limit, isOldestFirst }: ListPosition,
  ): Promise<{ readonly count: number; readonly found: readonly Row[] }> {
    const ids = this.query.clone().select(`${this.query.alias}.id`, 'id');
    const [statement, parameters] = ids.getQueryAndParameters();
    const count = await countUpTo(manager, `FROM (${statement}) AS found`, parameters);
    if (this.prefix !== undefined) this.query.orderBy(this.nameKey, 'ASC');
    else this.query.orderBy(this.idColumn, isOldestFirst ? 'ASC' : 'DESC');
    return { count, found: await this.query.offset(skip).limit(limit).getMany() };
  }
}
