import { assetKey, DAY_MS, HOUR_MS, spentWithin, totalsOf, type SpentThen } from './spending';

const CHAIN = 'eip155:1';
const NOW = new Date('2026-11-26T09:00:00Z');
const KEY = assetKey(CHAIN, null);
const then = (ms: number, amount: bigint, key = KEY): SpentThen => ({
  at: new Date(NOW.getTime() - ms),
  totals: new Map([[key, amount]]),
});
const spend = {
  ...({ kind: 'transfer', token: null, tokenId: null, isAmountOrTokenId: false, deadline: null } as const),
  ...{ owner: '0x1', to: '0x2' },
};

describe('what was spent in a window', () => {
  it('slides, and leaves out what is exactly as old', () => {
    const spent = [
      then(DAY_MS, 1n),
      then(DAY_MS - 1, 2n),
      then(HOUR_MS, 4n),
      then(HOUR_MS - 1, 8n),
      then(0, 16n),
    ];

    expect(spentWithin(DAY_MS, spent, NOW)).toEqual(new Map([[KEY, 30n]]));
    expect(spentWithin(HOUR_MS, spent, NOW)).toEqual(new Map([[KEY, 24n]]));
    expect(spentWithin(DAY_MS, [], NOW)).toEqual(new Map());
  });

  it('counts what another clock calls later', () => {
    expect(spentWithin(HOUR_MS, [then(-5_000, 1n)], NOW)).toEqual(new Map([[KEY, 1n]]));
  });

  it('is summed for each asset', () => {
    const other = assetKey(CHAIN, '0xab');

    expect(spentWithin(DAY_MS, [then(0, 1n), then(0, 2n, other), then(1, 3n)], NOW)).toEqual(
      new Map([
        [KEY, 4n],
        [other, 2n],
      ]),
    );
  });
});

describe('what a send spends', () => {
  it('is summed for each asset, with approvals as what they allow', () => {
    const spends = [
      { ...spend, amount: 5n },
      { ...spend, amount: 6n },
      { ...spend, kind: 'approval', token: '0xab', amount: 7n } as const,
      { ...spend, kind: 'approval', token: '0xcd', amount: 'unlimited' } as const,
      { ...spend, token: '0xef', amount: 0n, isAmountOrTokenId: true },
    ];

    expect(totalsOf({ chain: CHAIN, spends })).toEqual(
      new Map([
        [KEY, 11n],
        [assetKey(CHAIN, '0xab'), 7n],
        [assetKey(CHAIN, '0xcd'), 2n ** 256n - 1n],
        [assetKey(CHAIN, '0xef'), 1n],
      ]),
    );
  });
});
