import {
  rulesOfChain,
  type Address,
  type CheckedBlock,
  type CheckedLog,
  type Hash,
} from '@countersign/evm-blocks';
import { matchBlock } from './block-matches';

const TRANSFER: Hash = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef';
const me = address('a');
const other = address('b');
const token = address('c');
const listed = address('d');

function address(digit: string): Address {
  return `0x${digit.repeat(40)}`;
}

function hash(digit: string): Hash {
  return `0x${digit.repeat(64)}`;
}

function topicOf(whose: Address): Hash {
  return `0x${'0'.repeat(24)}${whose.slice(2)}`;
}

/** One transaction by another address, with logs of transfers to `me`. */
function blockWith(contracts: readonly Address[], amount = 1): CheckedBlock {
  const logs = contracts.map((contract, index): CheckedLog => ({
    index,
    address: contract,
    topics: [TRANSFER, topicOf(other), topicOf(me)],
    data: `0x${amount.toString(16).padStart(64, '0')}`,
  }));
  const cost = {
    gasUsed: '0x1',
    gasPrice: '0x1',
    blobGasUsed: null,
    blobGasPrice: null,
    l1Fee: null,
    isInToken: false,
    hasOtherPart: false,
  };
  return {
    number: 7,
    hash: hash('1'),
    parentHash: hash('2'),
    timestamp: 1_700_000_000,
    transactions: [
      {
        hash: hash('3'),
        index: 0,
        type: 2,
        from: other,
        to: me,
        createdContract: null,
        isSuccessful: true,
        value: '0x5',
        cost,
        mint: null,
        logs,
      },
    ],
    withdrawals: [{ index: 0, address: me, amountGwei: '0x1' }],
    rules: rulesOfChain('eip155:1'),
  };
}

function countsIn(block: CheckedBlock): Record<string, number> {
  const [match] = matchBlock(block, (one) => (one === me ? ['wallet'] : []), new Set([listed])).matches;
  const counts: Record<string, number> = {};
  for (const { kind, asset } of match?.transfers ?? []) {
    const name = asset.standard === 'native' ? kind : asset.contract === listed ? 'listed' : 'unlisted';
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('the transfers of one wallet in a block', () => {
  it('are the first ones, of unlisted tokens', () => {
    expect(countsIn(blockWith(Array<Address>(5_000).fill(token)))).toEqual({
      transaction: 1,
      unlisted: 250,
      withdrawal: 1,
    });
  });

  it('are all, of listed tokens', () => {
    const contracts = [...Array<Address>(300).fill(token), ...Array<Address>(300).fill(listed)];

    expect(countsIn(blockWith(contracts))).toMatchObject({ unlisted: 250, listed: 300 });
  });

  it('are the first ones, where nothing of a listed token moves', () => {
    expect(countsIn(blockWith(Array<Address>(300).fill(listed), 0))).toMatchObject({ listed: 250 });
  });
});
