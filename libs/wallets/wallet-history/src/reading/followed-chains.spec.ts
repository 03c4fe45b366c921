import type { Chain } from '@countersign/chains';
import { plusSeconds, SECOND } from '@countersign/clock';
import type { OpenedWallet } from '@countersign/linked-wallets';
import type { BackFillsRepository } from '../store/back-fills.repository';
import type { ReadingState } from '@countersign/wallet-reading';
import type { Position, PositionsRepository } from '../store/positions.repository';
import type { WalletChainsRepository } from '../store/wallet-chains.repository';
import { FollowedChains } from './followed-chains';

const now = new Date('2026-01-01T00:00:00Z');
const ago = (seconds: number): Date => plusSeconds(now, -seconds);

/** With stubs of the repositories. */
function chainsAt(position: Position): FollowedChains {
  const positions: Partial<PositionsRepository> = { all: () => Promise.resolve([position]) };
  const walletChains: Partial<WalletChainsRepository> = { followed: () => Promise.resolve([]) };
  const backFills: Partial<BackFillsRepository> = { ofWallets: () => Promise.resolve([]) };
  return new FollowedChains(
    positions as PositionsRepository,
    walletChains as WalletChainsRepository,
    backFills as BackFillsRepository,
    { now: () => now },
  );
}

describe('what is known of a chain', () => {
  it.each<[string, ReadingState, number | null, number, Date | null]>([
    ['is current for a minute after it was confirmed', 'following', 60, 1, null],
    ['is stale after that, although the chain is said to be followed', 'following', 61, 1, ago(61)],
    ['is current for five of its blocks, where these are longer', 'following', 75, 15, null],
    ['is stale after those', 'following', 76, 15, ago(76)],
    ['is stale at once where no node answers', 'waiting', 1, 1, ago(1)],
    ['is stale since the state began, where nothing was ever confirmed', 'waiting', null, 1, ago(600)],
    ['is not stale before it begins', 'starting', null, 1, null],
  ])('%s', async (_, state, confirmedSeconds, blockSeconds, staleSince) => {
    const chain = { id: 'eip155:1', blockTimeMs: blockSeconds * SECOND } as Chain;
    const position: Position = {
      chainId: chain.id,
      genesisHash: null,
      headNumber: null,
      tipNumber: null,
      tipHash: null,
      finalNumber: null,
      state,
      fault: null,
      stateSince: ago(600),
      confirmedAt: confirmedSeconds === null ? null : ago(confirmedSeconds),
      leaseUntil: null,
    };

    const wallet = { walletId: 'one' } as OpenedWallet;
    const reading = await chainsAt(position).reading({} as never, wallet, chain);

    expect(reading).toMatchObject({ chain, state, staleSince });
  });
});
