import { setImmediate as nextTurn } from 'node:timers/promises';
import { atEndOfTurn } from './turn';

describe('the end of a turn', () => {
  it('comes after what was begun meanwhile, in the order of the calls', async () => {
    const done: string[] = [];
    atEndOfTurn(() => done.push('first'));
    await Promise.resolve();
    process.nextTick(() => {
      done.push('meanwhile');
      atEndOfTurn(() => done.push('second'));
    });
    expect(done).toEqual([]);

    await nextTurn();

    expect(done).toEqual(['meanwhile', 'first', 'second']);
  });

  it('holds what its own work asks for as well', async () => {
    const done: string[] = [];
    atEndOfTurn(() => {
      atEndOfTurn(() => done.push('third'));
      done.push('first');
    });
    atEndOfTurn(() => done.push('second'));

    await nextTurn();

    expect(done).toEqual(['first', 'second', 'third']);
  });

  it('comes again in the next one, once for each call', async () => {
    const done: number[] = [];
    for (const turn of [1, 2, 3]) {
      atEndOfTurn(() => done.push(turn));
      await nextTurn();
    }

    expect(done).toEqual([1, 2, 3]);
  });
});
