import type { TonSendIntent } from '../intents/send-intent';
import { decideSend } from './decide-send';
import { limitedSumsOf, partOf, refusedBySums } from './limited-sums';
import type { ApplicationSendLimits, AssetLimit, BrakeLimit } from './send-limits';
import { assetKey, spendingOf, totalsOf, type Totals } from './spending';

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

const asset = (token: string | null, more: Partial<AssetLimit> = {}): AssetLimit => ({
  ...{ chain: CHAIN, token, perAct: null, perDay: null, ...more },
});

interface Wish {
  readonly application?: Partial<ApplicationSendLimits>;
  /** Of coins. */
  readonly spentInDay?: bigint;
  readonly brake?: readonly BrakeLimit[];
  readonly compatPerDay?: Totals;
}

function outcome(of: typeof JETTONS, { application, spentInDay = 0n, brake, compatPerDay }: Wish) {
  const facts = {
    spending: of,
    limits: { chains: null, assets: null, recipients: null, calls: [], tokens: [], ...application },
    brake: brake ?? [],
    compatPerDay: compatPerDay ?? null,
  };
  const bySums = refusedBySums(
    limitedSumsOf(facts),
    (sum) => [{ startsAt: partOf(sum, NOW), amount: sum.code === 'send.above_day_limit' ? spentInDay : 0n }],
    NOW,
  );
  const code = decideSend(facts) ?? bySums?.code;
  return code?.replace('send.', '') ?? 'allowed';
}

const brakeOf = (perHour: bigint): Wish => ({ brake: [{ chain: CHAIN, token: null, perHour }] });
const compatOf = (...perDay: readonly [string | null, bigint][]): Wish => ({
  compatPerDay: new Map(perDay.map(([token, amount]) => [assetKey(CHAIN, token), amount])),
});

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
    const ofDay = withAssets(asset(null, { perDay: 80n }), asset(token));
    const listings: readonly [string, Partial<ApplicationSendLimits>][] = [
      ['the chain', { tokens: [token] }],
      ['the application', { assets: [asset(token)] }],
    ];

    it.each<readonly [string, Wish, string]>([
      // Sums: as coins that are sent openly.
      ['at the limit of one send', withAssets(asset(null, { perAct: ATTACHED }), asset(token)), 'allowed'],
      ['above it', withAssets(asset(null, { perAct: ATTACHED - 1n }), asset(token)), 'above_act_limit'],
      ['at the limit of a day', { ...ofDay, spentInDay: 30n }, 'allowed'],
      ['above it', { ...ofDay, spentInDay: 31n }, 'above_day_limit'],
      ['above the brake', brakeOf(ATTACHED - 1n), 'brake_reached'],
      ['within it', brakeOf(ATTACHED), 'allowed'],
      [
        'above what other APIs may send',
        compatOf([token, 1_000n], [null, ATTACHED - 1n]),
        'above_compat_limit',
      ],
      // The coin itself needs no entry.
      ['of a token in a list without the coin', withAssets(asset(token)), 'allowed'],
      ['of a token that is not in the list', withAssets(asset(null)), 'asset_not_allowed'],
      ['of a token that other APIs may send without the coin', compatOf([token, 1_000n]), 'allowed'],
      ['of a token that other APIs may not send', compatOf([null, 1_000n]), 'above_compat_limit'],
      // The contract that is not listed is a recipient.
      ['beside recipients', { application: { recipients: [FRIEND] } }, 'recipient_not_allowed'],
    ])('are decided %s', (_title, wish, expected) => {
      expect(outcome(of, wish)).toBe(expected);
    });

    it.each(listings)('go to no recipient of their own where %s lists the token', (_where, listing) => {
      expect(outcome(of, { application: { ...listing, recipients: [FRIEND] } })).toBe('allowed');
      expect(outcome(of, { application: { tokens: [FRIEND], recipients: [FRIEND] } })).toBe(
        'recipient_not_allowed',
      );
      expect(outcome(of, { application: { recipients: [FRIEND, contract] } })).toBe('allowed');
    });

    it('are as bound as the same coins sent openly', () => {
      const wishes: readonly Wish[] = [
        { application: { recipients: [FRIEND] } },
        brakeOf(1n),
        { application: { assets: [asset(null, { perAct: 1n }), asset(token)] } },
      ];

      expect(wishes.map((wish) => outcome(of, wish))).toEqual(wishes.map((wish) => outcome(COINS, wish)));
      expect(wishes.map((wish) => outcome(of, wish))).not.toContain('allowed');
    });
  });
});
