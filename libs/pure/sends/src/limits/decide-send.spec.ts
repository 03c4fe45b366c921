import * as fc from 'fast-check';
import { encodeFunctionData, erc20Abi, parseAbi, type Hex } from 'viem';
import { tries } from '@countersign/text/testing';
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
const brakeOf = (perHour: bigint): BrakeLimit => ({ chain: CHAIN, token: null, perHour });

describe('a send', () => {
  it.each<readonly [string, Wish, string]>([
    ['without limits', { of: coin(MAX) }, 'allowed'],

    // The chain.
    ['on a chain that is allowed', { of: coin(1n), application: { chains: [CHAIN] } }, 'allowed'],
    [
      'on another chain',
      { of: coin(1n, 'eip155:10'), application: { chains: [CHAIN] } },
      'chain_not_allowed',
    ],
    ['on no chain', { of: coin(1n), application: { chains: [] } }, 'chain_not_allowed'],

    // Amounts.
    ['at the limit of one send', { of: coin(10n), application: limited }, 'allowed'],
    ['above the limit of one send', { of: coin(11n), application: limited }, 'above_act_limit'],
    ['of a token at its limit', { of: token(10n), application: limited }, 'allowed'],
    ['of a token above its limit', { of: token(11n), application: limited }, 'above_act_limit'],
    [
      'of a token that is not listed',
      { of: token(1n), application: { assets: [ofCoin] } },
      'asset_not_allowed',
    ],
    [
      'of a coin that is not listed',
      { of: coin(1n), application: { assets: [ofToken] } },
      'asset_not_allowed',
    ],
    ['under a policy without assets', { of: coin(1n), application: { assets: [] } }, 'asset_not_allowed'],
    [
      'of the coin of another chain',
      { of: coin(1n, 'eip155:10'), application: limited },
      'asset_not_allowed',
    ],
    ['at the limit of a day', { of: coin(10n), application: limited, spentThere: spent(5n) }, 'allowed'],
    [
      'above the limit of a day',
      { of: coin(10n), application: limited, spentThere: spent(6n) },
      'above_day_limit',
    ],
    [
      'beside another asset',
      { of: coin(10n), application: limited, spentThere: spent(99n, TOKEN) },
      'allowed',
    ],
    [
      'without a limit of one send',
      { of: coin(15n), application: { assets: [{ ...ofCoin, perAct: null }] } },
      'allowed',
    ],
    [
      'without a limit of a day',
      { of: coin(10n), application: { assets: [{ ...ofCoin, perDay: null }] }, spentThere: spent(MAX) },
      'allowed',
    ],

    // Recipients.
    ['to an allowed recipient', { of: coin(1n), application: { recipients: [TO] } }, 'allowed'],
    ['to another recipient', { of: coin(1n), application: { recipients: [OTHER] } }, 'recipient_not_allowed'],
    [
      'of a token to another recipient',
      { of: token(1n), application: { recipients: [TOKEN] } },
      'recipient_not_allowed',
    ],
    ['to none', { of: coin(1n), application: { recipients: [] } }, 'recipient_not_allowed'],

    // Calls.
    ['that calls what is not allowed', { of: call(SWAP) }, 'call_not_allowed'],
    [
      'that calls an allowed contract and method',
      { of: call(SWAP), application: { calls: [allowedCall(ROUTER, SWAP)] } },
      'allowed',
    ],
    [
      'that calls another method',
      { of: call(SWAP), application: { calls: [allowedCall(ROUTER, '0x87654321')] } },
      'call_not_allowed',
    ],
    [
      'that calls another contract',
      { of: call(SWAP), application: { calls: [allowedCall(OTHER, SWAP)] } },
      'call_not_allowed',
    ],
    [
      'that calls on another chain',
      { of: call(SWAP), application: { calls: [{ ...allowedCall(ROUTER, SWAP), chain: 'eip155:10' }] } },
      'call_not_allowed',
    ],
    ['that calls what is decoded', { of: call(transferring(TO, 1n), TOKEN) }, 'call_not_allowed'],
    [
      'of a call that hides a transfer above the limit',
      {
        of: call(transferring(TO, 11n), TOKEN),
        application: { ...limited, calls: [allowedCall(TOKEN, '0xa9059cbb')] },
      },
      'above_act_limit',
    ],
    [
      'of a call that hides another recipient',
      {
        of: call(transferring(OTHER, 1n), TOKEN),
        application: { recipients: [TO], calls: [allowedCall(TOKEN, '0xa9059cbb')] },
      },
      'recipient_not_allowed',
    ],
    [
      'of a call that sums up to more than the limit',
      {
        of: call(batch(transferring(TO, 6n), transferring(TO, 5n)), TOKEN),
        application: { ...limited, calls: [allowedCall(TOKEN, '0xac9650d8')] },
      },
      'above_act_limit',
    ],
    [
      'of a batch with a method that is not allowed',
      {
        of: call(batch(transferring(TO, 6n), SWAP), TOKEN),
        application: { calls: [allowedCall(TOKEN, '0xac9650d8')] },
      },
      'call_not_allowed',
    ],
    [
      'of coins with a call above the limit',
      {
        of: call(SWAP, ROUTER, 11n),
        application: { ...limited, calls: [allowedCall(ROUTER, SWAP)] },
      },
      'above_act_limit',
    ],
    [
      'of a call to a contract that the application lists as method only',
      { of: call(SWAP), application: { recipients: [TO], calls: [allowedCall(ROUTER, SWAP)] } },
      'allowed',
    ],

    // Approvals.
    [
      'that approves what the limit allows',
      {
        of: call(approving(10n), TOKEN),
        application: { ...limited, calls: [allowedCall(TOKEN, '0x095ea7b3'), allowedCall(ROUTER, SWAP)] },
      },
      'allowed',
    ],
    [
      'that approves more than the limit',
      {
        of: call(approving(11n), TOKEN),
        application: { ...limited, calls: [allowedCall(TOKEN, '0x095ea7b3')] },
      },
      'above_act_limit',
    ],
    [
      'that approves everything',
      { of: call(approving(MAX), TOKEN), application: { calls: [allowedCall(TOKEN, '0x095ea7b3')] } },
      'approval_unlimited',
    ],
    [
      'that approves nearly everything',
      { of: call(approving(2n ** 128n), TOKEN), application: { calls: [allowedCall(TOKEN, '0x095ea7b3')] } },
      'approval_unlimited',
    ],
    [
      'that approves a collectible with the id 0',
      {
        of: call(approving(0n), TOKEN),
        application: { assets: [{ ...ofToken, perAct: 0n }], calls: [allowedCall(TOKEN, '0x095ea7b3')] },
      },
      'above_act_limit',
    ],
    [
      'that approves a spender who is no contract of the application',
      {
        of: call(approving(1n, OTHER), TOKEN),
        application: { recipients: [], calls: [allowedCall(TOKEN, '0x095ea7b3')] },
      },
      'recipient_not_allowed',
    ],
    [
      'that transfers to a contract of the application without a call of it',
      {
        of: call(transferring(ROUTER, 1n), TOKEN),
        application: {
          recipients: [],
          calls: [allowedCall(TOKEN, '0xa9059cbb'), allowedCall(ROUTER, SWAP)],
        },
      },
      'recipient_not_allowed',
    ],

    // All wallets in an hour.
    ['at the brake', { of: coin(40n), brake: brakeOf(40n) }, 'allowed'],
    ['at the brake with others', { of: coin(10n), brake: brakeOf(40n), spentInHour: spent(30n) }, 'allowed'],
    ['above the brake', { of: coin(41n), brake: brakeOf(40n) }, 'brake_reached'],
    [
      'above the brake with others',
      { of: coin(10n), brake: brakeOf(40n), spentInHour: spent(31n) },
      'brake_reached',
    ],
    ['under a brake of nothing', { of: coin(1n), brake: brakeOf(0n) }, 'brake_reached'],
    ['of an asset without brake', { of: token(11n), brake: brakeOf(0n) }, 'allowed'],
    [
      'that approves more than the brake',
      {
        of: call(approving(41n), TOKEN),
        brake: { ...brakeOf(40n), token: TOKEN },
        application: { calls: [allowedCall(TOKEN, '0x095ea7b3')] },
      },
      'brake_reached',
    ],

    // Tokens of compatible APIs.
    ['of a compatible API at its limit', { of: coin(40n), compatPerDay: spent(40n) }, 'allowed'],
    ['of a compatible API above it', { of: coin(41n), compatPerDay: spent(40n) }, 'above_compat_limit'],
    [
      'of a compatible API above it with those before',
      { of: coin(5n), compatPerDay: spent(40n), spentByCompat: spent(36n) },
      'above_compat_limit',
    ],
    [
      'of a compatible API after other sends',
      { of: coin(10n), compatPerDay: spent(40n), spentThere: spent(40n) },
      'allowed',
    ],
    [
      'of a compatible API, of an asset that is not listed',
      { of: token(0n), compatPerDay: spent(10n) },
      'above_compat_limit',
    ],
    [
      'of a compatible API, where nothing is listed',
      { of: coin(1n), compatPerDay: none },
      'above_compat_limit',
    ],
    [
      'of a compatible API that spends nothing, where nothing is listed',
      {
        of: call(batch()),
        compatPerDay: none,
        application: { calls: [allowedCall(ROUTER, '0xac9650d8')] },
      },
      'above_compat_limit',
    ],
    [
      'of a compatible API that is not decoded',
      { of: call(SWAP), compatPerDay: spent(10n), application: { calls: [allowedCall(ROUTER, SWAP)] } },
      'call_undecoded',
    ],
  ])('%s', (_, wish, expected) => {
    expect(outcome(wish)).toBe(expected);
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
