import type { Chain } from '@countersign/chains';
import { windowBlocksOf } from './leased-chain';

describe('the blocks of a window', () => {
  it.each([
    ['those of an hour, on a chain of fast blocks', { blockTimeMs: 250, confirmations: 64 }, 14_400],
    ['rounded up', { blockTimeMs: 700, confirmations: 64 }, 5_143],
    ['1,024 at least', { blockTimeMs: 12_000, confirmations: 64 }, 1_024],
    ['twice the confirmations', { blockTimeMs: 12_000, confirmations: 600 }, 1_200],
  ])('are %s', (_name, chain, blocks) => {
    expect(windowBlocksOf(chain as Chain)).toBe(blocks);
  });
});
