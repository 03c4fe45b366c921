import type { AccountList } from '@countersign/chains';
import { readRow } from './rows';

const WORD = '1'.repeat(40);
const AMOUNTS: Readonly<Record<AccountList, Readonly<Record<string, string>>>> = {
  txlist: { value: '1' },
  txlistinternal: { value: '1' },
  tokentx: { value: '1' },
  tokennfttx: { tokenID: '1' },
  token1155tx: { tokenID: '1', tokenValue: '1' },
};
const lists = Object.keys(AMOUNTS) as readonly AccountList[];

type Fields = Readonly<Record<string, string>>;

const rowOf = (list: AccountList): Fields => ({
  ...{ hash: `0x${'3'.repeat(64)}`, blockHash: `0x${'4'.repeat(64)}`, blockNumber: '1' },
  ...{ timeStamp: '1700000000', transactionIndex: '0', gasUsed: '1', gasPrice: '1', isError: '0' },
  ...{ from: `0x${WORD}`, to: `0x${WORD}`, contractAddress: `0x${WORD}`, ...AMOUNTS[list] },
});

/** With another value in each field of an amount. */
const amounts = (edit: (value: string) => unknown) => (row: Fields, list: AccountList) => ({
  ...row,
  ...Object.fromEntries(Object.entries(AMOUNTS[list]).map(([name, value]) => [name, edit(value)])),
});

it.each(lists)('reads a row of %s', (list) => {
  expect(readRow(list, rowOf(list))).toMatchObject({ number: 1, at: 1_700_000_000, index: 0 });
});

it.each<[string, (row: Fields, list: AccountList) => unknown]>([
  ['null', () => null],
  ['a text', () => 'x'],
  ['a list', (row) => [row]],
  ['an empty object', () => ({})],
  ['without a hash', ({ hash: _, ...row }) => row],
  ['without an amount', amounts(() => undefined)],
  ['with null for an amount', amounts(() => null)],
  ['with null for a sender', (row) => ({ ...row, from: null })],
  ['with a word for a number', (row) => ({ ...row, blockNumber: 'pending' })],
  ['with a number for a text', (row) => ({ ...row, blockNumber: 1 })],
  ['with a fraction', amounts((value) => `${value}.5`)],
  ['with an exponent', amounts((value) => `${value}e18`)],
  ['with a negative number', amounts((value) => `-${value}`)],
  ['with hex for decimal digits', (row) => ({ ...row, blockNumber: '0x7' })],
  ['with leading zeros', (row) => ({ ...row, timeStamp: '01700000000' })],
  ['with more than 256 bits', amounts(() => '9'.repeat(78))],
  ['with a time after the year 9999', (row) => ({ ...row, timeStamp: '253402300800' })],
  ['with a block number that no chain reaches', (row) => ({ ...row, blockNumber: '9007199254740991' })],
  ['with an address of 21 bytes', (row) => ({ ...row, from: `0x${'f'.repeat(42)}` })],
])('reads no row that is %s', (_, edit) => {
  for (const list of lists) expect(readRow(list, edit(rowOf(list), list))).toBeNull();
});

it('reads no row of another token standard than its list has', () => {
  expect(readRow('tokentx', { ...rowOf('tokentx'), tokenID: '1' })).toBeNull();
  expect(readRow('tokennfttx', { ...rowOf('tokennfttx'), tokenValue: '1' })).toBeNull();
});
