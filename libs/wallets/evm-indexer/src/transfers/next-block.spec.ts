import { nextBlock } from './next-block';

describe('nextBlock', () => {
  const all = { block: 100, horizon: 900, readTo: 1_000, toBlock: 1_000, unconfirmed: null };

  it.each([
    ['all was read: the last hour is read again', {}, 900],
    ['a full page: what it has is read', { readTo: 500 }, 500],
    ['a full page of the last hour: the indexer is further', { readTo: 950 }, 950],
    ['nothing was read completely', { readTo: 100 }, 100],
    ['a transaction of the last hour is not confirmed yet', { readTo: 950, unconfirmed: 920 }, 919],
    ['one that is older is not waited for', { readTo: 950, unconfirmed: 300 }, 900],
    ['one before the horizon holds up no later page', { readTo: 500, unconfirmed: 300 }, 500],
    ['the final block went back', { block: 950 }, 950],
  ])('%s', (_, changed, expected) => {
    expect(nextBlock({ ...all, ...changed })).toBe(expected);
  });
});
