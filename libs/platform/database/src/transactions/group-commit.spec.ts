import { setImmediate as tick } from 'node:timers/promises';
import { GroupCommit, NotTogether, type Outcome } from './group-commit';
import { unavailable } from '../database.errors';

interface Call {
  readonly items: readonly string[];
  readonly isAlone: boolean;
  readonly answer: (outcomes?: readonly Outcome<string>[]) => void;
  readonly fail: (error: Error) => void;
}

const done = (value: string): Outcome<string> => ({ status: 'fulfilled', value });

/** A group commit of texts whose work the test does by hand; the key is what stands before a dot. */
function aGroupCommit() {
  const calls: Call[] = [];
  const groupCommit = new GroupCommit<string, string>({
    keyOf: (item) => item.split('.')[0] ?? item,
    maxWaitMs: 10_000,
    run: (items, isAlone) =>
      new Promise((resolve, reject) => {
        const all = items.map((item) => done(item.toUpperCase()));
        calls.push({
          items,
          isAlone,
          answer: (outcomes = all) => {
            resolve(outcomes);
          },
          fail: reject,
        });
      }),
  });
  return { calls, add: (item: string) => groupCommit.add(item) };
}

describe('a group commit', () => {
  it('forms the next group while one is under way', async () => {
    const { calls, add } = aGroupCommit();
    for (const item of ['a', 'b', 'c']) {
      void add(item);
      await tick();
    }
    expect(calls.map(({ items }) => items)).toEqual([['a']]);
    calls[0]?.answer();
    await tick();
    await tick();
    expect(calls[1]?.items).toEqual(['b', 'c']);
  });

  it('takes no more than 64 into a group', async () => {
    const { calls, add } = aGroupCommit();
    for (let index = 0; index < 100; index++) void add(`item${index}`);
    await tick();
    calls[0]?.answer();
    await tick();
    await tick();
    expect(calls.map(({ items }) => items.length)).toEqual([64, 36]);
  });

  it('never has two of one key under way, and keeps their order', async () => {
    const { calls, add } = aGroupCommit();
    const answers = Promise.all([add('a.1'), add('a.2'), add('b')]);
    await tick();
    expect(calls.map(({ items }) => items)).toEqual([['a.1', 'b']]);
    calls[0]?.answer();
    await tick();
    await tick();
    expect(calls[1]?.items).toEqual(['a.2']);
    calls[1]?.answer();
    expect(await answers).toEqual(['A.1', 'A.2', 'B']);
  });

  it('refuses whom the work refuses, and nobody else', async () => {
    const { calls, add } = aGroupCommit();
    const answers = Promise.allSettled([add('a'), add('b')]);
    await tick();
    const refusal = new Error('no');
    calls[0]?.answer([{ status: 'rejected', reason: refusal }, done('B')]);
    expect(await answers).toEqual([
      { status: 'rejected', reason: refusal },
      { status: 'fulfilled', value: 'B' },
    ]);
  });

  it('lets somebody wait alone, without holding a group up, and others of the key behind them', async () => {
    const { calls, add } = aGroupCommit();
    const waiting = add('a.1');
    void add('b');
    await tick();
    calls[0]?.answer([null, done('B')]);
    await tick();
    expect(calls[1]).toMatchObject({ items: ['a.1'], isAlone: true });
    for (const item of ['a.2', 'c', 'd']) {
      void add(item);
      await tick();
    }
    expect(calls[2]).toMatchObject({ items: ['c'], isAlone: false });
    calls[1]?.answer();
    expect(await waiting).toBe('A.1');
    calls[2]?.answer();
    await tick();
    await tick();
    expect(calls[3]?.items).toEqual(['d', 'a.2']);
  });

  it('does each alone when they cannot be done together, so that one spoils nothing for the others', async () => {
    const { calls, add } = aGroupCommit();
    const answers = Promise.allSettled([add('a'), add('b')]);
    await tick();
    calls[0]?.fail(new NotTogether());
    await tick();
    expect(calls.slice(1).map(({ items, isAlone }) => ({ items, isAlone }))).toEqual([
      { items: ['a'], isAlone: true },
      { items: ['b'], isAlone: true },
    ]);
    const broken = new Error('broken');
    calls[1]?.fail(broken);
    calls[2]?.answer();
    expect(await answers).toEqual([
      { status: 'rejected', reason: broken },
      { status: 'fulfilled', value: 'B' },
    ]);
  });

  it('refuses all of a group when the database is away, and asks it no more', async () => {
    const { calls, add } = aGroupCommit();
    const answers = Promise.allSettled([add('a'), add('b')]);
    await tick();
    calls[0]?.fail(unavailable(new Error('away')));
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toHaveLength(1);
  });

  it('rejects the items behind one whose row stays locked: each would wait as long again', async () => {
    const { calls, add } = aGroupCommit();
    const answers = Promise.allSettled([add('a.1'), add('a.2'), add('a.3'), add('b')]);
    await tick();
    calls[0]?.answer([null, done('B')]);
    await tick();
    calls[1]?.fail(unavailable(new Error('locked')));
    expect((await answers).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'rejected',
      'fulfilled',
    ]);
    expect(calls).toHaveLength(2);
    const later = add('a.4');
    await tick();
    await tick();
    calls[2]?.answer();
    expect(await later).toBe('A.4');
  });

  it('lets no crowd on one key wait without end', async () => {
    const { calls, add } = aGroupCommit();
    const answers = Promise.allSettled(Array.from({ length: 300 }, (_, index) => add(`a.${index}`)));
    await tick();
    const answering = setInterval(() => calls.at(-1)?.answer(), 0);
    const refused = (await answers).filter(({ status }) => status === 'rejected');
    clearInterval(answering);
    expect(refused).toHaveLength(300 - 257);
    expect(refused[0]).toMatchObject({ reason: { code: 'service.unavailable' } });
  });
});
