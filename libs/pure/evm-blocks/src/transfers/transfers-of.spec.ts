import { recordedBlock, recording, type RecordedBlock } from '../../testing/recorded';
import { rulesOfChain } from '../chain-rules';
import type { CheckedBlock } from '../checked-block';
import type { Address } from '../hex';
import { readBlock } from '../reading/read-block';
import type { Transfer } from './transfer';
import { transfersOf } from './transfers-of';

const native = recording('native');
const tokens = recording('tokens');
const berlin = recording('berlin');

function checked({ block, receipts }: RecordedBlock): CheckedBlock {
  const read = readBlock(block, receipts, {}, rulesOfChain('eip155:31337'));
  if (!read.ok) throw new Error(read.code);
  return read.value;
}

function everything(block: RecordedBlock): readonly Transfer[] {
  return transfersOf(checked(block), () => true).transfers;
}

/** What the transfers say that the account has more than before, by asset as in the recording. */
function changesOf(
  transfers: readonly Transfer[],
  account: Address,
  contracts: Readonly<Record<string, Address>>,
): Record<string, bigint> {
  const changes: Record<string, bigint> = {};
  for (const { kind, asset, from, to, amount, transaction } of transfers) {
    const name = nameOf(asset, contracts);
    const fee = kind === 'transaction' && from === account ? (transaction?.fee ?? 0n) : 0n;
    const moved = (to === account ? amount : 0n) - (from === account ? amount : 0n);
    if (moved !== 0n || fee !== 0n) changes[name] = (changes[name] ?? 0n) + moved - fee;
  }
  return changes;
}

function nameOf(asset: Transfer['asset'], contracts: Readonly<Record<string, Address>>): string {
  if (asset.standard === 'native') return 'native';
  const [name = asset.contract] = Object.entries(contracts).find(([, one]) => one === asset.contract) ?? [];
  return asset.standard === 'erc1155' ? `${name}/${asset.tokenId}` : name;
}

function differences({ before, after }: RecordedBlock, account: Address): Record<string, bigint> {
  const assets = Object.entries(after[account] ?? {});
  return Object.fromEntries(
    assets.map(([asset, now]) => [asset, BigInt(now) - BigInt(before[account]?.[asset] ?? 0)]),
  );
}

describe('the transfers of a block', () => {
  const honest = [native, tokens, berlin].flatMap(({ accounts, contracts, blocks }) =>
    blocks
      .filter(({ name }) => !['a hostile token', 'logs that cannot be read'].includes(name))
      .map((block) => ({ name: block.name, block, accounts, contracts })),
  );

  it.each(honest)(
    'add up to the balances that the node tells: $name',
    ({ name, block, accounts, contracts }) => {
      const transfers = everything(block);
      for (const account of accounts) {
        const expected = differences(block, account);
        const changes = changesOf(transfers, account, contracts);
        // The one thing that needs a trace: what a contract pays out.
        if (name === 'every kind of native transfer') {
          changes['native'] = (changes['native'] ?? 0n) + paidOut(account);
        }
        const still = Object.fromEntries(Object.keys(expected).map((asset) => [asset, 0n]));
        expect({ account, ...still, ...changes }).toEqual({ account, ...expected });
      }

      function paidOut(account: Address): bigint {
        if (account === accounts[0]) return 88n;
        return account === accounts[4] ? -88n : 0n;
      }
    },
  );

  it('are those of followed addresses only, each of which is asked for once', () => {
    const block = checked(recordedBlock(tokens, 'collectibles'));
    const [, follower] = tokens.accounts;
    const asked: Address[] = [];

    const { transfers } = transfersOf(block, (address) => {
      asked.push(address);
      return address === follower;
    });

    expect(transfers.map(({ key }) => key)).toEqual(['log:1', 'log:4']);
    expect(new Set(asked).size).toBe(asked.length);
    expect(transfersOf(block, () => false)).toEqual({ transfers: [], unread: [] });
  });

  it('have keys of their own', () => {
    for (const { blocks } of [native, tokens, berlin]) {
      for (const block of blocks) {
        const keys = everything(block).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }
    }
  });

  it('are asked for each kind of native transfer', () => {
    const [a, b, c, d, forwarder] = native.accounts;
    const block = recordedBlock(native, 'every kind of native transfer');
    const created = block.receipts.at(-1)?.['contractAddress'];

    const transfers = everything(block);

    expect(transfers.map(({ from, to, amount }) => ({ from, to, amount }))).toEqual([
      { from: a, to: b, amount: 1n },
      { from: b, to: c, amount: 10n ** 18n },
      { from: c, to: d, amount: 12_345n },
      { from: d, to: d, amount: 5n },
      { from: a, to: c, amount: 0n },
      { from: b, to: forwarder, amount: 0n },
      { from: c, to: forwarder, amount: 88n },
      { from: d, to: created, amount: 99n },
    ]);
    expect(transfers.map(({ key }) => key)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((index) => `tx:${index}`));
    expect(transfers.map(({ transaction }) => transaction?.type)).toEqual([0, 1, 2, 2, 2, 2, 2, 2]);
    expect(transfers[5]?.transaction).toMatchObject({ isSuccessful: false, value: 77n, isFeeExact: true });
    expect(transfers[7]?.transaction).toMatchObject({ to: null, createdContract: created });
  });

  it('are not asked for the receiver of a failed or empty transaction was sent', () => {
    const [, , c, , forwarder] = native.accounts;
    const block = checked(recordedBlock(native, 'every kind of native transfer'));

    const toForwarder = transfersOf(block, (address) => address === forwarder).transfers;
    const toC = transfersOf(block, (address) => address === c).transfers;

    expect(toForwarder.map(({ key }) => key)).toEqual(['tx:6']);
    expect(toC.map(({ key }) => key)).toEqual(['tx:1', 'tx:2', 'tx:6']);
  });

  it('tell of ERC-20 what its logs say, and the transactions that cost something', () => {
    const [a, b, c, d] = tokens.accounts;
    const { coin } = tokens.contracts;
    const transfers = everything(recordedBlock(tokens, 'ERC-20'));

    const logs = transfers.filter(({ kind }) => kind === 'log');
    expect(logs.map(({ asset, from, to, amount }) => ({ ...asset, from, to, amount }))).toEqual(
      [
        { from: `0x${'0'.repeat(40)}`, to: a, amount: 1_000_000n },
        { from: a, to: b, amount: 250_000n },
        { from: a, to: d, amount: 1n },
        { from: a, to: c, amount: 0n },
      ].map((moved) => ({ standard: 'erc20', contract: coin, ...moved })),
    );
    expect(logs.map(({ transaction }) => transaction?.from)).toEqual([a, a, c, d]);
    expect(transfers.filter(({ kind }) => kind === 'transaction')).toHaveLength(6);
  });

  it('believe a hostile token, and count to how many it gave', () => {
    const [a, b] = tokens.accounts;
    const block = checked(recordedBlock(tokens, 'a hostile token'));

    const { transfers } = transfersOf(block, (address) => address === a || address === b);

    const logs = transfers.filter(({ kind }) => kind === 'log');
    expect(logs.map(({ amount, recipients }) => [amount, recipients])).toEqual([
      [1000n, 1],
      [100n, 1],
      [10n ** 30n, 1],
      [5n, 61],
    ]);
  });

  it('tell of collectibles by their standard', () => {
    const { collectible, multi } = tokens.contracts;
    const logs = everything(recordedBlock(tokens, 'collectibles')).filter(({ kind }) => kind === 'log');

    expect(logs.map(({ asset, amount, batchIndex }) => [asset, amount, batchIndex])).toEqual([
      [{ standard: 'erc721', contract: collectible, tokenId: 42n }, 1n, null],
      [{ standard: 'erc721', contract: collectible, tokenId: 42n }, 1n, null],
      [{ standard: 'erc1155', contract: multi, tokenId: 7n }, 70n, null],
      ...[7n, 8n, 9n].map((tokenId, at) => [
        { standard: 'erc1155', contract: multi, tokenId },
        BigInt(at + 1),
        at,
      ]),
      [{ standard: 'erc1155', contract: multi, tokenId: 7n }, 20n, null],
      ...[5n, 1n, 0n].map((amount, at) => [
        { standard: 'erc1155', contract: multi, tokenId: BigInt(at + 7) },
        amount,
        at,
      ]),
    ]);
    expect(logs.at(-1)?.key).toBe('log:5:2');
  });

  it('name the logs that cannot be read, and nothing of those that are no transfers', () => {
    const [a, b] = tokens.accounts;
    const recorded = recordedBlock(tokens, 'logs that cannot be read');

    const { transfers, unread } = transfersOf(checked(recorded), (address) => address === b);

    expect(transfers).toEqual([]);
    expect(unread).toEqual(
      [0, 1, 2, 5, 6].map((index) => ({
        transactionHash: recorded.receipts[index]?.['transactionHash'],
        logIndex: index,
        contract: tokens.contracts['hostile'],
        from: a,
        to: b,
      })),
    );
  });
});
