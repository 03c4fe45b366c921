import { recordedBlock, recording } from '../../testing/recorded';
import type { RawBlock, RawReceipt } from '../../testing/raw-blocks';
import { rulesOfChain } from '../chain-rules';
import { readBlock } from '../reading/read-block';
import { areSendersRight } from './senders';

const RULES = rulesOfChain('eip155:31337', true);

interface Raw {
  block: RawBlock;
  receipts: RawReceipt[];
}

function faultOf({ block, receipts }: Raw): string | null {
  const read = readBlock(block, receipts, {}, RULES);
  return read.ok ? null : read.code;
}

const natives = (): Raw => recordedBlock(recording('native'), 'every kind of native transfer');
const tokens = (): Raw => recordedBlock(recording('tokens'), 'ERC-20');

describe('blocks of a chain with the encoding of Ethereum', () => {
  it.each(['native', 'tokens', 'berlin'] as const)('are recomputed as anvil hashed them: %s', (name) => {
    for (const raw of recording(name).blocks) expect([raw.name, faultOf(raw)]).toEqual([raw.name, null]);
  });

  it.each<[string, Raw, (raw: Raw) => void, string]>([
    [
      'the value of a transaction',
      natives(),
      ({ block }) => Object.assign(block.transactions[0] ?? {}, { value: '0xd3c21bcecceda1000000' }),
      'block.transaction_hash_differs',
    ],
    [
      'an amount of a log',
      tokens(),
      ({ receipts }) => {
        const log = receipts.flatMap(({ logs }) => logs)[0] ?? {};
        log['data'] = `0x${'ff'.repeat(32)}`;
      },
      'block.receipts_differ',
    ],
    [
      'a status',
      natives(),
      ({ receipts }) => {
        const receipt = receipts.find(({ status, logs }) => status === '0x1' && logs.length === 0);
        Object.assign(receipt ?? {}, { status: '0x0' });
      },
      'block.receipts_differ',
    ],
    [
      'a transaction that is left out at the end',
      natives(),
      ({ block, receipts }) => {
        block.transactions.pop();
        receipts.pop();
      },
      'block.transactions_differ',
    ],
    [
      'the gas that was used',
      natives(),
      ({ receipts }) => Object.assign(receipts[0] ?? {}, { gasUsed: '0x1' }),
      'block.outcome_differs',
    ],
    [
      'the price of gas',
      natives(),
      ({ receipts }) => Object.assign(receipts[2] ?? {}, { effectiveGasPrice: '0x1' }),
      'block.outcome_differs',
    ],
    [
      'a fee that no such chain has',
      natives(),
      ({ receipts }) => Object.assign(receipts[0] ?? {}, { l1Fee: '0x1' }),
      'block.outcome_differs',
    ],
    [
      'the withdrawals',
      natives(),
      ({ block }) => {
        const address = block.transactions[0]?.['from'];
        block['withdrawals'] = [{ index: '0x0', validatorIndex: '0x0', address, amount: '0x1' }];
      },
      'block.withdrawals_differ',
    ],
    ['the time', natives(), ({ block }) => (block['timestamp'] = '0x6553f119'), 'block.hash_differs'],
    ['a header with a gap', natives(), ({ block }) => delete block['blobGasUsed'], 'block.not_encodable'],
  ])('are refused for %s', (_, raw, alter, fault) => {
    alter(raw);
    expect(faultOf(raw)).toBe(fault);
  });
});

describe('a block with a field that is not known', () => {
  const withField = ({ block, receipts }: Raw): Raw => ({
    block: { ...block, blockAccessListHash: `0x${'ab'.repeat(32)}` },
    receipts,
  });
  const isRecomputed = ({ block, receipts }: Raw): boolean => {
    const read = readBlock(block, receipts, {}, RULES);
    if (!read.ok) throw new Error(read.code);
    return read.value.rules.hasEthereumEncoding;
  };

  it('is read without recomputing where its hash is not that of the known fields', () => {
    const raw = withField(natives());
    raw.block['hash'] = `0x${'12'.repeat(32)}`;
    for (const one of [...raw.block.transactions, ...raw.receipts]) one['blockHash'] = raw.block['hash'];
    expect(isRecomputed(raw)).toBe(false);
    delete raw.block['blobGasUsed'];
    expect(isRecomputed(raw)).toBe(false);
    raw.block['blockAccessListHash'] = null;
    expect(faultOf(raw)).toBe('block.not_encodable');
  });

  it('is recomputed where its hash is that of the known fields', () => {
    const raw = withField(natives());
    expect(isRecomputed(raw)).toBe(true);
    Object.assign(raw.block.transactions[0] ?? {}, { value: '0xd3c21bcecceda1000000' });
    expect(faultOf(raw)).toBe('block.transaction_hash_differs');
  });
});

describe('the senders of transactions', () => {
  it.each(['native', 'tokens', 'berlin'] as const)('are those that signed: %s', async (name) => {
    for (const { block, receipts } of recording(name).blocks) {
      const read = readBlock(block, receipts, {}, RULES);
      if (!read.ok) throw new Error(read.code);
      const hashes = new Set(read.value.transactions.map(({ hash }) => hash));
      expect(await areSendersRight(read.value, hashes)).toBe(true);
      for (const { hash } of read.value.transactions) {
        const transactions = read.value.transactions.map((each) =>
          each.hash === hash ? { ...each, from: `0x${'11'.repeat(20)}` as const } : each,
        );
        expect(await areSendersRight({ ...read.value, transactions }, new Set([hash]))).toBe(false);
      }
    }
  });
});
