import { MAX_SCORE } from '../board-rules';
import { idOfPosition, toPositionKeyset } from './ranks.service';

const cursorOf = (id: string) => Buffer.from(id).toString('base64url');

describe('the cursor of a position', () => {
  it.each([
    [0, 1],
    [-1, 2 ** 52],
    [MAX_SCORE, MAX_SCORE],
    [-MAX_SCORE, 1],
  ])('has the sort key %d and the number %d, and gives them back', (sortKey, reached) => {
    const cursor = cursorOf(idOfPosition({ sortKey, reached, reachedAt: new Date(0) }));

    expect(toPositionKeyset({ cursor, limit: '7' })).toEqual({
      limit: 7,
      position: { sortKey: String(sortKey), reached: String(reached) },
    });
  });

  it('is refused where its number is none of the database', () => {
    const cursor = cursorOf('80000000-0000-0000-8000-000000000000');

    expect(() => toPositionKeyset({ cursor })).toThrow(expect.objectContaining({ code: 'request.invalid' }));
  });

  it('is none on the first page', () => {
    expect(toPositionKeyset({})).toEqual({ limit: 50, position: null });
  });
});
