import { encodeAbiParameters, type Hex } from 'viem';
import { addressOf, dataOf, hashOf, rawBlock, wordOf } from '../../testing/evm/raw-transactions';
import { readAll } from '../../testing/evm/read-all';
import {
  MAX_BATCH,
  transfersOf,
  TRANSFER,
  TRANSFER_BATCH,
  TRANSFER_SINGLE,
  type Transfer,
} from './transfers-of';

const [from, to] = [addressOf('from'), addressOf('to')];
const arrays = [{ type: 'uint256[]' }, { type: 'uint256[]' }] as const;

/** What a log of a token moves of a wallet. */
function movesOf(topics: readonly string[], data: string): readonly Pick<Transfer, 'asset' | 'amount'>[] {
  const [read] = readAll(rawBlock([{}]), 1);
  if (!read) throw new Error('not read');
  const log = { address: addressOf('token'), topics: topics as Hex[], data };
  const moved = transfersOf({ ...read, logs: [log] }, from);
  return moved.map(({ asset, amount }) => ({ asset, amount }));
}

function batch(data: string): readonly Pick<Transfer, 'asset' | 'amount'>[] {
  return movesOf([TRANSFER_BATCH, wordOf(addressOf('operator')), wordOf(from), wordOf(to)], data);
}

describe('a log of a token', () => {
  it('knows the topics of the standards', () => {
    expect([TRANSFER, TRANSFER_SINGLE, TRANSFER_BATCH]).toEqual([
      hashOf('Transfer(address,address,uint256)'),
      hashOf('TransferSingle(address,address,address,uint256,uint256)'),
      hashOf('TransferBatch(address,address,address,uint256[],uint256[])'),
    ]);
  });

  it.each([
    ['of another event', [hashOf('Approval(address,address,uint256)'), wordOf(from), wordOf(to)], dataOf(1)],
    [
      'of another event with four topics',
      [hashOf('Approval(address,address,uint256)'), wordOf(to), wordOf(from), wordOf(to)],
      dataOf(64, 64, 0),
    ],
    ['without topics', [], dataOf(1)],
    ['of two topics', [TRANSFER, wordOf(from)], dataOf(to, 1)],
    ['from what is no address', [TRANSFER, `0x1${wordOf(from).slice(3)}`, wordOf(to)], dataOf(1)],
    ['to what is no address', [TRANSFER, wordOf(from), `0x${'f'.repeat(64)}`], dataOf(1)],
    ['of ERC-1155 with one topic', [TRANSFER_SINGLE], dataOf(1, 2)],
    ['of ERC-1155 with three topics', [TRANSFER_SINGLE, wordOf(to), wordOf(from)], dataOf(1, 2)],
    ['of a batch with three topics', [TRANSFER_BATCH, wordOf(to), wordOf(from)], dataOf(64, 96, 0, 0)],
  ])('is left out %s', (_, topics, data) => {
    expect(movesOf(topics, data)).toEqual([]);
  });

  it.each([
    ['no data', [TRANSFER, wordOf(from), wordOf(to)], '0x'],
    ['31 bytes', [TRANSFER, wordOf(from), wordOf(to)], `0x${'1'.repeat(62)}`],
    ['33 bytes', [TRANSFER, wordOf(from), wordOf(to)], `${dataOf(1)}00`],
    ['half a byte', [TRANSFER, wordOf(from), wordOf(to)], `${dataOf(1)}0`],
    ['no digits', [TRANSFER, wordOf(from), wordOf(to)], `0x${'z'.repeat(64)}`],
    ['four topics and an amount', [TRANSFER, wordOf(from), wordOf(to), wordOf(1)], dataOf(1)],
    ['one word', [TRANSFER_SINGLE, wordOf(to), wordOf(from), wordOf(to)], dataOf(1)],
    ['half a byte more', [TRANSFER_SINGLE, wordOf(to), wordOf(from), wordOf(to)], `${dataOf(1, 2)}0`],
    [
      'an amount without digits',
      [TRANSFER_SINGLE, wordOf(to), wordOf(from), wordOf(to)],
      `${dataOf(1)}${'z'.repeat(64)}`,
    ],
    ['three words', [TRANSFER_SINGLE, wordOf(to), wordOf(from), wordOf(to)], dataOf(1, 2, 3)],
  ])('is left out with %s', (_, topics, data) => {
    expect(movesOf(topics, data)).toEqual([]);
  });

  it('reads a batch', () => {
    const data = encodeAbiParameters(arrays, [
      [5n, 2n ** 256n - 1n],
      [1n, 0n],
    ]);

    expect(batch(data)).toEqual([
      {
        asset: { standard: 'erc1155', contract: addressOf('token'), tokenId: 5n },
        amount: 1n,
      },
      {
        asset: { standard: 'erc1155', contract: addressOf('token'), tokenId: 2n ** 256n - 1n },
        amount: 0n,
      },
    ]);
    expect(batch(encodeAbiParameters(arrays, [[], []]))).toEqual([]);
  });

  it.each([
    ['arrays of two lengths', encodeAbiParameters(arrays, [[1n], [1n, 2n]])],
    ['an offset beyond the end', dataOf(64, 4096, 1, 1)],
    ['an offset that is no number', dataOf(2n ** 256n - 1n, 64, 0)],
    ['a length beyond the end', dataOf(64, 64, 2n ** 64n)],
    ['more items than there are', dataOf(64, 64, 2, 1)],
    ['one offset only', dataOf(64)],
    ['nothing', '0x'],
    ['no digits among its ids', `${dataOf(64, 128, 1)}${'x'.repeat(64)}${dataOf(1, 5).slice(2)}`],
    ['no digits among its amounts', `${dataOf(64, 128, 1, 7, 1)}${'x'.repeat(64)}`],
    ['no digits among its items', `${dataOf(64, 64, 1)}${'x'.repeat(64)}`],
  ])('cannot read a batch with %s', (_, data) => {
    expect(batch(data)).toEqual([]);
  });

  it('reads no more items than a batch may have', () => {
    const many = (count: number): bigint[] => Array.from({ length: count }, (_, at) => BigInt(at));

    expect(batch(encodeAbiParameters(arrays, [many(MAX_BATCH), many(MAX_BATCH)]))).toHaveLength(MAX_BATCH);
    expect(batch(encodeAbiParameters(arrays, [many(MAX_BATCH + 1), many(MAX_BATCH + 1)]))).toEqual([]);
  });
});
