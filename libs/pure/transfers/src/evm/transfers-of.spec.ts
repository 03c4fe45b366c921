import { recordedBlock, recording, type RecordedBlock } from '../../testing/evm/recorded';
import { readAll, transfersIn } from '../../testing/evm/read-all';
import type { Address } from './hex';
import type { Transfer } from './transfers-of';

const native = recording('native');
const tokens = recording('tokens');
const berlin = recording('berlin');
const CHAIN = 31_337;

/** What the transfers and fees say that the account has more than before, by asset as in the recording. */
function changesOf(
  block: RecordedBlock,
  account: Address,
  contracts: Readonly<Record<string, Address>>,
): Record<string, bigint> {
  const changes: Record<string, bigint> = {};
  const change = (name: string, amount: bigint): void => {
    if (amount !== 0n) changes[name] = (changes[name] ?? 0n) + amount;
  };
  for (const { asset, from, to, amount } of transfersIn(block, account, CHAIN))
    change(nameOf(asset, contracts), (to === account ? amount : 0n) - (from === account ? amount : 0n));
  for (const read of readAll(block, CHAIN)) change('native', read?.from === account ? -read.fee : 0n);
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
      for (const account of accounts) {
        const expected = differences(block, account);
        const changes = changesOf(block, account, contracts);
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

  it('have of ERC-20 what its logs say', () => {
    const [a, b, c, d] = tokens.accounts as readonly [Address, Address, Address, Address];
    const { coin } = tokens.contracts;
    const transfers = transfersIn(recordedBlock(tokens, 'ERC-20'), a, CHAIN);

    const logs = transfers.filter(({ kind }) => kind === 'log');
    expect(logs.map(({ asset, from, to, amount }) => ({ ...asset, from, to, amount }))).toEqual(
      [
        { from: `0x${'0'.repeat(40)}`, to: a, amount: 1_000_000n },
        { from: a, to: b, amount: 250_000n },
        { from: a, to: d, amount: 1n },
        { from: a, to: c, amount: 0n },
      ].map((moved) => ({ standard: 'erc20', contract: coin, ...moved })),
    );
    expect(logs.map(({ sentBy }) => sentBy)).toEqual([a, a, c, d]);
  });

  it('have no log that cannot be read, and nothing of those that are no transfers', () => {
    const [, b] = tokens.accounts as readonly [Address, Address];

    expect(transfersIn(recordedBlock(tokens, 'logs that cannot be read'), b, CHAIN)).toEqual([]);
  });
});
