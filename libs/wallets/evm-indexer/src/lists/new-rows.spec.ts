import { NodeError } from '@countersign/chains';
import type { Address } from '@countersign/evm-transfers';
import { readPage } from './new-rows';

const WALLET: Address = `0x${'a'.repeat(40)}`;
const range = { wallet: WALLET, fromBlock: 11, toBlock: 20 };

function rowAt(blockNumber: number, to: string = WALLET): object {
  return {
    ...{
      blockNumber: String(blockNumber),
      timeStamp: '1',
      hash: `0x${'b'.repeat(64)}`,
      transactionIndex: '0',
    },
    ...{ from: `0x${'c'.repeat(40)}`, to, contractAddress: `0x${'d'.repeat(40)}`, value: '1' },
  };
}
function pageOf(blocks: readonly number[], isComplete = true, count = 3) {
  return readPage('tokentx', { rows: blocks.map((block) => rowAt(block)), isComplete }, range, count);
}

describe('readPage', () => {
  it.each([
    ['the whole range when the page is not full', [12, 13], 20],
    ['the whole range when there is nothing', [], 20],
    ['the blocks before the last one of a full page', [12, 13, 13], 12],
    ['a block that does not fit a page, without its rest', [13, 13, 13], 13],
  ])('has read %s', (_, blocks, readTo) => {
    const page = pageOf(blocks);
    expect(page.readTo).toBe(readTo);
    expect(page.rows.map(({ number }) => number)).toEqual(blocks);
  });

  it('has read nothing where the indexer does not call it complete', () => {
    expect(pageOf([12], false).readTo).toBe(10);
  });

  it.each([
    ['of another order', [13, 12]],
    ['before the range', [10]],
    ['after the range', [21]],
  ])('refuses rows %s', (_, blocks) => {
    expect(() => pageOf(blocks)).toThrow(NodeError);
  });

  it('refuses a row without a block, and leaves out one of another wallet', () => {
    expect(() => readPage('tokentx', { rows: [{}], isComplete: true }, range, 3)).toThrow(NodeError);
    const other = rowAt(12, `0x${'e'.repeat(40)}`);
    expect(readPage('tokentx', { rows: [other], isComplete: true }, range, 3).rows).toEqual([]);
  });
});
