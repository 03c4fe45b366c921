import * as fc from 'fast-check';
import { encodeFunctionData, erc20Abi, parseAbi, type Hex } from 'viem';
import { tries } from '@countersign/text/testing';
import type { SendIntent } from '../intents/send-intent';
import { decideSend, type SendDecision, type SharedSums } from './decide-send';
import { areWider, type ApplicationSendLimits, type AssetLimit, type SendLimits } from './send-limits';
import { assetKey, DAY_MS, spendingOf, type AttachedCoins, type Spending, type Totals } from './spending';

const CHAIN = 'eip155:1';
const WALLET = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const TO = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const OTHER = '0x90f79bf6eb2c4f870365e785982e1f101e93b906';
const TOKEN = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48';
const ROUTER = '0x7a250d5630b4cf539739df2c5dacb4c659f2488d';
const MAX = 2n ** 256n - 1n;
const NOW = new Date('2026-11-26T09:00:00Z');
const ago = (ms: number): Date => new Date(NOW.getTime() - ms);

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

const ofCoin: AssetLimit = { chain: CHAIN, token: null, perAct: 10n, perDay: 15n, launchAbove: null };
const ofToken: AssetLimit = { ...ofCoin, token: TOKEN };
const open: SendLimits = { chains: null, assets: null, recipients: null, firstSendDelayMs: 0 };
const allowedCall = (contract: string, method: string) => ({ chain: CHAIN, contract, method });
const spent = (amount: bigint, of: string | null = null): Totals => new Map([[assetKey(CHAIN, of), amount]]);
const none: Totals = new Map();

/** What an application without limits decides about a send to an address that is known since long. */
interface Wish {
  readonly of: Spending;
  readonly application?: Partial<ApplicationSendLimits>;
  readonly spentThere?: Totals;
  readonly person?: Partial<SendLimits>;
  readonly spentByPerson?: Totals;
  readonly brake?: SharedSums['brake'];
  readonly compat?: SharedSums['compat'];
  readonly ownBrake?: Totals;
  readonly ownCompat?: Totals;
  readonly knownSince?: Date | null;
  readonly hasLaunch?: boolean;
}
function decide(wish: Wish): SendDecision {
  const { knownSince = new Date(0), person } = wish;
  return decideSend({
    spending: wish.of,
    application: {
      limits: { ...open, calls: [], tokens: [], ...wish.application },
      spentInDay: wish.spentThere ?? none,
    },
    person: person ? { limits: { ...open, ...person }, spentInDay: wish.spentByPerson ?? none } : null,
    shared: { brake: wish.brake ?? { limits: [], spentInHour: none }, compat: wish.compat ?? null },
    own: { brake: wish.ownBrake ?? none, compat: wish.ownCompat ?? none },
    knownSince: new Map(knownSince ? [[TO, knownSince]] : []),
    hasLaunch: wish.hasLaunch ?? false,
    now: NOW,
  });
}

/** The code without `send.`, or the outcome. */
function outcome(wish: Wish): string {
  const decision = decide(wish);
  if (decision.outcome === 'waits-until') return `waits until ${decision.at.toISOString()}`;
  return decision.outcome === 'refused' ? decision.code.replace('send.', '') : decision.outcome;
}

const limited = { assets: [ofCoin, ofToken] };
const brakeOf = (perHour: bigint, spentInHour = none): SharedSums['brake'] => ({
  limits: [{ chain: CHAIN, token: null, perHour }],
  spentInHour,
});

const compatOf = (perDay: bigint, spentInDay = none): SharedSums['compat'] => ({
  perDay: spent(perDay),
  spentInDay,
});

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
    ['on no chain', { of: coin(1n), person: { chains: [] } }, 'chain_not_allowed'],

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
    [
      'with two limits of an asset',
      { of: coin(10n), application: { assets: [ofCoin, { ...ofCoin, perAct: 9n }] } },
      'above_act_limit',
    ],

    // The person and the application.
    [
      'within a wider limit of the person',
      { of: coin(11n), application: limited, person: {} },
      'above_act_limit',
    ],
    ['above a limit of the person', { of: coin(11n), person: limited }, 'above_act_limit'],
    [
      'above a limit of the person in all applications',
      { of: coin(10n), application: limited, person: limited, spentByPerson: spent(6n) },
      'above_day_limit',
    ],
    [
      'that only the person lists',
      { of: token(1n), application: { assets: [ofCoin] }, person: limited },
      'asset_not_allowed',
    ],

    // Recipients.
    ['to an allowed recipient', { of: coin(1n), application: { recipients: [TO] } }, 'allowed'],
    ['to another recipient', { of: coin(1n), application: { recipients: [OTHER] } }, 'recipient_not_allowed'],
    [
      'of a token to another recipient',
      { of: token(1n), application: { recipients: [TOKEN] } },
      'recipient_not_allowed',
    ],
    ['to none of the person', { of: coin(1n), person: { recipients: [] } }, 'recipient_not_allowed'],
    [
      'that both allow',
      { of: coin(1n), application: { recipients: [TO] }, person: { recipients: [OTHER, TO] } },
      'allowed',
    ],

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
      'of a call that a policy of the person cannot read',
      { of: call(SWAP), application: { calls: [allowedCall(ROUTER, SWAP)] }, person: limited },
      'call_undecoded',
    ],
    [
      'of a call to a contract that the person does not list',
      { of: call(SWAP), application: { calls: [allowedCall(ROUTER, SWAP)] }, person: { recipients: [TO] } },
      'recipient_not_allowed',
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

    // The brake.
    ['at the brake with others', { of: coin(10n), brake: brakeOf(40n, spent(30n)) }, 'allowed'],
    ['above the brake', { of: coin(41n), brake: brakeOf(40n) }, 'brake_reached'],
    ['above the brake with others', { of: coin(10n), brake: brakeOf(40n, spent(31n)) }, 'brake_reached'],
    // A quarter of it for one wallet.
    ['at the share of a wallet', { of: coin(10n), brake: brakeOf(40n) }, 'allowed'],
    ['above the share of a wallet', { of: coin(11n), brake: brakeOf(40n) }, 'above_share'],
    [
      'at the share with those before',
      { of: coin(4n), brake: brakeOf(40n, spent(6n)), ownBrake: spent(6n) },
      'allowed',
    ],
    [
      'above the share with those before',
      { of: coin(5n), brake: brakeOf(40n, spent(6n)), ownBrake: spent(6n) },
      'above_share',
    ],
    ['at a share that is rounded up', { of: coin(1n), brake: brakeOf(1n) }, 'allowed'],
    ['above a share that is rounded up', { of: coin(2n), brake: brakeOf(3n) }, 'above_share'],
    ['under a brake of nothing', { of: coin(1n), brake: brakeOf(0n) }, 'brake_reached'],
    [
      'that approves more than the share',
      {
        of: call(approving(11n), TOKEN),
        brake: { limits: [{ chain: CHAIN, token: TOKEN, perHour: 40n }], spentInHour: none },
        application: { calls: [allowedCall(TOKEN, '0x095ea7b3'), allowedCall(ROUTER, SWAP)] },
      },
      'above_share',
    ],
    // Tokens of compatible APIs.
    ['of a compatible API at its share', { of: coin(10n), compat: compatOf(40n) }, 'allowed'],
    ['of a compatible API above it', { of: coin(11n), compat: compatOf(40n) }, 'above_compat_limit'],
    [
      'of a compatible API above it with those before',
      { of: coin(5n), compat: compatOf(40n, spent(6n)), ownCompat: spent(6n) },
      'above_compat_limit',
    ],
    [
      'of a compatible API after other sends of the wallet',
      { of: coin(10n), compat: compatOf(40n), ownBrake: spent(40n) },
      'allowed',
    ],
    [
      'of a compatible API above it with others',
      { of: coin(5n), compat: compatOf(40n, spent(36n)) },
      'above_compat_limit',
    ],
    [
      'of a compatible API, of an asset that is not listed',
      { of: token(0n), compat: compatOf(10n) },
      'above_compat_limit',
    ],
    [
      'of a compatible API, where nothing is listed',
      { of: coin(1n), compat: { perDay: none, spentInDay: none } },
      'above_compat_limit',
    ],
    [
      'of a compatible API that spends nothing, where nothing is listed',
      {
        of: call(batch()),
        compat: { perDay: none, spentInDay: none },
        application: { calls: [allowedCall(ROUTER, '0xac9650d8')] },
      },
      'above_compat_limit',
    ],
    [
      'of a compatible API that is not decoded',
      { of: call(SWAP), compat: compatOf(10n), application: { calls: [allowedCall(ROUTER, SWAP)] } },
      'call_undecoded',
    ],
    ['of an asset without brake', { of: token(11n), brake: brakeOf(0n, spent(6n)) }, 'allowed'],

    // Launches.
    [
      'at what needs no launch',
      { of: coin(5n), application: { assets: [{ ...ofCoin, launchAbove: 5n }] } },
      'allowed',
    ],
    [
      'above what needs no launch',
      { of: coin(6n), application: { assets: [{ ...ofCoin, launchAbove: 5n }] } },
      'waits-for-launch',
    ],
    [
      'above what the person wants to launch for',
      { of: coin(6n), application: limited, person: { assets: [{ ...ofCoin, launchAbove: 5n }] } },
      'waits-for-launch',
    ],
    [
      'that a launch named',
      { of: coin(6n), application: { assets: [{ ...ofCoin, launchAbove: 5n }] }, hasLaunch: true },
      'allowed',
    ],
    [
      'above a limit although a launch named it',
      { of: coin(11n), application: { assets: [{ ...ofCoin, launchAbove: 5n }] }, hasLaunch: true },
      'above_act_limit',
    ],

    // Delays.
    [
      'to a new address',
      { of: coin(1n), application: { firstSendDelayMs: DAY_MS }, knownSince: null },
      'waits until 2026-11-27T09:00:00.000Z',
    ],
    [
      'of a token to a new address',
      { of: token(1n), application: { firstSendDelayMs: DAY_MS }, knownSince: null },
      'waits until 2026-11-27T09:00:00.000Z',
    ],
    [
      'to an address that is known for less than a day',
      { of: coin(1n), application: { firstSendDelayMs: DAY_MS }, knownSince: ago(DAY_MS - 1) },
      'waits until 2026-11-26T09:00:00.001Z',
    ],
    [
      'to an address that is known for a day',
      { of: coin(1n), application: { firstSendDelayMs: DAY_MS }, knownSince: ago(DAY_MS) },
      'allowed',
    ],
    [
      'with the longer delay of the person',
      {
        of: coin(1n),
        application: { firstSendDelayMs: 1 },
        person: { firstSendDelayMs: DAY_MS },
        knownSince: null,
      },
      'waits until 2026-11-27T09:00:00.000Z',
    ],
    [
      'with the longer delay of the application',
      {
        of: coin(1n),
        application: { firstSendDelayMs: DAY_MS },
        person: { firstSendDelayMs: 1 },
        knownSince: null,
      },
      'waits until 2026-11-27T09:00:00.000Z',
    ],
    [
      'in a batch with one new address',
      {
        of: call(batch(transferring(TO, 1n), transferring(OTHER, 1n)), TOKEN),
        application: { firstSendDelayMs: DAY_MS, calls: [allowedCall(TOKEN, '0xac9650d8')] },
      },
      'waits until 2026-11-27T09:00:00.000Z',
    ],
    [
      'of a call of an allowed contract',
      {
        of: call(SWAP, ROUTER, 1n),
        application: { firstSendDelayMs: DAY_MS, calls: [allowedCall(ROUTER, SWAP)] },
      },
      'allowed',
    ],
    [
      'that approves a new spender',
      {
        of: call(approving(1n, OTHER), TOKEN),
        application: { firstSendDelayMs: DAY_MS, calls: [allowedCall(TOKEN, '0x095ea7b3')] },
      },
      'waits until 2026-11-27T09:00:00.000Z',
    ],

    // Several of them.
    [
      'that is refused waits for nothing',
      {
        of: coin(11n),
        application: { assets: [{ ...ofCoin, launchAbove: 5n }], firstSendDelayMs: DAY_MS },
        knownSince: null,
      },
      'above_act_limit',
    ],
    [
      'that needs a launch and a delay',
      {
        of: coin(6n),
        application: { assets: [{ ...ofCoin, launchAbove: 5n }], firstSendDelayMs: DAY_MS },
        knownSince: null,
      },
      'waits-for-launch',
    ],
    [
      'that was launched and needs a delay',
      {
        of: coin(6n),
        application: { assets: [{ ...ofCoin, launchAbove: 5n }], firstSendDelayMs: DAY_MS },
        knownSince: null,
        hasLaunch: true,
      },
      'waits until 2026-11-27T09:00:00.000Z',
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
    expect(outcome({ of: coins, application: { firstSendDelayMs: 1 } })).toMatch('waits until');
  });
});

describe('limits of two', () => {
  const rank = ['allowed', 'waits-until', 'waits-for-launch', 'refused'];
  const anAmount = fc.bigInt({ min: 0n, max: 20n });
  const anAsset: fc.Arbitrary<AssetLimit> = fc.record({
    chain: fc.constantFrom(CHAIN, 'eip155:10'),
    token: fc.constantFrom(null, TOKEN),
    perAct: fc.option(anAmount),
    perDay: fc.option(anAmount),
    launchAbove: fc.option(anAmount),
  });
  const someLimits: fc.Arbitrary<SendLimits> = fc.record({
    chains: fc.option(fc.subarray([CHAIN, 'eip155:10'])),
    assets: fc.option(
      fc.uniqueArray(anAsset, { maxLength: 4, selector: ({ chain, token: of }) => assetKey(chain, of) }),
    ),
    recipients: fc.option(fc.subarray([TO, OTHER])),
    firstSendDelayMs: fc.constantFrom(0, DAY_MS),
  });
  const aSpending = fc.oneof(
    anAmount.map((amount) => coin(amount + 1n)),
    anAmount.map((amount) => token(amount + 1n)),
  );
  const aTotal = fc.tuple(anAmount, anAmount).map(
    ([first, second]): Totals =>
      new Map([
        [assetKey(CHAIN, null), first],
        [assetKey(CHAIN, TOKEN), second],
      ]),
  );

  it('are never wider than those of one', () => {
    fc.assert(
      fc.property(
        aSpending,
        someLimits,
        someLimits,
        aTotal,
        aTotal,
        fc.boolean(),
        (of, ours, theirs, here, there, isKnown) => {
          const knownSince = isKnown ? new Date(0) : null;
          const application = { of, application: ours, spentThere: here, knownSince };
          const both = decide({ ...application, person: theirs, spentByPerson: there }).outcome;
          const alone = decide(application).outcome;
          const person = decide({ of, person: theirs, spentByPerson: there, knownSince }).outcome;

          expect(rank.indexOf(both)).toBe(Math.max(rank.indexOf(alone), rank.indexOf(person)));
        },
      ),
      tries(500),
    );
  });

  it('that are not wider decide no milder', () => {
    fc.assert(
      fc.property(
        aSpending,
        someLimits,
        someLimits,
        aTotal,
        fc.boolean(),
        (of, before, after, there, isKnown) => {
          const wish = { of, spentByPerson: there, knownSince: isKnown ? new Date(0) : null };
          const [old, fresh] = [decide({ ...wish, person: before }), decide({ ...wish, person: after })];

          if (rank.indexOf(fresh.outcome) < rank.indexOf(old.outcome))
            expect(areWider(before, after)).toBe(true);
          expect(areWider(before, before)).toBe(false);
        },
      ),
      tries(2_000),
    );
  });

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
