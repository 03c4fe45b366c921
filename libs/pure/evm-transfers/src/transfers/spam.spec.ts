import { addressOf, hashOf } from '../../testing/raw-transactions';
import { transfersIn } from '../../testing/read-all';
import { recordedBlock, recording } from '../../testing/recorded';
import { rulesOfChain } from '../chain-rules';
import { Counterparties } from './counterparties';
import { ZERO_ADDRESS, type Address } from '../hex';
import { foldSymbol, spamReasonsOf, spamRules, type SpamContext, type SpamReason } from './spam';
import type { Transfer, TransferTransaction } from './transfer';

const wallet = addressOf('wallet');
const friend: Address = `0x1234${'0'.repeat(32)}abcd`;
const poisoner: Address = `0x1234${'f'.repeat(32)}abcd`;
const token = addressOf('token');
const listed = addressOf('listed');

const context: SpamContext = {
  wallet,
  listed: new Set([listed]),
  listedSymbols: new Set(['USDC', 'ETH', 'WBTC'].map(foldSymbol)),
  names: null,
  counterparties: new Counterparties([friend]),
  dustLimit: 1000n,
};

/** Of a token that is not listed, from a stranger. */
function aTransfer(change: Partial<Transfer> = {}, sender = addressOf('stranger')): Transfer {
  const transaction: TransferTransaction = {
    hash: hashOf('transaction'),
    index: 0,
    from: sender,
    to: token,
    createdContract: null,
    isSuccessful: true,
    value: 0n,
    fee: 0n,
    isFeeExact: true,
  };
  return {
    kind: 'log',
    asset: { standard: 'erc20', contract: token },
    from: addressOf('stranger'),
    to: wallet,
    amount: 5000n,
    transaction,
    recipients: 1,
    ...change,
  };
}

const ofListed: Partial<Transfer> = { asset: { standard: 'erc20', contract: listed } };
const ofCoin: Partial<Transfer> = { asset: { standard: 'native' } };
const minted = aTransfer({ from: ZERO_ADDRESS });
const knowing = (address: Address) => ({ counterparties: new Counterparties([address]) });
const outgoing = { from: wallet, to: addressOf('stranger') };
const named = (symbol: string, name: string | null = null): Partial<SpamContext> => ({
  names: { symbol, name },
});

describe('spamReasonsOf', () => {
  it.each<[string, SpamReason[], Transfer, Partial<SpamContext>]>([
    ['what a stranger sends', [], aTransfer(), {}],
    ['what a friend sends', [], aTransfer({ from: friend }), {}],
    ['what is minted for it', [], minted, knowing(ZERO_ADDRESS)],
    ['what is minted, beside such ends', [], minted, knowing(`0x0000${'1'.repeat(32)}0000`)],
    ['a deposit', [], aTransfer({ ...ofCoin, kind: 'deposit', from: null, transaction: null }), {}],

    ['nothing, sent in its name', ['zero_value_not_own'], aTransfer({ ...outgoing, amount: 0n }), {}],
    ['nothing, from a stranger', ['zero_value_not_own'], aTransfer({ amount: 0n }), {}],
    ['nothing, sent by itself', [], aTransfer({ ...outgoing, amount: 0n }, wallet), {}],
    [
      'nothing of a listed token, in its name',
      ['zero_value_not_own'],
      aTransfer({ ...outgoing, ...ofListed, amount: 0n }),
      {},
    ],

    ['a listed symbol', ['counterfeit_symbol'], aTransfer(), named('USDC')],
    ['a listed symbol in Cyrillic', ['counterfeit_symbol'], aTransfer(), named('UЅDС')],
    ['a listed symbol with digits for letters', ['counterfeit_symbol'], aTransfer(), named('wbtc')],
    ['a listed symbol with dots', ['counterfeit_symbol'], aTransfer(), named('U.S.D.C')],
    ['a listed symbol with marks', ['counterfeit_symbol'], aTransfer(), named('USDĊ')],
    ['a listed symbol in wide letters', ['counterfeit_symbol'], aTransfer(), named('ＵＳＤＣ')],
    ['the symbol of the coin', ['counterfeit_symbol'], aTransfer(), named('ETH')],
    ['a listed symbol, sent by itself', ['counterfeit_symbol'], aTransfer(outgoing, wallet), named('USDC')],
    ['the listed token', [], aTransfer(ofListed), named('USDC')],
    ['a longer symbol', [], aTransfer(), named('USDC.e')],
    ['no symbol', [], aTransfer(), { names: { symbol: null, name: null } }],

    ['much from a look-alike', ['look_alike_counterparty'], aTransfer({ from: poisoner }), {}],
    ['little from a look-alike', ['dust_from_look_alike'], aTransfer({ from: poisoner, amount: 999n }), {}],
    [
      'the limit from a look-alike',
      ['look_alike_counterparty'],
      aTransfer({ from: poisoner, amount: 1000n }),
      {},
    ],
    ['little from a stranger', [], aTransfer({ amount: 1n }), {}],
    ['little from a friend', [], aTransfer({ from: friend, amount: 1n }), {}],
    [
      'coin from a look-alike',
      ['dust_from_look_alike'],
      aTransfer({ ...ofCoin, kind: 'transaction', from: poisoner, amount: 1n }, poisoner),
      {},
    ],
    [
      'nothing to a look-alike, in its name',
      ['zero_value_not_own', 'look_alike_counterparty'],
      aTransfer({ from: wallet, to: poisoner, amount: 0n }),
      {},
    ],
    // The person must see where it went.
    ['what it sent to a look-alike itself', [], aTransfer({ from: wallet, to: poisoner }, wallet), {}],

    ...[
      'visit example.invalid',
      '$ claim now',
      'Airdrop 2026',
      'https://x.invalid',
      'http:x',
      'www.x',
      't.me/x',
      'ELON.gift',
      '5000$ (x-y.com)',
      'vіsit',
    ].flatMap((text): [string, SpamReason[], Transfer, Partial<SpamContext>][] => [
      [`the name ${text}`, ['advertising_name'], aTransfer(), named('X', text)],
      [`the symbol ${text}`, ['advertising_name'], aTransfer(), named(text)],
    ]),
    ...[
      'Wrapped Bitcoin',
      'USDC.e',
      'St. Petersburg',
      'Reclaim',
      'BTC.b',
      'v1.2',
      '1.5x',
      'A.bc1',
      '...wait',
    ].map((text): [string, SpamReason[], Transfer, Partial<SpamContext>] => [
      `the name ${text}`,
      [],
      aTransfer(),
      named('X', text),
    ]),
    ['the name of a listed token', [], aTransfer(ofListed), named('YFI', 'yearn.finance')],

    ['what 51 got', ['mass_airdrop'], aTransfer({ recipients: 51 }), {}],
    ['what 50 got', [], aTransfer({ recipients: 50 }), {}],
    ['what 51 got of a listed token', [], aTransfer({ ...ofListed, recipients: 51 }), {}],
    ['coin that 51 got', [], aTransfer({ ...ofCoin, recipients: 51 }), {}],
    ['what it sent to 51 itself', [], aTransfer({ ...outgoing, recipients: 51 }, wallet), {}],
  ])('says of %s: %j', (_, reasons, transfer, change) => {
    expect(spamReasonsOf(transfer, { ...context, ...change })).toEqual(reasons);
  });

  it('says it in words', () => {
    for (const title of Object.values(spamRules)) expect(title).toMatch(/^[A-Z].*[^.]$/);
  });

  it('finds what a hostile contract did on a real chain', () => {
    const { accounts, contracts, blocks } = recording('tokens');
    const [a, b, c] = accounts;
    if (!a || !b || !c) throw new Error('No accounts were recorded');
    const reasons = ['ERC-20', 'a hostile token'].map((name) => {
      const block = recordedBlock({ accounts, contracts, blocks, chainId: 31337 }, name);
      const transfers = transfersIn(block, a, rulesOfChain('eip155:31337'));
      return transfers
        .filter(({ kind }) => kind === 'log')
        .map((transfer) =>
          spamReasonsOf(transfer, {
            ...context,
            wallet: a,
            listed: new Set([contracts['coin'] ?? ZERO_ADDRESS]),
            listedSymbols: new Set(['usd']),
            names: { symbol: 'USD', name: name === 'ERC-20' ? 'US Dollars' : 'visit example.invalid' },
          }),
        );
    });

    expect(reasons).toEqual([
      [[], [], [], ['zero_value_not_own']],
      [
        ['counterfeit_symbol', 'advertising_name'],
        ['counterfeit_symbol', 'advertising_name'],
        ['counterfeit_symbol', 'advertising_name'],
        ['counterfeit_symbol', 'advertising_name', 'mass_airdrop'],
      ],
    ]);
  });
});

describe('Counterparties', () => {
  it('know the addresses that they were given, and who looks alike', () => {
    const known = new Counterparties([friend]);
    const other: Address = `0x1234${'e'.repeat(32)}abcd`;

    expect([friend, poisoner, other].map((one) => known.has(one))).toEqual([true, false, false]);
    expect(known.has(addressOf('stranger'))).toBe(false);
    expect([friend, poisoner, other].map((one) => known.isLookAlike(one))).toEqual([false, true, true]);
    known.add(other);
    expect([friend, poisoner, other].map((one) => known.isLookAlike(one))).toEqual([false, true, false]);
  });

  it.each([`0x1235${'0'.repeat(32)}abcd`, `0x1234${'0'.repeat(32)}abce`, addressOf('stranger')] as Address[])(
    'do not take %s for one of theirs',
    (address) => {
      expect(new Counterparties([friend]).isLookAlike(address)).toBe(false);
    },
  );
});
