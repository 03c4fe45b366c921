import { createLogger } from '@countersign/observability';
import { unavailable } from '@countersign/database';
import { jobError } from '../admin.errors';
import { forEachItem } from './bulk';

const logger = createLogger('silent');

describe('a bulk call', () => {
  it('goes on after a refused item, and answers for each in its order', async () => {
    const work = (id: string): Promise<void> =>
      id === 'b' ? Promise.reject(jobError('job.not_found')) : Promise.resolve();

    expect((await forEachItem(['a', 'b', 'c'], work, logger)).results).toEqual([
      { index: 0, id: 'a', isDone: true, code: null },
      { index: 1, id: 'b', isDone: false, code: 'job.not_found' },
      { index: 2, id: 'c', isDone: true, code: null },
    ]);
  });

  it.each([
    ['the database is away', unavailable(new Error('gone')), 'service.unavailable'],
    ['the work is broken', new TypeError('broken'), 'service.internal_error'],
  ])('stops where %s, and answers what was done before', async (_, failure, code) => {
    const begun: string[] = [];
    const work = (id: string): Promise<void> => {
      begun.push(id);
      return id === 'b' ? Promise.reject(failure) : Promise.resolve();
    };

    expect((await forEachItem(['a', 'b', 'c', 'd'], work, logger)).results).toEqual([
      { index: 0, id: 'a', isDone: true, code: null },
      { index: 1, id: 'b', isDone: false, code },
      { index: 2, id: 'c', isDone: false, code: 'bulk.not_begun' },
      { index: 3, id: 'd', isDone: false, code: 'bulk.not_begun' },
    ]);
    expect(begun).toEqual(['a', 'b']);
    await expect(forEachItem(['b', 'c'], work, logger)).rejects.toBe(failure);
  });
});
