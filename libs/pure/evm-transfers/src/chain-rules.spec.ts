import { rulesOfChain } from './chain-rules';

const POLYGON_COIN = '0x0000000000000000000000000000000000001010';
const ZKSYNC_COIN = '0x000000000000000000000000000000000000800a';
const CELO = '0x471ece3750da237f93b8e339c536989b8978a438';

describe('rulesOfChain', () => {
  it.each([
    ['eip155:1', 1, []],
    ['eip155:10', 10, []],
    ['eip155:0', 0, []],
    ['eip155:137', 137, [[POLYGON_COIN, 'mirror']]],
    ['eip155:80002', 80002, [[POLYGON_COIN, 'mirror']]],
    ['eip155:300', 300, [[ZKSYNC_COIN, 'mirror']]],
    ['eip155:324', 324, [[ZKSYNC_COIN, 'mirror']]],
    ['eip155:42220', 42220, [[CELO, 'besides']]],
    ['eip155:11142220', 11142220, [[CELO, 'besides']]],
  ])('knows %s', (id, chainId, coins) => {
    const rules = rulesOfChain(id);

    expect(rules).toMatchObject({ chainId });
    expect([...rules.coinContracts]).toEqual(coins);
  });

  it("has Ethereum's rules for a chain that it knows nothing of", () => {
    expect(rulesOfChain('eip155:31337')).toEqual({
      chainId: 31337,
      coinContracts: new Map(),
      unindexedCollectibles: new Set(),
    });
  });

  it('knows the collectibles from before ERC-721 on their chain only', () => {
    expect([...rulesOfChain('eip155:1').unindexedCollectibles]).toEqual([
      '0x06012c8cf97bead5deae237070f9587f8e7a266d',
    ]);
    expect(rulesOfChain('eip155:10').unindexedCollectibles.size).toBe(0);
  });

  it.each([
    '',
    'eip155:',
    'eip155:01',
    'eip155:-1',
    'eip155:1 ',
    'xeip155:1',
    'eip155:12345678901234567',
    'ton:-239',
  ])('has none for %j', (id) => {
    expect(() => rulesOfChain(id)).toThrow(new RangeError('Not a chain of the namespace eip155'));
  });
});
