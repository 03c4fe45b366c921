import type { Keyset } from '@countersign/http';
import { readUpTo } from './read-list';

/** From the newest on, as every list of the product. */
const ids = Array.from({ length: 450 }, (_, index) => String(450 - index).padStart(3, '0'));

/** What is read, and the limits of the pages. */
async function readFrom(rows: readonly string[], wanted: number) {
  const limits: number[] = [];
  const read = ({ limit, afterId }: Keyset): Promise<readonly string[]> => {
    limits.push(limit);
    return Promise.resolve(rows.filter((id) => afterId === null || id < afterId).slice(0, limit + 1));
  };
  return { found: await readUpTo(wanted, read, (id) => id), limits };
}

describe('readUpTo', () => {
  it.each([
    [1, [1]],
    [200, [200]],
    [201, [200, 1]],
    [300, [200, 100]],
    [450, [200, 200, 50]],
    [10_000, [200, 200, 200]],
  ])('reads %i of a longer list, or all of it, in pages of 200', async (wanted, limits) => {
    expect(await readFrom(ids, wanted)).toEqual({ found: ids.slice(0, wanted), limits });
  });

  it.each([0, 1, 200])('reads a list of %i in one page', async (length) => {
    const rows = ids.slice(0, length);

    expect(await readFrom(rows, 1_000)).toEqual({ found: rows, limits: [200] });
  });
});
