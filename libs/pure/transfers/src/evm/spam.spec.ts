import { addressOf } from '../../testing/evm/raw-transactions';
import { ZERO_ADDRESS, type Address } from './hex';
import { SpamFilter, type SpamReason } from './spam';
import type { Transfer } from './transfers-of';

const wallet = addressOf('wallet');
const friend: Address = `0x1234${'0'.repeat(32)}abcd`;
const poisoner: Address = `0x1234${'f'.repeat(32)}abcd`;
const token = addressOf('token');
const listed = addressOf('listed');

interface Context {
  readonly names: { readonly symbol: string | null; readonly name: string | null };
  readonly paid: readonly Address[];
}

function reasonsOf(transfer: Transfer, { names, paid = [friend] }: Partial<Context>): readonly SpamReason[] {
  const tokens = ['USDC', 'WBTC'].map((symbol, index) => ({
    address: index === 0 ? listed : addressOf(symbol),
    symbol,
  }));
  const claimed = new Map(names ? [listed, token].map((one) => [one, names] as const) : []);
  return new SpamFilter({ wallet, listed: tokens, coin: 'ETH', names: claimed, paid }).reasonsOf(transfer);
}

/** Of a token that is not listed, from a stranger. */
function aTransfer(change: Partial<Transfer> = {}, sentBy = addressOf('stranger')): Transfer {
  return {
    kind: 'log',
    asset: { standard: 'erc20', contract: token },
    from: addressOf('stranger'),
    to: wallet,
    amount: 5000n,
    sentBy,
    ...change,
  };
}

const ofListed: Partial<Transfer> = { asset: { standard: 'erc20', contract: listed } };
const ofCoin: Partial<Transfer> = { asset: { standard: 'native' } };
const minted = aTransfer({ from: ZERO_ADDRESS });
const knowing = (address: Address) => ({ paid: [address] });
const outgoing = { from: wallet, to: addressOf('stranger') };
const named = (symbol: string, name: string | null = null): Partial<Context> => ({
  names: { symbol, name },
});

describe('SpamFilter', () => {
  it.each<[string, SpamReason[], Transfer, Partial<Context>]>([
    ['what a stranger sends', [], aTransfer(), {}],
    ['what a friend sends', [], aTransfer({ from: friend }), {}],
    ['what is minted for it', [], minted, knowing(ZERO_ADDRESS)],
    ['what is minted, beside such ends', [], minted, knowing(`0x0000${'1'.repeat(32)}0000`)],

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
    [
      'coin from a look-alike',
      ['look_alike_counterparty'],
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
    ].flatMap((text): [string, SpamReason[], Transfer, Partial<Context>][] => [
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
    ].map((text): [string, SpamReason[], Transfer, Partial<Context>] => [
      `the name ${text}`,
      [],
      aTransfer(),
      named('X', text),
    ]),
    ['the name of a listed token', [], aTransfer(ofListed), named('YFI', 'yearn.finance')],
  ])('says of %s: %j', (_, reasons, transfer, change) => {
    expect(reasonsOf(transfer, change)).toEqual(reasons);
  });
});
