import type { Chain, EvmNode } from '@countersign/chains';
import type { BlockLink } from '@countersign/evm-blocks';
import type { Agreement, BlockInQuestion, Verdict } from '../agreement';
import type { ChainReader } from '../chain-reader';
import type { ChainWriter } from '../chain-writer';
import { Finality } from './finality';
import type { ScanDeps } from '../scan-deps';
import { windowBlocksOf } from './leased-chain';

const CHAIN = { id: 'eip155:1', tokens: [], blockTimeMs: 12_000, confirmations: 64 } as unknown as Chain;
const WANTED = 20_000_000;
const WINDOW = windowBlocksOf(CHAIN);

function blockOf(number: number): BlockLink {
  const hash = `0x${String(number).padStart(64, '0')}` as const;
  return { number, hash, parentHash: hash };
}

/** The first block, where the other node calls `last` final. */
async function firstWhere(last: number): Promise<number> {
  const on = (_: EvmNode, { number }: BlockInQuestion): Promise<Verdict> =>
    Promise.resolve(number <= last ? { kind: 'agreed', number } : { kind: 'behind', number: last });
  const reader = { linkByNumber: (number: number) => Promise.resolve(blockOf(number)) };
  const finality = new Finality(
    CHAIN,
    {} as ChainWriter,
    { on } as Agreement,
    { tokens: [] } as unknown as ScanDeps,
  );
  const wanted = { number: WANTED, confirmed: WANTED, isNewest: false };
  const { number } = await finality.first(reader as ChainReader, {} as EvmNode, wanted);
  return number;
}

describe('the first block of a chain', () => {
  it.each([
    ['the one that is wanted', WANTED, WANTED],
    ['an earlier one where the other node is a little behind', WANTED - WINDOW, WANTED - WINDOW],
  ])('is %s', async (_, last, number) => {
    expect(await firstWhere(last)).toBe(number);
  });

  it.each([WANTED - WINDOW - 1, 0])(
    'is none where the other node calls only block %d final',
    async (last) => {
      await expect(firstWhere(last)).rejects.toMatchObject({ details: { reason: 'second_node_behind' } });
    },
  );
});
