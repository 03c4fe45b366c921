import { readAll } from '../../testing/evm/read-all';
import { recording } from '../../testing/evm/recorded';
import {
  addressOf,
  CHAIN,
  hashOf,
  rawBlock,
  wordOf,
  type RawBlock,
  type RawLog,
  type RawReceipt,
  type RawTransaction,
} from '../../testing/evm/raw-transactions';

const TRANSFER = hashOf('Transfer(address,address,uint256)');

interface Answers {
  block: RawBlock;
  receipts: RawReceipt[];
  first: RawTransaction;
  receipt: RawReceipt;
  log: RawLog;
}

type Change = [what: string, change: (answers: Answers) => unknown];

/** Two transactions with two logs each. */
function answers(): Answers {
  const logs = ['one', 'other'].map((token) => ({
    address: addressOf(token),
    topics: [TRANSFER, wordOf(addressOf('sender')), wordOf(addressOf('recipient'))],
    data: wordOf(1),
  }));
  const { block, receipts } = rawBlock([{ logs }, { logs }]);
  const [first] = block.transactions;
  const [receipt] = receipts;
  const [log] = receipt?.logs ?? [];
  if (!first || !receipt || !log) throw new Error('The block has no logs');
  return { block, receipts, first, receipt, log };
}

describe('readTransaction', () => {
  it.each([...recording('native').blocks, ...recording('tokens').blocks, ...recording('berlin').blocks])(
    'reads the transactions of a block of anvil: $name',
    (block) => {
      expect(readAll(block, 31_337)).not.toContain(undefined);
    },
  );

  const changes: Change[] = [
    ...['hash', 'from', 'to', 'value', 'type'].map((field): Change => [
      `has a transaction with a wrong ${field}`,
      ({ first }) => (first[field] = '0x1g'),
    ]),
    ['has a value with junk before it', ({ first }) => (first['value'] = 'x0x1')],
    ['has a transaction from nobody', ({ first }) => (first['from'] = null)],
    ['has a transaction of another block', ({ first }) => (first['blockHash'] = hashOf('other'))],
    ['has a transaction of another height', ({ first }) => (first['blockNumber'] = '0x1')],
    ['has a transaction of another position', ({ first }) => (first['transactionIndex'] = '0x1')],
    ['has a pending transaction', ({ first }) => (first['blockHash'] = null)],
    ['has its transactions in another order', ({ block }) => block.transactions.reverse()],
    ['has a transaction of another chain', ({ first }) => (first['chainId'] = '0x38')],

    ['has null for a receipt', ({ receipts }) => (receipts[1] = null as never)],
    ['has text for a receipt', ({ receipts }) => (receipts[1] = 'one' as never)],
    ...['status', 'gasUsed', 'effectiveGasPrice', 'l1Fee'].map((field): Change => [
      `has a receipt with a wrong ${field}`,
      ({ receipt }) => (receipt[field] = '0x'),
    ]),
    ['has a receipt without an outcome', ({ receipt }) => delete receipt['status']],
    ['has a receipt with a third outcome', ({ receipt }) => (receipt['status'] = '0x2')],
    ['has a receipt without logs', ({ receipt }) => (receipt.logs = null as never)],
    [
      'has a new contract without an address',
      ({ first, receipt }) => {
        first['to'] = null;
        receipt['to'] = null;
      },
    ],
    [
      'has a new contract at no address',
      ({ first, receipt }) => {
        first['to'] = null;
        receipt['to'] = null;
        receipt['contractAddress'] = '0x1g';
      },
    ],
    ['has its receipts in another order', ({ receipts }) => receipts.reverse()],
    ['has a receipt of another transaction', ({ receipt }) => (receipt['transactionHash'] = hashOf('other'))],
    ['has a receipt of another block', ({ receipt }) => (receipt['blockHash'] = hashOf('other'))],
    ['has a receipt of another height', ({ receipt }) => (receipt['blockNumber'] = '0x1')],
    ['has a receipt of another position', ({ receipt }) => (receipt['transactionIndex'] = '0x1')],
    ['has a receipt of another sender', ({ receipt }) => (receipt['from'] = addressOf('other'))],
    ['has a receipt of another recipient', ({ receipt }) => (receipt['to'] = addressOf('other'))],

    ['has null for a log', ({ receipt }) => (receipt.logs[0] = null as never)],
    ['has a log of no contract', ({ log }) => (log['address'] = null)],
    ['has a log without a list of topics', ({ log }) => (log['topics'] = { length: 0 })],
    ['has a log with a short topic', ({ log }) => (log['topics'] = ['0x1'])],
    ['has a log with five topics', ({ log }) => (log['topics'] = Array<string>(5).fill(TRANSFER))],
    ['has a log without data', ({ log }) => (log['data'] = null)],
    ['has a removed log', ({ log }) => (log['removed'] = true)],
  ];

  it.each(changes)('reads none that %s', (_, change) => {
    const all = answers();
    expect(readAll(all, CHAIN)).not.toContain(undefined);
    change(all);

    expect(readAll(all, CHAIN)).toContain(undefined);
  });

  it('reads transactions from before EIP-155, which name no chain', () => {
    const all = answers();
    delete all.first['chainId'];

    expect(readAll(all, CHAIN)).not.toContain(undefined);
  });

  const gas = 21_000n * 10n ** 9n;

  it.each<[string, RawTransaction, Record<string, unknown>, bigint, boolean]>([
    ['as Ethereum has it', {}, {}, gas, true],
    ['with blobs', { type: '0x3' }, { blobGasUsed: '0x20000' }, gas, false],
    ['of an old node', { type: '0x0', gasPrice: '0x2' }, { effectiveGasPrice: null }, 42_000n, true],
    ['without a price', { gasPrice: null }, { effectiveGasPrice: null }, 0n, false],
    ['of a rollup', {}, { l1Fee: '0x64' }, gas + 100n, false],
    ['without a fee of an operator', {}, { operatorFeeScalar: '0x0' }, gas, true],
    ['with a fee of an operator', {}, { operatorFeeConstant: '0x9' }, gas, false],
    ['in a token', { feeCurrency: addressOf('dollar') }, {}, gas, false],
    ['of a type that one chain has', { type: '0x71' }, {}, gas, false],
  ])('tells the fee %s, and whether it is all', (_, transaction, receipt, fee, isFeeExact) => {
    expect(readAll(rawBlock([{ transaction, receipt }]), CHAIN)).toMatchObject([{ fee, isFeeExact }]);
  });

  it('reads deposits of rollups, which name no chain', () => {
    const transaction = { type: '0x7e', chainId: '0x0', gasPrice: '0x0', value: '0x7' };

    const read = readAll(rawBlock([{ transaction, receipt: { effectiveGasPrice: '0x0' } }]), CHAIN);

    expect(read).toMatchObject([{ value: 7n, fee: 0n }]);
  });
});
