import {
  addressOf,
  dataOf,
  hashOf,
  rawBlock,
  wordOf,
  type GivenLog,
  type GivenTransaction,
} from '../testing/raw-transactions';
import { readAll, transfersIn } from '../testing/read-all';
import { rulesOfChain } from './chain-rules';
import type { Transfer } from './transfers/transfer';

const TRANSFER = hashOf('Transfer(address,address,uint256)');
const SENDER = addressOf('sender');
const RECIPIENT = addressOf('recipient');
const GWEI = 10n ** 9n;

function seen(
  given: readonly GivenTransaction[],
  { chain = 'eip155:1', wallet = SENDER } = {},
): readonly Transfer[] {
  // What is signed names no chain.
  const unnamed = given.map((one) => ({
    ...one,
    transaction: { chainId: undefined, ...one.transaction },
  }));
  return transfersIn(rawBlock(unnamed), wallet, rulesOfChain(chain));
}

function short({ kind, from, to, amount, transaction }: Transfer): unknown {
  return [kind, from, to, amount, transaction?.fee, transaction?.isFeeExact];
}

function transferLog(address: string, amount: bigint): GivenLog {
  return { address, topics: [TRANSFER, wordOf(SENDER), wordOf(RECIPIENT)], data: wordOf(amount) };
}

const FEE = 21_000n * GWEI;

describe('transactions of Ethereum', () => {
  it('have blobs, which cost besides the gas', () => {
    const receipt = { type: '0x3', blobGasUsed: '0x20000', blobGasPrice: '0x3' };

    const transfers = seen([{ transaction: { type: '0x3', value: '0x0' }, receipt }]);

    expect(transfers.map(short)).toEqual([['transaction', SENDER, RECIPIENT, 0n, FEE + 3n * 0x20000n, true]]);
  });

  it('have prices with the transaction only where nodes are old, or none at all', () => {
    const receipt = { effectiveGasPrice: undefined };

    const transfers = seen([
      { transaction: { type: '0x0', gasPrice: '0x2' }, receipt },
      { transaction: { gasPrice: undefined }, receipt },
    ]);

    expect(transfers.map(({ transaction }) => [transaction?.fee, transaction?.isFeeExact])).toEqual([
      [42_000n, true],
      [0n, false],
    ]);
  });

  it('have CryptoKitties, whose logs have one topic', () => {
    const kitties = '0x06012c8cf97bead5deae237070f9587f8e7a266d';
    const log = { topics: [TRANSFER], data: dataOf(SENDER, RECIPIENT, 2_000_000n) };

    const from = { from: addressOf('other') };

    const transfers = seen(
      [kitties, addressOf('unknown')].map((address) => ({
        ...{ transaction: from, receipt: from },
        logs: [{ address, ...log }],
      })),
    );

    // Of another contract the same bytes could be an amount.
    expect(transfers).toMatchObject([
      {
        kind: 'log',
        asset: { standard: 'erc721', contract: kitties, tokenId: 2_000_000n },
        from: SENDER,
        to: RECIPIENT,
        amount: 1n,
      },
    ]);
  });

  it('have tokens that say something of a failed transaction, which is not believed', () => {
    const logs = [transferLog(addressOf('token'), 1n)];

    const transfers = seen([{ receipt: { status: '0x0' }, logs }]);

    expect(transfers.map(({ kind }) => kind)).toEqual(['transaction']);
  });

  it('create contracts', () => {
    const created = addressOf('created');
    const transaction = { to: null, value: '0x7' };

    const transfers = seen([
      { transaction, receipt: { to: null, contractAddress: created } },
      { transaction, receipt: { to: null, contractAddress: null, status: '0x0' } },
    ]);

    expect(transfers.map(short)).toEqual([
      ['transaction', SENDER, created, 7n, FEE, true],
      ['transaction', SENDER, null, 0n, FEE, true],
    ]);
  });
});

describe('transactions of the OP stack', () => {
  const deposit = { type: '0x7e', chainId: undefined, gasPrice: '0x0', sourceHash: hashOf('source') };

  it('have a fee of the chain below', () => {
    const transfers = seen([
      { transaction: { value: '0x5' }, receipt: { l1Fee: '0x64', l1FeeScalar: '0.684' } },
    ]);

    expect(transfers.map(short)).toEqual([['transaction', SENDER, RECIPIENT, 5n, FEE + 100n, true]]);
  });

  it.each([
    [{ operatorFeeScalar: '0x0', operatorFeeConstant: '0x0' }, true],
    [{ operatorFeeScalar: '0x1', operatorFeeConstant: '0x0' }, false],
    [{ operatorFeeScalar: null, operatorFeeConstant: '0x9' }, false],
    [{ operatorFeeConstant: 'something' }, false],
  ])('have a fee of the operator, which is not known exactly: %j', (receipt, isFeeExact) => {
    const transfers = seen([{ receipt }]);

    expect(transfers.map(({ transaction }) => transaction?.isFeeExact)).toEqual([isFeeExact]);
  });

  it.each([
    ['deposits, which create what they send, and cost nothing', '0x1', 7n],
    ['failed deposits, which create all the same', '0x0', 0n],
  ])('have %s', (_, status, sent) => {
    const transfers = seen([{ transaction: { ...deposit, mint: '0x9', value: '0x7' }, receipt: { status } }]);

    expect(transfers.map(short)).toEqual([
      ['deposit', null, SENDER, 9n, 0n, true],
      ['transaction', SENDER, RECIPIENT, sent, 0n, true],
    ]);
  });

  it('have deposits to a wallet, of which only the value counts', () => {
    const transaction = { ...deposit, mint: '0x9', value: '0x7' };

    const transfers = seen([{ transaction }], { wallet: RECIPIENT });

    expect(transfers.map(short)).toEqual([['transaction', SENDER, RECIPIENT, 7n, 0n, true]]);
  });

  it('have system deposits, which create nothing', () => {
    const transfers = seen([{ transaction: { ...deposit, mint: null } }]);

    expect(transfers.map(short)).toEqual([['transaction', SENDER, RECIPIENT, 0n, 0n, true]]);
  });

  it('refuse a deposit of a malformed amount', () => {
    const raw = rawBlock([{ transaction: { ...deposit, mint: 9 } }]);

    expect(readAll(raw, rulesOfChain('eip155:1'))).toEqual([undefined]);
  });
});

describe('transactions of Arbitrum', () => {
  it.each(['0x64', '0x68'])('have value that the sender does not lose: type %s', (type) => {
    const transaction = { type, value: '0x7', gasPrice: '0x0' };

    const transfers = seen([{ transaction, receipt: { gasUsed: '0x0' } }], { wallet: RECIPIENT });

    expect(transfers.map(short)).toEqual([['deposit', null, RECIPIENT, 7n, 0n, true]]);
    expect(seen([{ transaction }])).toEqual([]);
    expect(seen([{ transaction, receipt: { status: '0x0' } }], { wallet: RECIPIENT })).toEqual([]);
  });

  it('have tickets, whose deposit is credited to the sender', () => {
    const transfers = seen([{ transaction: { type: '0x69', value: '0x2', depositValue: '0x9' } }]);

    expect(transfers.map(short)).toEqual([
      ['deposit', null, SENDER, 9n, FEE, true],
      ['transaction', SENDER, RECIPIENT, 2n, FEE, true],
    ]);
  });
});

describe('transactions of other chains', () => {
  it('have fees in a token on Celo, and a coin that is a token too', () => {
    const celo = '0x471ece3750da237f93b8e339c536989b8978a438';

    const transfers = seen(
      [{ transaction: { type: '0x7b', feeCurrency: addressOf('dollar') }, logs: [transferLog(celo, 8n)] }],
      { chain: 'eip155:42220' },
    );

    expect(transfers.map(short)).toEqual([
      ['transaction', SENDER, RECIPIENT, 0n, 0n, false],
      ['log', SENDER, RECIPIENT, 8n, 0n, false],
    ]);
    expect(transfers.map(({ asset }) => asset)).toEqual([{ standard: 'native' }, { standard: 'native' }]);
  });

  it.each([
    ['eip155:324', '0x000000000000000000000000000000000000800a'],
    ['eip155:137', '0x0000000000000000000000000000000000001010'],
  ])('repeat moves of the coin in logs, which do not count: %s', (chain, coin) => {
    const logs = [transferLog(coin, 8n)];

    expect(seen([{ transaction: { value: '0x8' }, logs }], { chain })).toMatchObject([
      { kind: 'transaction', amount: 8n },
    ]);
    // Elsewhere it is an address as any other.
    expect(seen([{ logs }]).at(-1)).toMatchObject({ asset: { standard: 'erc20', contract: coin } });
  });

  it('are paid for by others on zkSync', () => {
    const transfers = seen([{ transaction: { type: '0x71' } }], { chain: 'eip155:324' });

    expect(transfers.map(({ transaction }) => transaction?.isFeeExact)).toEqual([false]);
  });
});
