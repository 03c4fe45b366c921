import { unavailable } from '@countersign/database';
import { jobError } from '../admin.errors';
import { forEachItem } from './bulk';

describe('a bulk call', () => {
  it('goes on after a refused item, and answers for each in its order', async () => {
    const work = (id: string): Promise<void> =>
      id === 'b' ? Promise.reject(jobError('job.not_found')) : Promise.resolve();

    expect((await forEachItem(['a', 'b', 'c'], work)).results).toEqual([
      { index: 0, id: 'a', isDone: true, code: null },
      { index: 1, id: 'b', isDone: false, code: 'job.not_found' },
      { index: 2, id: 'c', isDone: true, code: null },
    ]);
  });

  it.each([
    ['the database is away', unavailable(new Error('gone'))],
    ['the work is broken', new TypeError('broken')],
  ])('stops where %s: what was done is not known', async (_, failure) => {
    const begun: string[] = [];
    const work = (id: string): Promise<void> => {
      begun.push(id);
      return id === 'b' ? Promise.reject(failure) : Promise.resolve();
    };

    await expect(forEachItem(['a', 'b', 'c'], work)).rejects.toBe(failure);
    expect(begun).toEqual(['a', 'b']);
  });
});
