import type { TonSendIntent } from '../intents/send-intent';
import { decideSend, strangersOf, type SharedSums } from './decide-send';
import type { ApplicationSendLimits, AssetLimit, SendLimits } from './send-limits';
import { assetKey, DAY_MS, spendingOf, totalsOf, type Totals } from './spending';

const CHAIN = 'ton:-239';
const raw = (byte: string): string => `0:${byte.repeat(32)}`;
const [WALLET, FRIEND, MASTER, OWN_JETTONS, ITEM] = [raw('ab'), raw('cd'), raw('ef'), raw('34'), raw('12')];
const ATTACHED = 50n;
const NOW = new Date('2026-11-26T09:00:00Z');

const spending = (intent: TonSendIntent, to: string | null) =>
  spendingOf(intent, { chain: CHAIN, address: WALLET }, to === null ? null : { to, amount: ATTACHED });
const JETTONS = spending(
  { kind: 'jetton', master: MASTER, to: FRIEND, amount: 7n, comment: null },
  OWN_JETTONS,
);
const COLLECTIBLE = spending({ kind: 'collectible', item: ITEM, to: FRIEND }, ITEM);
const COINS = spending({ kind: 'coin', to: OWN_JETTONS, amount: ATTACHED, comment: null }, null);

const open: SendLimits = { chains: null, assets: null, recipients: null, firstSendDelayMs: 0 };
const none: Totals = new Map();
const asset = (token: string | null, more: Partial<AssetLimit> = {}): AssetLimit => ({
  ...{ chain: CHAIN, token, perAct: null, perDay: null, launchAbove: null, ...more },
});
const coinSum = (amount: bigint): Totals => new Map([[assetKey(CHAIN, null), amount]]);

interface Wish {
  readonly application?: Partial<ApplicationSendLimits>;
  readonly person?: Partial<SendLimits>;
  readonly spentInDay?: Totals;
  readonly shared?: Partial<SharedSums>;
  /** Beside the friend. */
  readonly known?: readonly string[];
}

function outcome(of: typeof JETTONS, { application, person, spentInDay = none, shared, known = [] }: Wish) {
  const decision = decideSend({
    spending: of,
    application: { limits: { ...open, calls: [], tokens: [], ...application }, spentInDay },
    person: person ? { limits: { ...open, ...person }, spentInDay } : null,
    shared: { brake: { limits: [], spentInHour: none }, compat: null, ...shared },
    own: { brake: none, compat: none },
    knownSince: new Map([FRIEND, ...known].map((address) => [address, new Date(0)])),
    hasLaunch: false,
    now: NOW,
  });
  return decision.outcome === 'refused' ? decision.code.replace('send.', '') : decision.outcome;
}

const brakeOf = (perHour: bigint): Partial<SharedSums> => ({
  brake: { limits: [{ chain: CHAIN, token: null, perHour }], spentInHour: none },
});
const compatOf = (...perDay: readonly [string | null, bigint][]): Partial<SharedSums> => ({
  compat: {
    perDay: new Map(perDay.map(([token, amount]) => [assetKey(CHAIN, token), amount])),
    spentInDay: none,
  },
});
const delay = { firstSendDelayMs: DAY_MS };

describe('coins that go along on TON', () => {
  it.each([
    ['jettons', JETTONS, MASTER, 7n],
    ['a collectible', COLLECTIBLE, ITEM, 1n],
  ])('with %s are coins that are spent', (_, of, token, amount) => {
    expect(totalsOf(of)).toEqual(
      new Map([
        [assetKey(CHAIN, token), amount],
        [assetKey(CHAIN, null), ATTACHED],
      ]),
    );
  });

  describe.each([
    ['jettons', JETTONS, MASTER, OWN_JETTONS],
    ['a collectible', COLLECTIBLE, ITEM, ITEM],
  ])('with %s', (_, of, token, contract) => {
    const withAssets = (...assets: readonly AssetLimit[]): Wish => ({ application: { assets } });
    const listings: readonly [string, Partial<ApplicationSendLimits>][] = [
      ['the chain', { tokens: [token] }],
      ['the application', { assets: [asset(token)] }],
    ];

    it.each<readonly [string, Wish, string]>([
      // Sums: as coins that are sent openly.
      ['at the limit of one send', withAssets(asset(null, { perAct: ATTACHED }), asset(token)), 'allowed'],
      ['above it', withAssets(asset(null, { perAct: ATTACHED - 1n }), asset(token)), 'above_act_limit'],
      [
        'at the limit of a day',
        { ...withAssets(asset(null, { perDay: 80n }), asset(token)), spentInDay: coinSum(30n) },
        'allowed',
      ],
      [
        'above it',
        { ...withAssets(asset(null, { perDay: 80n }), asset(token)), spentInDay: coinSum(31n) },
        'above_day_limit',
      ],
      [
        'above a limit of the person',
        { person: { assets: [asset(null, { perAct: ATTACHED - 1n }), asset(token)] } },
        'above_act_limit',
      ],
      [
        'above what needs no launch',
        withAssets(asset(null, { launchAbove: ATTACHED - 1n }), asset(token)),
        'waits-for-launch',
      ],
      ['above the brake', { shared: brakeOf(ATTACHED - 1n) }, 'brake_reached'],
      ['above the share of a wallet in it', { shared: brakeOf(ATTACHED * 3n) }, 'above_share'],
      ['within it', { shared: brakeOf(ATTACHED * 4n) }, 'allowed'],
      [
        'above what tokens of other APIs may send',
        { shared: compatOf([token, 1_000n], [null, ATTACHED - 1n]) },
        'above_compat_limit',
      ],
      // The coin itself needs no entry.
      ['of a token in a list without the coin', withAssets(asset(token)), 'allowed'],
      ['of a token that is not in the list', withAssets(asset(null)), 'asset_not_allowed'],
      [
        'of a token that the person lists without the coin',
        { person: { assets: [asset(token)] } },
        'allowed',
      ],
      [
        'of a token that other APIs may send without the coin',
        { shared: compatOf([token, 1_000n]) },
        'allowed',
      ],
      ['of a token that other APIs may not send', { shared: compatOf([null, 1_000n]) }, 'above_compat_limit'],
      // The contract that is not listed is a recipient.
      ['to a new contract', { application: delay }, 'waits-until'],
      ['to a new contract, as the person wants', { person: delay }, 'waits-until'],
      ['to a contract that is known', { application: delay, known: [contract] }, 'allowed'],
      [
        'beside recipients of the application',
        { application: { recipients: [FRIEND] } },
        'recipient_not_allowed',
      ],
      ['beside recipients of the person', { person: { recipients: [FRIEND] } }, 'recipient_not_allowed'],
      ['to a recipient of the person', { person: { recipients: [FRIEND, contract] } }, 'allowed'],
      [
        'of a token that the person lists alone',
        { application: delay, person: { assets: [asset(token)] } },
        'waits-until',
      ],
      ['beside another listed token', { application: { ...delay, tokens: [FRIEND] } }, 'waits-until'],
    ])('are decided %s', (_title, wish, expected) => {
      expect(outcome(of, wish)).toBe(expected);
    });

    it.each(listings)('go to no new recipient where %s lists the token', (_where, listing) => {
      const application = { ...delay, ...listing };

      expect(outcome(of, { application })).toBe('allowed');
      expect(outcome(of, { application, person: { recipients: [FRIEND], ...delay } })).toBe('allowed');
      expect(outcome(of, { application: { ...application, recipients: [FRIEND] } })).toBe('allowed');
      expect(strangersOf(of, { ...open, calls: [], tokens: [], ...application })).toEqual([FRIEND]);
    });

    it('are as bound as the same coins sent openly', () => {
      const wishes: readonly Wish[] = [
        { application: delay },
        { person: { recipients: [FRIEND] } },
        { shared: brakeOf(1n) },
        { application: { ...delay, recipients: [FRIEND] }, shared: brakeOf(1n) },
      ];

      expect(wishes.map((wish) => outcome(of, wish))).toEqual(wishes.map((wish) => outcome(COINS, wish)));
      expect(wishes.map((wish) => outcome(of, wish))).not.toContain('allowed');
    });
  });
});
