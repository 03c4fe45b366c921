import type { DecodedAct, Spend } from '@countersign/wallet-acts';
import type { AssetRule } from './asset-rule';
import { readRules } from './rules';
import { shownAct } from './shown-act';

const [WALLET, FRIEND, USDT, FALSE_USDT, CATS] = ['11', '22', '33', '44', '55'].map(
  (byte) => `0x${byte.repeat(20)}`,
) as [string, string, string, string, string];
const amounts = { walletPerDay: '0', allPerHour: '0' };
const { assets, networks } = readRules(
  JSON.stringify({
    networks: { 'eip155:1': 'Ethereum', 'ton:-239': 'TON' },
    assets: [
      { chain: 'eip155:1', token: null, name: 'ETH', ...amounts },
      { chain: 'eip155:1', token: USDT, name: 'USDT', decimals: 6, ...amounts },
      { chain: 'eip155:1', token: CATS, kind: 'collectible', name: 'Cats', ...amounts },
      { chain: 'eip155:1', token: '*', ...amounts },
      { chain: 'eip155:1', token: '*', kind: 'collectible', ...amounts },
      { chain: 'ton:-239', token: null, name: 'TON', ...amounts },
    ],
  }),
);
const spend: Spend = {
  ...{ kind: 'transfer', token: USDT, tokenId: null, amount: 5_000_000_000n, isAmountOrTokenId: false },
  ...{ isCollectible: false, owner: WALLET, to: FRIEND, deadline: null },
};
const coins: Spend = { ...spend, token: null, amount: 10n ** 16n };
const act: DecodedAct = {
  ...{ kind: 'transaction', chain: 'eip155:1', address: WALLET, signingKind: 'evm-transaction' },
  ...{ payload: Buffer.alloc(0), digest: Buffer.alloc(0), contract: null, method: null, timestamp: null },
  ...{ domain: null, text: null, spends: [], maxFee: 2n * 10n ** 15n, undecoded: [], summary: [] },
};
const shown = (more: Partial<DecodedAct>, rules: readonly AssetRule[] = assets) =>
  shownAct({ ...act, ...more }, { assets: rules, networks });
const titleOf = (one: Partial<Spend>) => shown({ spends: [{ ...spend, ...one }] }).moves[0]?.title;
const approval: Spend = { ...spend, kind: 'approval' };

describe('an act in words', () => {
  it('has amounts with decimals, the receiver, the network and the fee', () => {
    expect(shown({ spends: [spend] })).toEqual({
      moves: [{ title: 'Send 5,000 USDT on Ethereum', rows: [['To', FRIEND]], warning: null }],
      rows: [
        ['Network', 'Ethereum'],
        ['Network fee', 'at most 0.002 ETH'],
      ],
      warnings: ['What is sent arrives on Ethereum only, and cannot be taken back.'],
      text: null,
    });
    const passedOn = { ...coins, owner: FALSE_USDT };
    for (const one of [coins, passedOn]) {
      const { rows, moves } = shown({ spends: [one] });
      expect(rows.at(-1)).toEqual(['Total with the fee', 'at most 0.012 ETH']);
      expect(moves[0]?.rows).toEqual([['To', FRIEND]]);
    }
  });

  it.each<readonly [string, Partial<Spend>, string]>([
    ['less than a thousand', { amount: 999_999_999n }, 'Send 999.999999 USDT on Ethereum'],
    ['millions', { amount: 1_234_567_000_000n }, 'Send 1,234,567 USDT on Ethereum'],
    [
      'a token without a name',
      { token: FALSE_USDT },
      'Send 5,000,000,000 of the smallest units of an unknown token',
    ],
    [
      'a collectible',
      { token: CATS, isCollectible: true, tokenId: 7n, amount: 1n },
      'Send the collectible 7 of Cats on Ethereum',
    ],
    [
      'three of a collectible',
      { token: CATS, isCollectible: true, tokenId: 7n, amount: 3n },
      'Send 3 of the collectible 7 of Cats on Ethereum',
    ],
    [
      'a collectible by its id',
      { token: CATS, isAmountOrTokenId: true, amount: 7n },
      'Send the collectible 7 of Cats on Ethereum',
    ],
    [
      'what may be both',
      { token: FALSE_USDT, isAmountOrTokenId: true, amount: 7n },
      'Send 7 of the smallest units of an unknown token, or the collectible 7',
    ],
    [
      'everything',
      { kind: 'approval', amount: 'unlimited' },
      'Let somebody else take all your USDT on Ethereum',
    ],
    ['some', { kind: 'approval' }, 'Let somebody else take up to 5,000 USDT on Ethereum'],
    [
      'everything of a token without a name',
      { kind: 'approval', token: FALSE_USDT, amount: 'unlimited' },
      'Let somebody else take everything of an unknown token',
    ],
    [
      'all of a collection',
      { kind: 'approval', token: CATS, isCollectible: true, amount: 'unlimited' },
      'Let somebody else take all your Cats on Ethereum',
    ],
    [
      'a revocation',
      { kind: 'approval', amount: 0n, isAmountOrTokenId: true },
      'Take back the permission to take USDT',
    ],
    [
      'an approval of the collectible 0',
      { kind: 'approval', token: CATS, amount: 0n, isAmountOrTokenId: true },
      'Let somebody else take the collectible 0 of Cats on Ethereum',
    ],
  ])('says what moves: %s', (_, one, title) => {
    expect(titleOf(one)).toBe(title);
  });

  it('says what becomes permanent', () => {
    const [all] = shown({ spends: [{ ...approval, amount: 'unlimited' }] }).moves;
    expect(all).toMatchObject({
      rows: [['Who may take it', FRIEND]],
      warning: expect.stringContaining(
        'Anyone at this address may take all your USDT, now or later',
      ) as string,
    });
    const permit = (deadline: bigint | null) =>
      shown({ spends: [{ ...approval, kind: 'permit', deadline }] }).moves[0]?.rows[1];
    expect(permit(1_800_000_000n)).toEqual(['The signature can be used', 'until 2027-01-15 08:00 UTC']);
    for (const deadline of [null, 2n ** 200n])
      expect(permit(deadline)).toEqual(['The signature can be used', 'for ever']);
    const transfer = shown({ spends: [{ ...spend, deadline: 2n ** 200n }] }).moves[0];
    expect(transfer?.rows).toContainEqual(['The signature can be used', 'for ever']);
    const call = { contract: FALSE_USDT, method: '0x12345678' };
    expect(shown({ undecoded: [call] }).moves).toEqual([
      {
        title: 'Do something that custody cannot read',
        rows: [
          ['Contract', FALSE_USDT],
          ['Call', '0x12345678'],
        ],
        warning: expect.stringContaining('everything in your wallet') as string,
      },
    ]);
  });

  it('has the sum of a token that leaves in several moves', () => {
    const small = { ...spend, amount: 1n, to: WALLET };
    const { rows } = shown({ spends: [...Array<Spend>(30).fill(small), spend] });

    expect(rows).toContainEqual(['All of this together', '5,000.00003 USDT']);
    expect(shown({ spends: [spend] }).rows).toHaveLength(2);
  });

  it('warns of a contract that the rules do not name, of another network and of a fee above the amount', () => {
    const [move] = shown({ spends: [{ ...spend, token: FALSE_USDT }] }).moves;
    expect(move?.rows).toContainEqual(['Address of the unknown contract', FALSE_USDT]);
    expect(move?.warning).toContain('It is none of these: USDT, Cats.');
    expect(shown({ chain: 'eip155:137', spends: [coins] })).toMatchObject({
      moves: [{ title: 'Send 0.01 coins of eip155:137' }],
      rows: [['Network', 'eip155:137, which has no name here'], {}, {}],
    });
    const warned = 'The fee can be up to 2 times the amount that you send.';
    expect(shown({ spends: [coins] }).warnings).not.toContain(warned);
    expect(shown({ spends: [{ ...coins, amount: 10n ** 15n }] }).warnings).toContain(warned);
  });

  it('has the coins that go along on TON beside what they pay for', () => {
    const [own, other] = ['ab', 'cd'].map((byte) => `0:${byte.repeat(32)}`) as [string, string];
    const item = { ...spend, owner: own, to: other, token: other, isCollectible: true, amount: 1n };
    const along = { ...coins, owner: own, to: other, amount: 50_000_000n };
    const { moves } = shown({
      ...{ chain: 'ton:-239', address: own, signingKind: 'ton-transaction', maxFee: 10n ** 8n },
      spends: [item, along, along],
    });

    expect(moves.map(({ title }) => title)).toEqual(['Send an unknown collectible', 'Send 0.05 TON on TON']);
    expect(moves[0]?.rows).toContainEqual([
      'Sent along to pay for the transfer',
      '0.05 TON, which it may keep',
    ]);
  });

  it('quotes the text that is signed, of no network', () => {
    const signs = {
      signingKind: 'evm-message',
      maxFee: null,
      text: 'hello',
      summary: ['Sign the text.'],
    } as const;

    expect(shown(signs)).toEqual({
      ...{
        moves: [{ title: 'Sign the text.', rows: [], warning: null }],
        rows: [],
        warnings: [],
        text: 'hello',
      },
    });
  });
});
