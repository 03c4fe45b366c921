import type { Hash } from '../hex';
import { blockFaults, type BlockFault } from '../block-faults';
import { rulesOfChain } from '../chain-rules';
import { readBlock, type AskedBlock } from './read-block';
import { recordedBlock, recording } from '../../testing/recorded';
import {
  addressOf,
  BLOCK_HASH,
  BLOCK_NUMBER,
  bloomOf,
  hashOf,
  PARENT_HASH,
  rawBlock,
  wordOf,
  type RawBlock,
  type RawLog,
  type RawReceipt,
  type RawTransaction,
} from '../../testing/raw-blocks';

const rules = rulesOfChain('eip155:1');
const TRANSFER = hashOf('Transfer(address,address,uint256)');

interface Answers {
  block: RawBlock;
  receipts: RawReceipt[];
  first: RawTransaction;
  receipt: RawReceipt;
  log: RawLog;
}

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

function faultOf(
  { block, receipts }: Pick<Answers, 'block' | 'receipts'>,
  asked: AskedBlock = {},
): BlockFault | null {
  const read = readBlock(block, receipts, asked, rules);
  return read.ok ? null : read.code;
}

const malformedQuantities = [undefined, null, '', '0x', '1', 1, '0xg', `0x${'1'.repeat(65)}`, {}, ['0x1']];
const malformedHashes = [
  undefined,
  null,
  1,
  '0x',
  BLOCK_HASH.slice(0, -1),
  `${BLOCK_HASH}0`,
  BLOCK_HASH.slice(2),
];

describe('readBlock', () => {
  it.each([...recording('native').blocks, ...recording('tokens').blocks, ...recording('berlin').blocks])(
    'reads a block of anvil: $name',
    ({ block, receipts }) => {
      const asked = { number: Number(block['number']), hash: block['hash'] as Hash };

      const read = readBlock(block, receipts, asked, rulesOfChain('eip155:31337'));

      expect(read).toMatchObject({ ok: true, value: { ...asked, parentHash: block['parentHash'] } });
    },
  );

  it('reads what each part says', () => {
    const { block, receipts } = answers();

    expect(readBlock(block, receipts, { number: BLOCK_NUMBER, hash: BLOCK_HASH }, rules)).toEqual({
      ok: true,
      value: {
        number: BLOCK_NUMBER,
        hash: BLOCK_HASH,
        parentHash: PARENT_HASH,
        timestamp: 0x65a00000,
        withdrawals: [],
        rules,
        transactions: [0, 1].map((index) => ({
          hash: hashOf(`transaction ${index}`),
          index,
          type: 2,
          from: addressOf('sender'),
          to: addressOf('recipient'),
          createdContract: null,
          isSuccessful: true,
          value: '0x0',
          mint: null,
          cost: {
            gasUsed: '0x5208',
            gasPrice: '0x3b9aca00',
            blobGasUsed: null,
            blobGasPrice: null,
            l1Fee: null,
            isInToken: false,
            hasOtherPart: false,
          },
          logs: ['one', 'other'].map((token, at) => ({
            index: 2 * index + at,
            address: addressOf(token),
            topics: [TRANSFER, wordOf(addressOf('sender')), wordOf(addressOf('recipient'))],
            data: wordOf(1),
          })),
        })),
      },
    });
  });

  it('reads another spelling of the same bytes', () => {
    const { block, receipts, first, receipt, log } = answers();
    first['from'] = addressOf('sender').toUpperCase().replace('0X', '0x');
    first['hash'] = hashOf('transaction 0').toUpperCase().replace('0X', '0x');
    log['logIndex'] = '0x00';
    log['blockHash'] = BLOCK_HASH.toUpperCase().replace('0X', '0x');
    log['blockNumber'] = `0x00${BLOCK_NUMBER.toString(16)}`;
    receipt['from'] = addressOf('sender').toUpperCase().replace('0X', '0x');

    const read = readBlock(block, receipts, {}, rules);

    expect(read).toMatchObject({ ok: true, value: { transactions: [{ from: addressOf('sender') }, {}] } });
  });

  const faults: [BlockFault, string, (answers: Answers) => unknown][] = [
    ['block.malformed', 'is no object', (a) => (a.block = [] as never)],
    ...['number', 'timestamp'].flatMap((field) =>
      malformedQuantities.map((value): (typeof faults)[number] => [
        'block.malformed',
        `has the ${field} ${JSON.stringify(value)}`,
        ({ block }) => (block[field] = value),
      ]),
    ),
    ...['hash', 'parentHash', 'logsBloom'].flatMap((field) =>
      malformedHashes.map((value): (typeof faults)[number] => [
        'block.malformed',
        `has the ${field} ${JSON.stringify(value)}`,
        ({ block }) => (block[field] = value),
      ]),
    ),
    [
      'block.malformed',
      'is of a time that no calendar writes',
      ({ block }) => (block['timestamp'] = '0x1fffffffffffff'),
    ],
    ['block.malformed', 'is of the year 10000', ({ block }) => (block['timestamp'] = '0x3afff44180')],
    [
      'block.malformed',
      'has a number that is not exact',
      ({ block }) => (block['number'] = '0x20000000000000'),
    ],
    ['block.malformed', 'has no list of transactions', ({ block }) => (block.transactions = {} as never)],
    ['block.malformed', 'has no list of withdrawals', ({ block }) => (block['withdrawals'] = 'none')],
    ['block.not_the_one_asked', 'is its own parent', ({ block }) => (block['parentHash'] = block['hash'])],
    [
      'block.too_large',
      'has more transactions than a chain allows',
      (a) => {
        a.block.transactions = Array<RawTransaction>(50_001).fill(a.first);
        a.receipts = Array<RawReceipt>(50_001).fill(a.receipt);
      },
    ],
    [
      'block.too_large',
      'has too many withdrawals',
      ({ block }) => (block['withdrawals'] = Array<object>(10_001).fill({})),
    ],
    [
      'block.withdrawal_malformed',
      'has a withdrawal of nothing',
      ({ block }) => (block['withdrawals'] = [null]),
    ],
    [
      'block.withdrawal_malformed',
      'has a withdrawal to nobody',
      ({ block }) => (block['withdrawals'] = [{ address: '0x', amount: '0x1' }]),
    ],
    [
      'block.withdrawal_malformed',
      'has a withdrawal of no amount',
      ({ block }) => (block['withdrawals'] = [{ address: addressOf('one') }]),
    ],
    [
      'block.transactions_missing',
      'has no transactions, though its root names some',
      (a) => {
        a.block.transactions = [];
        a.receipts = [];
      },
    ],
    ['block.receipts_count', 'has a receipt too few', ({ receipts }) => receipts.pop()],
    ['block.receipts_count', 'has a receipt too many', (a) => a.receipts.push(a.receipt)],
    ['block.receipts_count', 'has no receipts', (a) => (a.receipts = [])],
    ['block.receipt_malformed', 'has receipts that are no list', (a) => (a.receipts = {} as never)],

    [
      'block.transaction_malformed',
      'has hashes only',
      ({ block }) => (block.transactions = [hashOf('a'), hashOf('b')] as never),
    ],
    [
      'block.transaction_malformed',
      'has null for a transaction',
      ({ block }) => (block.transactions[1] = null as never),
    ],
    ...['hash', 'from', 'to', 'value', 'type'].map((field): (typeof faults)[number] => [
      'block.transaction_malformed',
      `has a transaction with a wrong ${field}`,
      ({ first }) => (first[field] = '0x1g'),
    ]),
    [
      'block.transaction_malformed',
      'has a value with junk before it',
      ({ first }) => (first['value'] = 'x0x1'),
    ],
    ['block.transaction_malformed', 'has a transaction from nobody', ({ first }) => (first['from'] = null)],
    [
      'block.transaction_misplaced',
      'has a transaction of another block',
      ({ first }) => (first['blockHash'] = hashOf('other')),
    ],
    [
      'block.transaction_misplaced',
      'has a transaction of another height',
      ({ first }) => (first['blockNumber'] = '0x1'),
    ],
    [
      'block.transaction_misplaced',
      'has a transaction of another position',
      ({ first }) => (first['transactionIndex'] = '0x1'),
    ],
    ['block.transaction_misplaced', 'has a pending transaction', ({ first }) => (first['blockHash'] = null)],
    [
      'block.transaction_misplaced',
      'has its transactions in another order',
      ({ block }) => block.transactions.reverse(),
    ],
    [
      'block.transaction_misplaced',
      'has a transaction twice',
      ({ block, receipts, receipt, first }) => {
        const position = { transactionIndex: '0x1' };
        block.transactions[1] = { ...first, ...position };
        const logs = receipt.logs.map((log, at) => ({ ...log, ...position, logIndex: `0x${at + 2}` }));
        receipts[1] = { ...receipt, ...position, logs };
      },
    ],
    ['block.other_chain', 'has a transaction of another chain', ({ first }) => (first['chainId'] = '0x38')],

    ['block.receipt_malformed', 'has null for a receipt', ({ receipts }) => (receipts[1] = null as never)],
    ['block.receipt_malformed', 'has text for a receipt', ({ receipts }) => (receipts[1] = 'one' as never)],
    ...['status', 'gasUsed', 'effectiveGasPrice', 'l1Fee', 'blobGasUsed', 'blobGasPrice'].map(
      (field): (typeof faults)[number] => [
        'block.receipt_malformed',
        `has a receipt with a wrong ${field}`,
        ({ receipt }) => (receipt[field] = '0x'),
      ],
    ),
    [
      'block.receipt_malformed',
      'has a receipt without an outcome',
      ({ receipt }) => delete receipt['status'],
    ],
    [
      'block.receipt_malformed',
      'has a receipt with a third outcome',
      ({ receipt }) => (receipt['status'] = '0x2'),
    ],
    [
      'block.receipt_malformed',
      'has a receipt without logs',
      ({ receipt }) => (receipt.logs = null as never),
    ],
    [
      'block.receipt_malformed',
      'has a new contract without an address',
      ({ first, receipt }) => {
        first['to'] = null;
        receipt['to'] = null;
      },
    ],
    [
      'block.receipt_malformed',
      'has a new contract at no address',
      ({ first, receipt }) => {
        first['to'] = null;
        receipt['to'] = null;
        receipt['contractAddress'] = '0x1g';
      },
    ],
    ['block.receipt_misplaced', 'has its receipts in another order', ({ receipts }) => receipts.reverse()],
    [
      'block.receipt_misplaced',
      'has a receipt of another transaction',
      ({ receipt }) => (receipt['transactionHash'] = hashOf('other')),
    ],
    [
      'block.receipt_misplaced',
      'has a receipt of another block',
      ({ receipt }) => (receipt['blockHash'] = hashOf('other')),
    ],
    [
      'block.receipt_misplaced',
      'has a receipt of another height',
      ({ receipt }) => (receipt['blockNumber'] = '0x1'),
    ],
    [
      'block.receipt_misplaced',
      'has a receipt of another position',
      ({ receipt }) => (receipt['transactionIndex'] = '0x1'),
    ],
    [
      'block.receipt_misplaced',
      'has a receipt of another sender',
      ({ receipt }) => (receipt['from'] = addressOf('other')),
    ],
    [
      'block.receipt_misplaced',
      'has a receipt of another recipient',
      ({ receipt }) => (receipt['to'] = addressOf('other')),
    ],

    ['block.log_malformed', 'has null for a log', ({ receipt }) => (receipt.logs[0] = null as never)],
    ['block.log_malformed', 'has a log of no contract', ({ log }) => (log['address'] = null)],
    [
      'block.log_malformed',
      'has a log without a list of topics',
      ({ log }) => (log['topics'] = { length: 0 }),
    ],
    ['block.log_malformed', 'has a log with a short topic', ({ log }) => (log['topics'] = ['0x1'])],
    [
      'block.log_malformed',
      'has a log with five topics',
      ({ log }) => (log['topics'] = Array<string>(5).fill(TRANSFER)),
    ],
    ['block.log_malformed', 'has a log without data', ({ log }) => (log['data'] = null)],
    ['block.log_malformed', 'has a log without an index', ({ log }) => delete log['logIndex']],
    ['block.log_misplaced', 'has a removed log', ({ log }) => (log['removed'] = true)],
    ['block.log_misplaced', 'has a log of another block', ({ log }) => (log['blockHash'] = hashOf('other'))],
    ['block.log_misplaced', 'has a log of another height', ({ log }) => (log['blockNumber'] = '0x1')],
    [
      'block.log_misplaced',
      'has a log of another transaction',
      ({ log }) => (log['transactionHash'] = hashOf('other')),
    ],
    ['block.log_misplaced', 'has a log of another position', ({ log }) => (log['transactionIndex'] = '0x1')],
    ['block.log_indexes', 'has logs that are not counted from 0', ({ log }) => (log['logIndex'] = '0x7')],
    ['block.log_indexes', 'has lost a log on the way', ({ receipt }) => receipt.logs.shift()],
    ['block.logs_missing', 'has lost its last log', ({ receipts }) => receipts.at(-1)?.logs.pop()],
    [
      'block.logs_missing',
      'has no logs under a full bloom',
      ({ receipts }) => receipts.forEach((receipt) => (receipt.logs = [])),
    ],
    ['block.logs_added', 'has logs under an empty bloom', ({ block }) => (block['logsBloom'] = bloomOf([]))],
    [
      'block.logs_added',
      'has an invented log',
      ({ receipts }) => {
        const last = receipts.at(-1)?.logs ?? [];
        last.push({ ...last.at(-1), address: addressOf('invented'), logIndex: '0x4' });
      },
    ],
  ];

  // `has lost its last log`: both transactions have the same logs, so that one of them must differ.
  function changed(change: (answers: Answers) => unknown): Answers {
    const all = answers();
    const last = all.receipts.at(-1)?.logs.at(-1);
    if (last) last['address'] = addressOf('last');
    all.block['logsBloom'] = bloomOf(all.receipts.flatMap(({ logs }) => logs) as never);
    expect(faultOf(all)).toBeNull();
    change(all);
    return all;
  }

  it.each(faults)('answers %s for a block that %s', (code, _, change) => {
    expect(faultOf(changed(change))).toBe(code);
  });

  it.each([null, undefined])('answers that the node has not got it, for %s', (nothing) => {
    const { block, receipts } = answers();

    expect(readBlock(nothing, receipts, {}, rules)).toEqual({ ok: false, code: 'block.absent' });
    expect(readBlock(block, nothing, {}, rules)).toEqual({ ok: false, code: 'block.receipts_absent' });
  });

  it.each<AskedBlock>([{ number: BLOCK_NUMBER + 1 }, { hash: hashOf('other') }])(
    'refuses another block than asked: %j',
    (asked) => {
      expect(faultOf(answers(), asked)).toBe('block.not_the_one_asked');
    },
  );

  it('has a test of every fault', () => {
    const tested = new Set<string>([
      ...faults.map(([code]) => code),
      'block.absent',
      'block.receipts_absent',
      // In recompute.spec.ts.
      'block.hash_differs',
      'block.not_encodable',
      'block.outcome_differs',
      'block.receipts_differ',
      'block.transaction_hash_differs',
      'block.transactions_differ',
      'block.withdrawals_differ',
    ]);

    expect([...tested].sort()).toEqual(Object.keys(blockFaults).sort());
  });

  it('tolerates more logs than the bloom names only where the chain has such', () => {
    const { block, receipts } = answers();
    block['logsBloom'] = bloomOf([]);
    const covered = { ...rules, bloom: 'covered' } as const;

    expect(readBlock(block, receipts, {}, covered).ok).toBe(true);
    block['logsBloom'] = bloomOf([{ address: addressOf('other than all'), topics: [] }]);
    expect(readBlock(block, receipts, {}, covered)).toEqual({ ok: false, code: 'block.logs_missing' });
  });

  it('does not look at a bloom that is unreliable', () => {
    const { block, receipts } = answers();
    block['logsBloom'] = `0x${'f'.repeat(512)}`;

    expect(readBlock(block, receipts, {}, { ...rules, bloom: 'unreliable' }).ok).toBe(true);
    expect(readBlock(block, receipts, {}, rules)).toEqual({ ok: false, code: 'block.logs_missing' });
  });

  it('reads transactions from before EIP-155, which name no chain', () => {
    const { block, receipts, first } = answers();
    first['type'] = '0x0';
    first['chainId'] = null;

    expect(readBlock(block, receipts, {}, rules).ok).toBe(true);
  });

  it('reads transactions that name no type, and receipts that name no parties', () => {
    const { block, receipts, first, receipt } = answers();
    delete first['type'];
    receipt['from'] = null;
    delete receipt['to'];

    expect(readBlock(block, receipts, {}, rules)).toMatchObject({
      ok: true,
      value: { transactions: [{ type: 0, from: addressOf('sender'), to: addressOf('recipient') }, {}] },
    });
  });

  it('believes in coins from another chain only where the type says so', () => {
    const { block, receipts, first } = answers();
    Object.assign(first, { mint: '0x1', depositValue: '0x2' });
    const mintOf = (type: string) => {
      first['type'] = type;
      const read = readBlock(block, receipts, {}, rules);
      return read.ok ? read.value.transactions[0]?.mint : read.code;
    };

    expect(['0x0', '0x2', '0x7e', '0x69', '0x6a'].map(mintOf)).toEqual([null, null, '0x1', '0x2', null]);
  });

  it('reads up to the end of the year 9999, and so many entries as a chain may have', () => {
    const { block, receipts } = answers();
    block['timestamp'] = '0x3afff4417f';

    expect(readBlock(block, receipts, {}, rules)).toMatchObject({ value: { timestamp: 253_402_300_799 } });
    block['withdrawals'] = Array<object>(10_000).fill({});
    expect(faultOf({ block, receipts })).toBe('block.withdrawal_malformed');
    block['withdrawals'] = [];
    block.transactions = Array<RawTransaction>(50_000).fill({});
    expect(faultOf({ block, receipts })).toBe('block.receipts_count');
  });

  it.each([
    ['says nothing on that chain', hashOf('transactions'), 'unreliable'],
    ['is zero', `0x${'0'.repeat(64)}`, 'exact'],
    ['is not given', undefined, 'exact'],
    ['is that of none', '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421', 'exact'],
  ] as const)('reads a block without transactions whose root %s', (_, transactionsRoot, bloom) => {
    const { block, receipts } = rawBlock([], { transactionsRoot });

    expect(readBlock(block, receipts, {}, { ...rules, bloom }).ok).toBe(true);
  });

  it('does not compare chains where none is known', () => {
    const { block, receipts } = recordedBlock(recording('tokens'), 'ERC-20');

    expect(readBlock(block, receipts, {}, { ...rules, chainId: null }).ok).toBe(true);
    expect(readBlock(block, receipts, {}, rules)).toEqual({ ok: false, code: 'block.other_chain' });
  });
});
