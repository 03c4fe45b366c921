import { setImmediate as tick } from 'node:timers/promises';
import { atEndOfTick } from './event-loop-tick';

describe('the end of an event loop tick', () => {
  it('comes after what was begun meanwhile, in the order of the calls', async () => {
    const done: string[] = [];
    atEndOfTick(() => done.push('first'));
    await Promise.resolve();
    process.nextTick(() => {
      done.push('meanwhile');
      atEndOfTick(() => done.push('second'));
    });
    expect(done).toEqual([]);

    await tick();

    expect(done).toEqual(['meanwhile', 'first', 'second']);
  });

  it('holds what its own work asks for as well', async () => {
    const done: string[] = [];
    atEndOfTick(() => {
      atEndOfTick(() => done.push('third'));
      done.push('first');
    });
    atEndOfTick(() => done.push('second'));

    await tick();

    expect(done).toEqual(['first', 'second', 'third']);
  });
});
