import { assetKey, totalsOf } from './spending';

const CHAIN = 'eip155:1';
const KEY = assetKey(CHAIN, null);
const spend = {
  ...({ kind: 'transfer', token: null, tokenId: null, isAmountOrTokenId: false, deadline: null } as const),
  ...{ owner: '0x1', to: '0x2' },
};

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
