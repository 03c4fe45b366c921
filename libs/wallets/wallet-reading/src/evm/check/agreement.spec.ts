import type { Chain } from '@countersign/chains';
import type { Address, CheckedTransaction, Hash, Transfer } from '@countersign/transfers';
import { entriesOf } from '../lists/entries';
import { readRow } from '../lists/rows';
import { agreedTransaction } from './receipts';

const [WALLET, OTHER, TOKEN] = ['a', 'b', 'c'].map((digit) => `0x${digit.repeat(40)}`) as [
  Address,
  Address,
  Address,
];
const [HASH, BLOCK, FOREIGN] = ['3', '4', '5'].map((digit) => `0x${digit.repeat(64)}`) as [Hash, Hash, Hash];
type Fields = Readonly<Record<string, string>>;

const common: Fields = { hash: HASH, blockHash: BLOCK, blockNumber: '9', timeStamp: '1700000000' };
const parties: Fields = { ...common, transactionIndex: '0', from: WALLET, to: OTHER };
const sent: Fields = { ...parties, value: '7', isError: '0', gasUsed: '2', gasPrice: '3' };
const moved: Fields = { ...parties, contractAddress: TOKEN, value: '20', tokenDecimal: '6' };

const transfer = {
  ...{ kind: 'log', asset: { standard: 'erc20', contract: TOKEN } },
  ...{ from: WALLET, to: OTHER, amount: 20n },
} as Transfer;
const transaction = {
  ...{ hash: HASH, index: 0, from: WALLET, to: OTHER, createdContract: null },
  ...{ isSuccessful: true, value: 7n, gasFee: 6n, fee: 6n, isFeeExact: true, logs: [] },
  ...{ blockNumber: 9, blockHash: BLOCK },
} as CheckedTransaction;

/** Whether a node with that transaction, and a token of 6 decimals, confirms these rows. */
function isAgreed(ofSent: Fields, ...ofTokens: readonly Fields[]): boolean {
  const rows = [readRow('txlist', ofSent), ...ofTokens.map((row) => readRow('tokentx', row))];
  const [entry] = entriesOf(
    rows.flatMap((row) => row ?? []),
    WALLET,
  );
  if (!entry) throw new Error('no entry');
  const seen = { at: 1_700_000_000, transaction, transfers: [transfer] };
  const said = {
    ...{ transactions: new Map([[HASH, seen]]), blockHashes: new Map([[9, BLOCK]]) },
    decimals: new Map([[TOKEN, 6]]),
  };
  const names = new Map(
    entry.logs.flatMap(({ asset, names: claimed }) =>
      asset.standard === 'erc20' && claimed ? [[asset.contract, claimed] as const] : [],
    ),
  );
  return agreedTransaction({ tokens: [] as Chain['tokens'] } as Chain, WALLET, entry, said, names) !== null;
}

it('confirms what a node says alike', () => {
  expect(isAgreed(sent, moved)).toBe(true);
});

it.each<[string, Fields, readonly Fields[]]>([
  ['another amount of coins', { ...sent, value: '5' }, [moved]],
  ['another sender', { ...sent, from: FOREIGN.slice(0, 42) }, [moved]],
  ['a failed status', { ...sent, isError: '1' }, [moved]],
  ['another block', { ...sent, blockHash: FOREIGN }, [moved]],
  ['another block number', { ...sent, blockNumber: '8' }, [{ ...moved, blockNumber: '8' }]],
  ['another time', { ...sent, timeStamp: '1' }, [moved]],
  ['another fee', { ...sent, gasPrice: '4' }, [moved]],
  ['another transaction', { ...sent, hash: FOREIGN }, [{ ...moved, hash: FOREIGN }]],
  ['another amount of a token', sent, [{ ...moved, value: '5' }]],
  ['another token', sent, [{ ...moved, contractAddress: OTHER }]],
  ['other decimals of a token', sent, [{ ...moved, tokenDecimal: '2' }]],
  ['no transfer', sent, []],
  ['a transfer twice', sent, [moved, moved]],
])('confirms no entry with %s', (_, ofSent, ofTokens) => {
  expect(isAgreed(ofSent, ...ofTokens)).toBe(false);
});
