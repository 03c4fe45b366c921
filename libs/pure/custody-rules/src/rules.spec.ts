import { NO_RULES, readRules, rulesInWords } from './rules';

const TOKEN = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48';
const MASTER = `0:${'cd'.repeat(32)}`;
const asset = { chain: 'eip155:1', token: TOKEN, walletPerDay: '5', allPerHour: '9' };
const jetton = { kind: 'stablecoin', codeHash: 'AB'.repeat(32), codeDepth: 0 };
const onTon = { ...asset, chain: 'ton:-239', token: MASTER, jetton };
const nodes = { chain: 'eip155:1', rpcUrls: ['https://a.example/key', 'https://b.example/'] };
const bot = { environment: 'production', id: '77', username: 'consent_bot' };
const read = (rules: unknown) => readRules(JSON.stringify(rules), true);

describe('rules', () => {
  it('are those of no file where the file says nothing', () => {
    expect(read({})).toEqual(NO_RULES);
  });

  it('are read, with addresses in their stored form', () => {
    const rules = read({
      assets: [
        asset,
        { ...asset, token: null },
        { ...asset, token: '*' },
        { ...asset, chain: 'tvm:-239', token: MASTER, name: 'TEA', decimals: 9, jetton },
        { ...asset, token: '*', kind: 'collectible' },
      ],
      networks: { 'eip155:1': 'Ethereum' },
      domains: ['game.example.com', 'localhost:3000'],
      calls: [`eip155:1/${TOKEN}/0x12345678`, `eip155:1/${TOKEN}/Mail`],
      ...{ undecoded: 'sign', exportsPerHour: 0, destructionsPerHour: 7 },
    });

    expect(rules.assets.map(({ chain, token }) => [chain, token])).toEqual([
      ['eip155:1', TOKEN],
      ['eip155:1', null],
      ['eip155:1', '*'],
      ['ton:-239', MASTER],
      ['eip155:1', '*'],
    ]);
    expect(rules.assets.map(({ kind }) => kind)).toEqual(['token', 'coin', 'token', 'token', 'collectible']);
    expect(rules.assets[1]).toMatchObject({ name: null, decimals: 18, jetton: null });
    expect(rules.assets[3]).toMatchObject({
      ...{ name: 'TEA', decimals: 9 },
      jetton: { ...jetton, codeHash: 'ab'.repeat(32), merkleRoot: 0n },
    });
    expect(rules.networks).toEqual({ 'eip155:1': 'Ethereum' });
    expect(rules).toMatchObject({
      calls: [{ chain: 'eip155:1', contract: TOKEN, method: '0x12345678' }, { method: 'Mail' }],
      ...{ undecoded: 'sign', exportsPerHour: 0, destructionsPerHour: 7 },
    });
    expect(rulesInWords(rules)).toEqual(
      expect.arrayContaining([
        `The token ${TOKEN} of eip155:1: without consent 5 of a wallet in 24 hours, 9 of all in an hour, 5 of a wallet and 9 of all that can still move; with it 0 of a wallet in 24 hours, 0 of all in an hour, 0 of a wallet and 0 of all that can still move.`,
        'Nodes name the nonces of no EVM chain. On other EVM chains nothing is signed that moves a coin or token.',
        'Everything that custody cannot decode is signed, and no amount limits it: who takes over the API can take all wallets.',
        'In an hour the words of 0 wallets are shown, 24 hours after the consent, and 7 wallets destroyed.',
      ]),
    );
  });

  it('name the nodes of chains, and what can still move, which is what the amounts say where it is absent', () => {
    const outstanding = { wallet: '2', all: '3' };
    const rules = read({
      chains: [nodes],
      assets: [{ ...asset, outstanding, withConsent: { walletPerDay: '6', allPerHour: '7' } }],
    });

    expect(rules.chains).toEqual([nodes]);
    expect(rules.assets).toMatchObject([
      { outstanding: { wallet: 2n, all: 3n }, withConsent: { outstanding: { wallet: 6n, all: 7n } } },
    ]);
    expect(rulesInWords(rules)).toContain(
      'Nodes name the nonces of eip155:1 (a.example and b.example). On other EVM chains nothing is signed that moves a coin or token.',
    );
  });

  it.each<readonly [string, string, RegExp]>([
    ['no JSON', '{', /the file is no JSON object/],
    ['a list', '[]', /the file is no JSON object/],
    ['an unknown member', '{"asset":[]}', /not known: asset$/],
    ['a member that is no list', '{"domains":"a"}', /domains is no list/],
    ['a domain with a scheme', '{"domains":["https://a"]}', /domains\[0\]/],
    ['a call of no contract', '{"calls":["eip155:1/0x/a"]}', /calls\[0\]/],
    ['another word', '{"undecoded":true}', /undecoded is neither/],
    ['all that is not decoded', '{"undecoded":"sign"}', /needs --development/],
    ['a number of exports below 0', '{"exportsPerHour":-1}', /exportsPerHour/],
    [
      'an asset of no chain',
      JSON.stringify({ assets: [{ ...asset, chain: 'ethereum' }] }),
      /assets\[0\]\.chain/,
    ],
    [
      'a token of another chain',
      JSON.stringify({ assets: [{ ...asset, token: MASTER }] }),
      /assets\[0\]\.token/,
    ],
    [
      'a number as amount',
      JSON.stringify({ assets: [{ ...asset, walletPerDay: 5 }] }),
      /walletPerDay and allPerHour/,
    ],
    [
      'an amount that is absent',
      JSON.stringify({ assets: [{ ...asset, allPerHour: undefined }] }),
      /allPerHour/,
    ],
    [
      'an unknown member of an asset',
      JSON.stringify({ assets: [{ ...asset, perAct: '1' }] }),
      /not known: perAct/,
    ],
    [
      'a bot without a name',
      JSON.stringify({ consentBots: [{ environment: 'test', id: '1' }] }),
      /consentBots\[0\]/,
    ],
    ['two bots of an environment', JSON.stringify({ consentBots: [bot, bot] }), /two bots/],
    [
      'one host of a chain twice',
      JSON.stringify({ chains: [{ chain: 'eip155:1', rpcUrls: ['https://a/', 'https://A/key'] }] }),
      /chains\[0\] needs .* two nodes/,
    ],
    ['a chain twice', JSON.stringify({ chains: [nodes, nodes] }), /a chain twice/],
    ['nodes of TON', JSON.stringify({ chains: [{ ...nodes, chain: 'ton:-239' }] }), /chains\[0\]/],
    [
      'an outstanding amount that is none',
      JSON.stringify({ assets: [{ ...asset, outstanding: { wallet: '-1' } }] }),
      /outstanding\.wallet/,
    ],
    ['a token twice', JSON.stringify({ assets: [asset, asset] }), /twice/],
    [
      'a token that is a collection too',
      JSON.stringify({ assets: [asset, { ...asset, kind: 'collectible' }] }),
      /twice/,
    ],
    ['another kind', JSON.stringify({ assets: [{ ...asset, kind: 'nft' }] }), /kind is neither/],
    [
      'a coin that is a token',
      JSON.stringify({ assets: [{ ...asset, token: null, kind: 'token' }] }),
      /kind is/,
    ],
    [
      'decimals of a coin',
      JSON.stringify({ assets: [{ ...asset, token: null, decimals: 6 }] }),
      /decimals is no/,
    ],
    ['too many decimals', JSON.stringify({ assets: [{ ...asset, decimals: 37 }] }), /decimals is no/],
    ['a name that hides', JSON.stringify({ assets: [{ ...asset, name: 'US\u202eDT' }] }), /name is no/],
    ['a network without a name', '{"networks":{"eip155:1":""}}', /networks\.eip155:1/],
    [
      'a jetton of unknown code',
      JSON.stringify({ assets: [{ ...onTon, jetton: undefined }] }),
      /of a jetton's/,
    ],
    [
      'a jetton of an unknown kind',
      JSON.stringify({ assets: [{ ...onTon, jetton: { ...jetton, kind: 'tact' } }] }),
      /of a jetton's/,
    ],
    ['any jetton', JSON.stringify({ assets: [{ ...onTon, token: '*' }] }), /entry of its own/],
    ['the code of a token of EVM', JSON.stringify({ assets: [{ ...asset, jetton }] }), /of jettons alone/],
  ])('are refused with %s', (_, text, problem) => {
    expect(() => readRules(text)).toThrow(problem);
  });
});
