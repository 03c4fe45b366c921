import { RecentChanges } from './recent-changes';

const LIFE = 300;
const at = (seconds: number): number => 1_795_000_000_000 + seconds * 1_000;

describe('changes in memory', () => {
  let changes: RecentChanges;

  beforeEach(() => {
    changes = new RecentChanges(LIFE, 100);
  });

  it('outdate tokens from before them, and of the same second', () => {
    changes.note('u1', at(10.7));

    expect([9, 10, 11].map((second) => changes.isSince(at(second), 'u1'))).toEqual([true, true, false]);
    expect(changes.isSince(at(9), 'u2')).toBe(false);
    expect(changes.isSinceEverything(at(9))).toBe(false);
  });

  it('count from the latest one of an id', () => {
    changes.note('u1', at(10));
    changes.note('u1', at(20));

    expect(changes.isSince(at(15), 'u1')).toBe(true);
  });

  it.each([0, 1, 150, 299, 300])('are kept while a token of that moment lives: %i seconds later', (later) => {
    changes.note('u1', at(10.9));
    changes.note('u2', at(10.9 + later));

    expect(changes.isSince(at(10), 'u1')).toBe(true);
  });

  it('are forgotten afterwards', () => {
    changes.note('u1', at(0));
    changes.note('u2', at(LIFE + 1));
    changes.note('u3', at(2 * LIFE + 2));

    expect(changes.isSince(at(0), 'u1')).toBe(false);
    expect(changes.size).toBe(2);
  });

  it('outdate everything where they are too many to remember', () => {
    for (let index = 0; index <= 100; index += 1) changes.note(`u${index}`, at(10));

    expect(changes.size).toBeLessThanOrEqual(100);
    expect([10, 11].map((second) => changes.isSinceEverything(at(second)))).toEqual([true, false]);
    expect(changes.isSince(at(10), 'u100')).toBe(true);
  });

  it('outdate everything where some were missed', () => {
    changes.note('u1', at(20));
    changes.noteEverything(at(10));
    // A clock was set back.
    changes.noteEverything(at(5));

    expect([10, 11].map((second) => changes.isSinceEverything(at(second)))).toEqual([true, false]);
    expect(changes.isSince(at(20), 'u1')).toBe(true);
  });
});
