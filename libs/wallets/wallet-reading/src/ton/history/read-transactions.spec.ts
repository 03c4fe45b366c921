import { readTransactions } from './read-transactions';

const RAW = `0:${'5A'.repeat(32)}`;
const HASH = Buffer.alloc(32, 7).toString('base64');

const message = {
  ...{ hash: HASH, source: RAW, destination: RAW, value: '5', fwd_fee: '1', ihr_fee: '0', bounced: false },
  message_content: { body: null },
};
const transaction = {
  ...{ account: RAW, hash: HASH, lt: '40', now: 1_700_000_000, mc_block_seqno: 9, total_fees: '3' },
  ...{ description: { aborted: false, compute_ph: { success: true } }, finality: 'finalized' },
  ...{ emulated: false, in_msg: message, out_msgs: [] as unknown },
};
type Transaction = typeof transaction;

it('reads a transaction', () => {
  const read = readTransactions({ transactions: [transaction] });

  expect(read).toMatchObject({
    count: 1,
    transactions: [{ lt: 40n, block: 9, fees: 3n, in: { value: 5n } }],
  });
});

it.each<[string, (one: Transaction) => unknown]>([
  ['null', () => null],
  ['a text', () => 'x'],
  ['a list', (one) => [one]],
  ['an empty object', () => ({})],
  ['without a hash', ({ hash: _, ...one }) => one],
  ['with null for an account', (one) => ({ ...one, account: null })],
  ['with a word for a block', (one) => ({ ...one, mc_block_seqno: 'pending' })],
  ['with a text for its time', (one) => ({ ...one, now: String(one.now) })],
  ['with a number for a text', (one) => ({ ...one, total_fees: 7 })],
  ['with a logical time of more than 64 bits', (one) => ({ ...one, lt: '9'.repeat(39) })],
  ['with a logical time of zero', (one) => ({ ...one, lt: '0' })],
  ['with a logical time that is a number', (one) => ({ ...one, lt: 5 })],
  ['with a logical time that is negative', (one) => ({ ...one, lt: '-5' })],
  ['with a logical time with an exponent', (one) => ({ ...one, lt: '1e9' })],
  ['with a word for coins', (one) => ({ ...one, in_msg: { ...one.in_msg, value: 'many' } })],
  ['without its messages', ({ out_msgs: _, ...one }) => one],
  ['with null for a message', (one) => ({ ...one, out_msgs: [null] })],
])('leaves out a transaction that is %s, and counts it', (_, edit) => {
  const read = readTransactions({ transactions: [transaction, edit(transaction)] });

  expect(read).toMatchObject({ count: 2, transactions: [{ lt: 40n }] });
  expect(read.transactions).toHaveLength(1);
});
