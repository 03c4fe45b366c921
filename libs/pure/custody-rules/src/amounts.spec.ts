import type { DecodedAct, Spend } from '@countersign/wallet-acts';
import type { Refused } from '@countersign/custody-protocol';
import { addedOf, assertOutstanding, limitedSumsOf, ruledAmountsOf, type Outstanding } from './amounts';
import type { AssetRule } from './asset-rule';

const CHAIN = 'ton:-239';
const [TOKEN, OTHER, ANOTHER] = ['0:aa', '0:bb', '0:cc'];
const spend: Spend = {
  ...{ kind: 'transfer', token: null, tokenId: null, amount: 5n, isAmountOrTokenId: false },
  isCollectible: false,
  ...{ owner: 'own', to: 'to', deadline: null },
};
const nothing = { walletPerDay: 0n, allPerHour: 0n, outstanding: { wallet: 0n, all: 0n } };
const rule = (token: string | null, walletPerDay = 8n): AssetRule => ({
  ...{ chain: CHAIN, token, kind: token === null ? 'coin' : 'token' },
  ...{ name: null, decimals: null, jetton: null, walletPerDay, allPerHour: 20n },
  ...{ outstanding: { wallet: 10n, all: 30n }, withConsent: nothing },
});
const ofItems = (token: string): AssetRule => ({ ...rule(token), kind: 'collectible' });
const added = (
  assets: readonly AssetRule[],
  spends: readonly Spend[],
  outstanding: readonly Partial<Outstanding>[] = [],
) => {
  const act = { chain: CHAIN, spends, maxFee: null } as unknown as DecodedAct;
  const none = { name: `${CHAIN}/coin`, ofNonce: 0n, ofWallet: 0n, ofPerson: 0n, ofAll: 0n };
  return addedOf(
    ruledAmountsOf({ assets }, act, false),
    outstanding.map((one) => ({ ...none, ...one })),
  );
};
const codeOf = <T>(work: () => T): T | string => {
  try {
    return work();
  } catch (error) {
    return (error as Refused).code;
  }
};
const sums = (...of: Parameters<typeof added>) =>
  codeOf(() =>
    limitedSumsOf({ walletId: 'wallet', person: 'person' }, added(...of)).map(
      ({ code, id, amount, limit }) => [code, id, amount, limit],
    ),
  );

const whole = (assets: readonly AssetRule[], spends: readonly Spend[], maxFee: bigint | null = null) => {
  const act = { chain: CHAIN, spends, maxFee };
  try {
    return [...ruledAmountsOf({ assets }, act, false)].map(([name, { amount }]) => [name, amount]);
  } catch (error) {
    return (error as Refused).code;
  }
};

describe('what a signature takes', () => {
  it('is summed for each asset: with fees, and approvals as what they allow', () => {
    const spends: readonly Spend[] = [
      spend,
      { ...spend, kind: 'approval', token: TOKEN, amount: 7n },
      { ...spend, kind: 'permit', token: OTHER, amount: 'unlimited' },
      { ...spend, kind: 'approval', token: '0:dd', amount: 0n },
    ];

    expect(whole([rule(null), rule('*')], spends, 3n)).toEqual([
      [`${CHAIN}/coin`, 8n],
      [`${CHAIN}/*`, 7n + 2n ** 256n - 1n],
    ]);
  });

  const item: Spend = { ...spend, token: TOKEN, isCollectible: true, tokenId: 70n, amount: 1n };
  const either: Spend = { ...spend, token: TOKEN, isAmountOrTokenId: true, amount: 70n };
  it.each<readonly [string, readonly AssetRule[], readonly Spend[], unknown]>([
    ['a collectible as one', [ofItems(TOKEN)], [item, item], [[`${CHAIN}/${TOKEN}`, 2n]]],
    ['a collectible by its id as one', [ofItems(TOKEN)], [either], [[`${CHAIN}/${TOKEN}`, 1n]]],
    ['its id 0 as one', [ofItems(TOKEN)], [{ ...either, amount: 0n }], [[`${CHAIN}/${TOKEN}`, 1n]]],
    ['units of a token', [rule(TOKEN)], [either], [[`${CHAIN}/${TOKEN}`, 70n]]],
    ['no units of a token', [rule(TOKEN)], [{ ...either, amount: 0n }], []],
    ['a collectible of a token', [rule(TOKEN)], [item], 'asset_not_allowed'],
    ['a token of a collection', [ofItems(TOKEN)], [{ ...spend, token: TOKEN }], 'asset_not_allowed'],
    ['a collectible by the rule for tokens', [rule('*')], [item], 'asset_not_allowed'],
    ['what may be both by the rule for tokens', [rule('*')], [either], 'asset_not_allowed'],
    ['what may be both by the rule for collectibles', [ofItems('*')], [either], 'asset_not_allowed'],
    [
      'what may be both by both rules',
      [rule('*'), ofItems('*')],
      [either],
      [
        [`${CHAIN}/*`, 70n],
        [`${CHAIN}/*collectible`, 1n],
      ],
    ],
    [
      'what has a rule of another kind, where there are rules for all others',
      [rule('*'), ofItems('*'), rule(TOKEN)],
      [item],
      'asset_not_allowed',
    ],
  ])('counts as the rules say what the contract is: %s', (_, assets, spends, expected) => {
    expect(whole(assets, spends)).toEqual(expected);
  });

  it.each<readonly [string, readonly AssetRule[], readonly Spend[], unknown]>([
    ['nothing', [], [], []],
    ['a coin without a rule', [rule(TOKEN)], [spend], 'asset_not_allowed'],
    ['a coin, where there is a rule for any token', [rule('*')], [spend], 'asset_not_allowed'],
    ['a token without a rule', [rule(null)], [{ ...spend, token: TOKEN }], 'asset_not_allowed'],
    [
      'a token of another chain',
      [{ ...rule(TOKEN), chain: 'ton:-3' }],
      [{ ...spend, token: TOKEN }],
      'asset_not_allowed',
    ],
    [
      'a token beside its coins',
      [rule(null), rule(TOKEN, 1n), rule('*')],
      [{ ...spend, token: TOKEN }, spend],
      [
        ['above_day', `wallet/${CHAIN}/${TOKEN}`, 5n, 1n],
        ['above_hour', `person/person/${CHAIN}/${TOKEN}`, 5n, 10n],
        ['above_hour', `all/${CHAIN}/${TOKEN}`, 5n, 20n],
        ['above_day', `wallet/${CHAIN}/coin`, 5n, 8n],
        ['above_hour', `person/person/${CHAIN}/coin`, 5n, 10n],
        ['above_hour', `all/${CHAIN}/coin`, 5n, 20n],
      ],
    ],
    [
      'tokens of the rule for any, together',
      [rule('*'), rule(TOKEN)],
      [OTHER, ANOTHER].map((token) => ({ ...spend, token })),
      [
        ['above_day', `wallet/${CHAIN}/*`, 10n, 8n],
        ['above_hour', `person/person/${CHAIN}/*`, 10n, 10n],
        ['above_hour', `all/${CHAIN}/*`, 10n, 20n],
      ],
    ],
  ])('counts towards sums: %s', (_, assets, spends, expected) => {
    expect(sums(assets, spends)).toEqual(expected);
  });

  it('counts what an act takes beyond others with its nonce', () => {
    const amounts = (ofNonce: bigint) =>
      [sums([rule(null)], [spend], [{ ofNonce }])].flat().map((sum) => sum[2]);

    expect(amounts(0n)).toEqual([5n, 5n, 5n]);
    expect(amounts(3n)).toEqual([2n, 2n, 2n]);
    expect(amounts(5n)).toEqual([]);
    expect(amounts(9n)).toEqual([]);
    // All of it again, where an amount takes it back.
    expect(sums([rule(null, 0n)], [spend], [{ ofNonce: 9n }])).toMatchObject([
      ['above_day', 'wallet/ton:-239/coin', 5n, 0n],
      {},
      {},
    ]);
  });

  it.each<readonly [string, Partial<Outstanding>, string | undefined]>([
    ['nothing', {}, undefined],
    ['just the amount of the wallet', { ofWallet: 5n, ofAll: 5n }, undefined],
    ['more than the amount of the wallet', { ofWallet: 6n, ofAll: 6n }, 'above_outstanding'],
    ['just half the amount of all', { ofPerson: 10n }, undefined],
    ['more than half the amount of all', { ofPerson: 11n }, 'above_outstanding'],
    ['just the amount of all', { ofAll: 25n }, undefined],
    ['more than the amount of all', { ofAll: 26n }, 'above_outstanding'],
    ['too much, of which this has the nonce', { ofNonce: 5n, ofWallet: 90n, ofAll: 90n }, undefined],
  ])('is outstanding beside %s', (_, before, expected) => {
    expect(codeOf(() => assertOutstanding(added([rule(null)], [spend], [before])))).toBe(expected);
  });
});
