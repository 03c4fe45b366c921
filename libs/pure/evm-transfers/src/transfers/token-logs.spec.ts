import * as fc from 'fast-check';
import { decodeAbiParameters, encodeAbiParameters, type Hex } from 'viem';
import { tries } from '@countersign/text/testing';
import { addressOf, dataOf, hashOf, wordOf } from '../../testing/raw-transactions';
import { rulesOfChain } from '../chain-rules';
import type { CheckedLog } from '../checked-transaction';
import {
  MAX_BATCH,
  readTokenLog,
  TRANSFER,
  TRANSFER_BATCH,
  TRANSFER_SINGLE,
  type TokenItem,
} from './token-logs';

const rules = rulesOfChain('eip155:1');
const [from, to] = [addressOf('from'), addressOf('to')];
const arrays = [{ type: 'uint256[]' }, { type: 'uint256[]' }] as const;

function logOf(topics: readonly string[], data: string): CheckedLog {
  return { address: addressOf('token'), topics: topics as Hex[], data };
}

/** What the log moves; null for what cannot be read, undefined for what is no transfer. */
function itemsOf(topics: readonly string[], data: string): readonly TokenItem[] | null | undefined {
  return readTokenLog(logOf(topics, data), rules)?.items();
}

function batch(data: string): readonly TokenItem[] | null | undefined {
  return itemsOf([TRANSFER_BATCH, wordOf(addressOf('operator')), wordOf(from), wordOf(to)], data);
}

describe('readTokenLog', () => {
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
    ['of one topic and too little', [TRANSFER], dataOf(from, to)],
    ['of one topic and too much', [TRANSFER], dataOf(from, to, 1, 2)],
    ['of one topic and no addresses', [TRANSFER], dataOf(2n ** 255n, to, 1)],
    ['of one topic and half a byte', [TRANSFER], `${dataOf(from, to, 1)}0`],
    ['of one topic and a word without digits', [TRANSFER], `${dataOf(from, to)}${'z'.repeat(64)}`],
    ['of one topic and no digits', [TRANSFER], `0x${'z'.repeat(192)}`],
    ['of ERC-1155 with one topic', [TRANSFER_SINGLE], dataOf(1, 2)],
    ['of ERC-1155 with three topics', [TRANSFER_SINGLE, wordOf(to), wordOf(from)], dataOf(1, 2)],
    ['of a batch with three topics', [TRANSFER_BATCH, wordOf(to), wordOf(from)], dataOf(64, 96, 0, 0)],
  ])('leaves out a log %s', (_, topics, data) => {
    expect(readTokenLog(logOf(topics, data), rules)).toBeNull();
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
  ])('cannot read a transfer with %s', (_, topics, data) => {
    expect(itemsOf(topics, data)).toBeNull();
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
    expect(batch(data)).toBeNull();
  });

  it('reads no more items than a batch may have', () => {
    const many = (count: number): bigint[] => Array.from({ length: count }, (_, at) => BigInt(at));

    expect(batch(encodeAbiParameters(arrays, [many(MAX_BATCH), many(MAX_BATCH)]))).toHaveLength(MAX_BATCH);
    expect(batch(encodeAbiParameters(arrays, [many(MAX_BATCH + 1), many(MAX_BATCH + 1)]))).toBeNull();
  });
});

describe('a batch of any bytes', () => {
  const aWord = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(0n, 1n, 2n, 3n, 32n, 64n, 96n, 128n, 160n) },
    { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 400n }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(2n ** 256n - 1n, 2n ** 256n - 32n, 2n ** 64n, 2n ** 53n, 2n ** 31n),
    },
  );
  const someBytes = fc.oneof(
    fc.array(aWord, { maxLength: 16 }).map((words) => dataOf(...words)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`),
    fc.string({ maxLength: 100 }),
    fc.string({ maxLength: 100 }).map((text) => `0x${text}`),
  );

  it('is read as viem reads it, or not at all, and answers no more than its bytes hold', () => {
    let read = 0;
    fc.assert(
      fc.property(someBytes, (data) => {
        const items = batch(data);
        if (!items) return;
        read++;
        // Both arrays may be the same words, but each item has words of its own in each.
        expect(items.length * 32).toBeLessThanOrEqual(data.length / 2);
        if (items.length === 0) return;
        const [ids, amounts] = decodeAbiParameters(arrays, data as Hex);
        expect(
          items.map(({ asset, amount }) => [asset.standard === 'erc1155' && asset.tokenId, amount]),
        ).toEqual(ids.map((id, at) => [id, amounts[at]]));
      }),
      tries(3000),
    );
    expect(read).toBeGreaterThan(0);
  });

  it('is read as it was written', () => {
    const aUint = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    fc.assert(
      fc.property(fc.array(fc.tuple(aUint, aUint), { maxLength: 40 }), (pairs) => {
        const items = batch(
          encodeAbiParameters(arrays, [pairs.map(([id]) => id), pairs.map(([, amount]) => amount)]),
        );
        const said = items?.map(({ asset, amount }) => [
          asset.standard === 'erc1155' && asset.tokenId,
          amount,
        ]);
        expect(said).toEqual(pairs);
      }),
      tries(300),
    );
  });
});
