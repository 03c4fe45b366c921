import * as fc from 'fast-check';
import { encodeFunctionData, erc20Abi, parseAbi, type Hex } from 'viem';
import { tries } from '@countersign/text/testing';
import type { AllowedCall } from '@countersign/wallet-acts';
import type { SendIntent } from '../intents/send-intent';
import { decideSend } from './decide-send';
import { limitedSumsOf, partOf, refusedBySums } from './limited-sums';
import type { ApplicationSendLimits, AssetLimit, BrakeLimit } from './send-limits';
import { assetKey, spendingOf, type AttachedCoins, type Spending, type Totals } from './spending';

const CHAIN = 'eip155:1';
const WALLET = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const TO = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const OTHER = '0x90f79bf6eb2c4f870365e785982e1f101e93b906';
const TOKEN = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48';
const ROUTER = '0x7a250d5630b4cf539739df2c5dacb4c659f2488d';
const MAX = 2n ** 256n - 1n;
const NOW = new Date('2026-11-26T09:00:00Z');

const spending = (intent: SendIntent, chain = CHAIN, attached: AttachedCoins | null = null): Spending =>
  spendingOf(intent, { chain, address: WALLET }, attached);
const coin = (amount: bigint, chain = CHAIN): Spending => spending({ kind: 'coin', to: TO, amount }, chain);
const token = (amount: bigint): Spending => spending({ kind: 'token', token: TOKEN, to: TO, amount });
const call = (data: Hex, contract: `0x${string}` = ROUTER, value = 0n): Spending =>
  spending({ kind: 'call', contract, data, value });
const approving = (amount: bigint, spender: Hex = ROUTER): Hex =>
  encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, amount] });
const batch = (...calls: readonly Hex[]): Hex =>
  encodeFunctionData({ abi: parseAbi(['function multicall(bytes[])']), args: [calls] });
const transferring = (to: Hex, amount: bigint): Hex =>
  encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] });
const SWAP = '0x12345678';

const ofCoin: AssetLimit = { chain: CHAIN, token: null, perAct: 10n, perDay: 15n };
const ofToken: AssetLimit = { ...ofCoin, token: TOKEN };
const allowedCall = (contract: string, method: string) => ({ chain: CHAIN, contract, method });
const spent = (amount: bigint, of: string | null = null): Totals => new Map([[assetKey(CHAIN, of), amount]]);
const none: Totals = new Map();

/** What an application without limits decides. */
interface Wish {
  readonly of: Spending;
  readonly application?: Partial<ApplicationSendLimits>;
  readonly spentThere?: Totals;
  readonly brake?: BrakeLimit;
  readonly spentInHour?: Totals;
  readonly compatPerDay?: Totals;
  readonly spentByCompat?: Totals;
}

/** The code without `send.`, or `allowed`. */
function outcome(wish: Wish): string {
  const { of, application, brake, compatPerDay = null } = wish;
  const facts = {
    spending: of,
    limits: { chains: null, assets: null, recipients: null, calls: [], tokens: [], ...application },
    brake: brake ? [brake] : [],
    compatPerDay,
  };
  const spentOf = {
    'send.above_day_limit': wish.spentThere,
    'send.brake_reached': wish.spentInHour,
    'send.above_compat_limit': wish.spentByCompat,
  };
  const bySums = refusedBySums(
    limitedSumsOf(facts),
    (sum) => [{ startsAt: partOf(sum, NOW), amount: spentOf[sum.code]?.get(sum.asset) ?? 0n }],
    NOW,
  );
  const code = decideSend(facts) ?? bySums?.code;
  return code?.replace('send.', '') ?? 'allowed';
}

const limited = { assets: [ofCoin, ofToken] };
const to = (...recipients: readonly string[]) => ({ recipients });
const listing = (...assets: readonly AssetLimit[]) => ({ assets });
const brake: BrakeLimit = { chain: CHAIN, token: null, perHour: 40n };
const noBrake: BrakeLimit = { ...brake, perHour: 0n };

const swap = allowedCall(ROUTER, SWAP);
const [approve, transfer, multicall] = ['0x095ea7b3', '0xa9059cbb', '0xac9650d8'].map((method) =>
  allowedCall(TOKEN, method),
) as [AllowedCall, AllowedCall, AllowedCall];
const calling = (...calls: readonly AllowedCall[]) => ({ calls });
const ofTwo = batch(transferring(TO, 6n), transferring(TO, 5n));
const toOther = batch(transferring(TO, 6n), SWAP);
const ofAll = { ...limited, ...calling(approve, transfer, multicall, swap) };
const toNone = { ...to(), ...calling(approve, transfer, swap) };

type Limits = Partial<ApplicationSendLimits>;

describe('a send', () => {
  it.each<[title: string, of: Spending, application: Limits, outcome: string, more?: Partial<Wish>]>([
    ['without limits', coin(MAX), {}, 'allowed'],

    ['on a chain that is allowed', coin(1n), { chains: [CHAIN] }, 'allowed'],
    ['on another chain', coin(1n, 'eip155:10'), { chains: [CHAIN] }, 'chain_not_allowed'],
    ['on no chain', coin(1n), { chains: [] }, 'chain_not_allowed'],

    ['at the limit of one send', coin(10n), limited, 'allowed'],
    ['above the limit of one send', coin(11n), limited, 'above_act_limit'],
    ['of a token at its limit', token(10n), limited, 'allowed'],
    ['of a token above its limit', token(11n), limited, 'above_act_limit'],
    ['of a token that is not listed', token(1n), listing(ofCoin), 'asset_not_allowed'],
    ['of a coin that is not listed', coin(1n), listing(ofToken), 'asset_not_allowed'],
    ['under a policy without assets', coin(1n), listing(), 'asset_not_allowed'],
    ['of the coin of another chain', coin(1n, 'eip155:10'), limited, 'asset_not_allowed'],
    ['at the limit of a day', coin(10n), limited, 'allowed', { spentThere: spent(5n) }],
    ['above the limit of a day', coin(10n), limited, 'above_day_limit', { spentThere: spent(6n) }],
    ['beside another asset', coin(10n), limited, 'allowed', { spentThere: spent(99n, TOKEN) }],
    ['without a limit of one send', coin(15n), listing({ ...ofCoin, perAct: null }), 'allowed'],
    [
      'without a limit of a day',
      coin(10n),
      listing({ ...ofCoin, perDay: null }),
      'allowed',
      { spentThere: spent(MAX) },
    ],

    ['to an allowed recipient', coin(1n), to(TO), 'allowed'],
    ['to another recipient', coin(1n), to(OTHER), 'recipient_not_allowed'],
    ['of a token to another recipient', token(1n), to(TOKEN), 'recipient_not_allowed'],
    ['to none', coin(1n), to(), 'recipient_not_allowed'],

    ['that calls what is not allowed', call(SWAP), {}, 'call_not_allowed'],
    ['that calls an allowed contract and method', call(SWAP), calling(swap), 'allowed'],
    ['that calls another method', call(SWAP), calling({ ...swap, method: '0x87654321' }), 'call_not_allowed'],
    ['that calls another contract', call(SWAP), calling({ ...swap, contract: OTHER }), 'call_not_allowed'],
    ['that calls on another chain', call(SWAP), calling({ ...swap, chain: 'eip155:10' }), 'call_not_allowed'],
    ['that calls what is decoded', call(transferring(TO, 1n), TOKEN), {}, 'call_not_allowed'],
    ['that hides a transfer above the limit', call(transferring(TO, 11n), TOKEN), ofAll, 'above_act_limit'],
    ['that hides another recipient', call(transferring(OTHER, 1n), TOKEN), toNone, 'recipient_not_allowed'],
    ['of a batch above the limit', call(ofTwo, TOKEN), ofAll, 'above_act_limit'],
    ['of a batch with another method', call(toOther, TOKEN), calling(multicall), 'call_not_allowed'],
    ['of coins with a call above the limit', call(SWAP, ROUTER, 11n), ofAll, 'above_act_limit'],
    ['of a call to a contract that is no recipient', call(SWAP), { ...to(TO), ...calling(swap) }, 'allowed'],

    ['that approves what the limit allows', call(approving(10n), TOKEN), ofAll, 'allowed'],
    ['that approves more than the limit', call(approving(11n), TOKEN), ofAll, 'above_act_limit'],
    ['that approves everything', call(approving(MAX), TOKEN), calling(approve), 'approval_unlimited'],
    [
      'that approves nearly everything',
      call(approving(2n ** 128n), TOKEN),
      calling(approve),
      'approval_unlimited',
    ],
    [
      'that approves a collectible with the id 0',
      call(approving(0n), TOKEN),
      { ...ofAll, ...listing({ ...ofToken, perAct: 0n }) },
      'above_act_limit',
    ],
    ['that approves a stranger', call(approving(1n, OTHER), TOKEN), toNone, 'recipient_not_allowed'],
    [
      'that transfers to a contract of the application without a call of it',
      call(transferring(ROUTER, 1n), TOKEN),
      toNone,
      'recipient_not_allowed',
    ],

    ['at the brake', coin(40n), {}, 'allowed', { brake }],
    ['at the brake with others', coin(10n), {}, 'allowed', { brake, spentInHour: spent(30n) }],
    ['above the brake', coin(41n), {}, 'brake_reached', { brake }],
    ['above the brake with others', coin(10n), {}, 'brake_reached', { brake, spentInHour: spent(31n) }],
    ['under a brake of nothing', coin(1n), {}, 'brake_reached', { brake: noBrake }],
    ['of an asset without brake', token(11n), {}, 'allowed', { brake: noBrake }],
    [
      'that approves more than the brake',
      call(approving(41n), TOKEN),
      calling(approve),
      'brake_reached',
      { brake: { ...brake, token: TOKEN } },
    ],
  ])('%s', (_, of, application, expected, more = {}) => {
    expect(outcome({ of, application, ...more })).toBe(expected);
  });

  it.each<[title: string, of: Spending, perDay: Totals, outcome: string, more?: Partial<Wish>]>([
    ['at its limit', coin(40n), spent(40n), 'allowed'],
    ['above it', coin(41n), spent(40n), 'above_compat_limit'],
    ['above it, before', coin(5n), spent(40n), 'above_compat_limit', { spentByCompat: spent(36n) }],
    ['after other sends', coin(10n), spent(40n), 'allowed', { spentThere: spent(40n) }],
    ['of an asset that is not listed', token(0n), spent(10n), 'above_compat_limit'],
    ['where nothing is listed', coin(1n), none, 'above_compat_limit'],
    [
      'that spends nothing, where nothing is listed',
      call(batch()),
      none,
      'above_compat_limit',
      { application: calling({ ...multicall, contract: ROUTER }) },
    ],
    ['that is not decoded', call(SWAP), spent(10n), 'call_undecoded', { application: calling(swap) }],
  ])('of a compatible API %s', (_, of, compatPerDay, expected, more = {}) => {
    expect(outcome({ of, compatPerDay, ...more })).toBe(expected);
  });

  it('on TON has the same limits', () => {
    const chain = 'ton:-239';
    const [to, master] = [`0:${'cd'.repeat(32)}`, `0:${'ef'.repeat(32)}`];
    const coins = spending({ kind: 'coin', to, amount: 11n, comment: null }, chain);
    const jettons = spending({ kind: 'jetton', master, to, amount: 11n, comment: null }, chain);
    const listed = { ...ofCoin, chain, perAct: 11n };

    expect(outcome({ of: coins, application: { assets: [listed] } })).toBe('allowed');
    expect(outcome({ of: jettons, application: { assets: [listed] } })).toBe('asset_not_allowed');
    expect(outcome({ of: jettons, application: { assets: [{ ...listed, token: master }] } })).toBe('allowed');
    expect(
      outcome({ of: jettons, application: { assets: [{ ...listed, token: master, perAct: 10n }] } }),
    ).toBe('above_act_limit');
    const item = spending({ kind: 'collectible', item: master, to }, chain);
    expect(outcome({ of: item, application: { assets: [listed] } })).toBe('asset_not_allowed');
    expect(outcome({ of: item, application: { assets: [{ ...listed, token: master, perAct: 1n }] } })).toBe(
      'allowed',
    );
    expect(outcome({ of: item, application: { assets: [{ ...listed, token: master, perAct: 0n }] } })).toBe(
      'above_act_limit',
    );
    expect(outcome({ of: coins, application: { recipients: [master] } })).toBe('recipient_not_allowed');
  });
});

describe('limits', () => {
  it('let no sum of a day above the limit pass', () => {
    const amounts = fc.array(fc.bigInt({ min: 1n, max: 12n }), { maxLength: 12 });
    fc.assert(
      fc.property(amounts, (wanted) => {
        let sum = 0n;
        for (const amount of wanted) {
          const wish = { of: coin(amount), application: limited, spentThere: spent(sum) };
          if (outcome(wish) === 'allowed') sum += amount;
        }
        expect(sum).toBeLessThanOrEqual(15n);
      }),
      tries(200),
    );
  });
});
