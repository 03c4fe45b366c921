import type { CollectibleResponse } from '@countersign/wallet-reading';
import { toNft } from './own-wallet-lists';

const wallet = '0x9858effd232b4033e47d90003d41ec34ecaeda94';
const found = (more: Partial<CollectibleResponse>, chainId: string) =>
  toNft(
    {
      ...{ standard: 'erc721', contract: `0x${'aB'.repeat(20)}`, tokenId: '7', symbol: null, decimals: null },
      ...{ isListed: false, claimed: { symbol: 'FREE', name: 'Claim me', decimals: null }, collection: null },
      ...{ quantity: '1', quantityReason: null, verification: 'agreed' },
      ...{ isFinal: true, isHidden: false, chainId, ...more },
    },
    wallet,
  );

describe('a collectible for clients of Metapro', () => {
  it.each([
    ['eip155:1', 'ethereum'],
    ['eip155:56', 'bnb-chain'],
    ['eip155:137', 'polygon'],
    ['eip155:8453', 'base'],
    ['eip155:42161', 'arbitrum'],
    ['eip155:10', null],
  ])('of %s is of the network %s', (chainId, network) => {
    expect(found({}, chainId)).toMatchObject([{ network, chainId: Number(chainId.slice(7)) }]);
  });

  it('has numbers as far as JavaScript holds them, and no name that its contract claims', () => {
    const [nft] = found({ tokenId: '9007199254740993', quantity: '5' }, 'eip155:1');

    expect(nft?.token).toMatchObject({ _tokenId: '9007199254740993', _quantity: 5 });
    expect(JSON.stringify(nft)).not.toMatch(/FREE|Claim/);
  });

  it('is none that is not of an EVM chain, or has no id', () => {
    expect(found({ standard: 'tep62' }, 'ton:-239')).toEqual([]);
    expect(found({ tokenId: null }, 'eip155:1')).toEqual([]);
  });
});
