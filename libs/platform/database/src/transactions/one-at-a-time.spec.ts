import { unavailable } from '../database.errors';
import { OneAtATime } from './one-at-a-time';

describe('work one at a time', () => {
  it('waits for work of the same key, also when that fails, and for no other', async () => {
    const queue = new OneAtATime();
    const seen: string[] = [];
    let release: () => void = () => undefined;
    const first = queue.run('a', async () => {
      seen.push('first begins');
      await new Promise<void>((resolve) => (release = resolve));
      seen.push('first ends');
      throw new Error('of the first');
    });
    const second = queue.run('a', async () => seen.push('second'));
    await queue.run('b', async () => seen.push('other'));
    expect(seen).toEqual(['first begins', 'other']);

    release();

    await expect(first).rejects.toThrow('of the first');
    await second;
    expect(seen).toEqual(['first begins', 'other', 'first ends', 'second']);
  });

  it('rejects all that wait behind work that finds its row locked, and nothing after that', async () => {
    const queue = new OneAtATime();
    let fail: (reason: Error) => void = () => undefined;
    const first = queue.run('a', () => new Promise<never>((_, reject) => (fail = reject)));
    const behind = [queue.run('a', async () => 'second'), queue.run('a', async () => 'third')];
    const answers = Promise.allSettled([first, ...behind]);
    await Promise.resolve();

    fail(unavailable(new Error('locked')));

    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(queue.run('a', async () => 'fourth')).resolves.toBe('fourth');
  });
});
