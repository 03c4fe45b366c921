import { NO_RULES, readRules, rulesInWords } from './rules';

const TOKEN = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48';
const MASTER = `0:${'cd'.repeat(32)}`;
const asset = { chain: 'eip155:1', token: TOKEN, walletPerDay: '5', allPerHour: '9' };
const bot = { environment: 'production', id: '77', username: 'consent_bot' };
const read = (rules: unknown) => readRules(JSON.stringify(rules));

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
        { ...asset, chain: 'tvm:-239', token: MASTER },
      ],
      domains: ['game.example.com', 'localhost:3000'],
      calls: [`eip155:1/${TOKEN}/0x12345678`, `eip155:1/${TOKEN}/Mail`],
      ...{ undecoded: 'sign', exportsPerHour: 0, destructionsPerHour: 7 },
    });

    expect(rules.assets.map(({ chain, token }) => [chain, token])).toEqual([
      ['eip155:1', TOKEN],
      ['eip155:1', null],
      ['eip155:1', '*'],
      ['ton:-239', MASTER],
    ]);
    expect(rules).toMatchObject({
      calls: [{ chain: 'eip155:1', contract: TOKEN, method: '0x12345678' }, { method: 'Mail' }],
      ...{ undecoded: 'sign', exportsPerHour: 0, destructionsPerHour: 7 },
    });
    expect(rulesInWords(rules)).toEqual(
      expect.arrayContaining([
        `The token ${TOKEN} of eip155:1: without consent 5 of a wallet in 24 hours, 9 of all in an hour; with it 0 of a wallet in 24 hours, 0 of all in an hour.`,
        'Everything that custody cannot decode is signed, and no amount limits it: who takes over the API can take all wallets.',
        'In an hour the words of 0 wallets are shown, 24 hours after the consent, and 7 wallets destroyed.',
      ]),
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
    ['a token twice', JSON.stringify({ assets: [asset, asset] }), /twice/],
  ])('are refused with %s', (_, text, problem) => {
    expect(() => readRules(text)).toThrow(problem);
  });
});
