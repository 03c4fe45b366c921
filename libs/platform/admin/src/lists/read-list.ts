import type { Keyset } from '@countersign/http';

const PAGE = 200;

/**
 * The first items of a list that is read in pages, for the command line.
 * @param read answers up to one row more than the limit
 */
export async function readUpTo<Row>(
  wanted: number,
  read: (keyset: Keyset) => Promise<readonly Row[]>,
  idOf: (row: Row) => string,
): Promise<readonly Row[]> {
  const found: Row[] = [];
  let afterId: string | null = null;
  for (;;) {
    const limit: number = Math.min(PAGE, wanted - found.length);
    const rows: readonly Row[] = await read({ limit, afterId });
    found.push(...rows.slice(0, limit));
    const last = found.at(-1);
    if (rows.length <= limit || found.length >= wanted || !last) return found;
    afterId = idOf(last);
  }
}
