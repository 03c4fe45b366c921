import { areWider, readPersonalLimits, type SendLimits } from './send-limits';

const TO = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const TOKEN = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48';
const RAW = `0:${'cd'.repeat(32)}`;
const asset = { chain: 'eip155:1', token: TOKEN, perAct: '10', perDay: '15', launchAbove: null };
const limits = {
  chains: ['eip155:1', 'tvm:-239'],
  assets: [asset],
  recipients: [TO, RAW],
  firstSendDelayHours: 24,
};

describe("a person's limits", () => {
  it('are read from JSON', () => {
    expect(readPersonalLimits(limits)).toEqual({
      ok: true,
      value: {
        chains: ['eip155:1', 'ton:-239'],
        assets: [{ ...asset, perAct: 10n, perDay: 15n }],
        recipients: [TO, RAW],
        firstSendDelayMs: 86_400_000,
      },
    });
    expect(
      readPersonalLimits({
        ...{ chains: null, recipients: null, firstSendDelayHours: 0 },
        assets: [{ ...asset, chain: 'ton:-239', token: null, perAct: null }],
      }),
    ).toMatchObject({
      value: { chains: null, assets: [{ token: null, perAct: null }], firstSendDelayMs: 0 },
    });
  });

  it.each<readonly [string, unknown, string | undefined]>([
    ['null', null, undefined],
    ['a missing member', { ...limits, chains: undefined }, 'chains'],
    ['no member', {}, undefined],
    ['another member', { ...limits, calls: [] }, undefined],
    ['a chain that is none', { ...limits, chains: ['ethereum'] }, 'chains'],
    ['a chain twice', { ...limits, chains: ['ton:-239', 'tvm:-239'] }, 'chains'],
    ['text as list', { ...limits, chains: 'eip155:1' }, 'chains'],
    ['a recipient with a wrong checksum', { ...limits, recipients: [TO.replace('c', 'C')] }, 'recipients'],
    ['too many recipients', { ...limits, recipients: Array.from({ length: 101 }, () => TO) }, 'recipients'],
    ['an asset twice', { ...limits, assets: [asset, { ...asset, perAct: null }] }, 'assets'],
    ['an asset without all members', { ...limits, assets: [{ ...asset, perDay: undefined }] }, 'assets'],
    ['an asset with another member', { ...limits, assets: [{ ...asset, perHour: '1' }] }, 'assets'],
    ['a number as amount', { ...limits, assets: [{ ...asset, perAct: 10 }] }, 'assets'],
    ['a negative amount', { ...limits, assets: [{ ...asset, perAct: '-1' }] }, 'assets'],
    ['a token of another chain', { ...limits, assets: [{ ...asset, token: RAW }] }, 'assets'],
    ['a delay of half an hour', { ...limits, firstSendDelayHours: 0.5 }, 'firstSendDelayHours'],
    ['a negative delay', { ...limits, firstSendDelayHours: -1 }, 'firstSendDelayHours'],
    ['a delay of more than 30 days', { ...limits, firstSendDelayHours: 721 }, 'firstSendDelayHours'],
    ['text as delay', { ...limits, firstSendDelayHours: '24' }, 'firstSendDelayHours'],
  ])('are refused with %s', (_, json, detail) => {
    const refused = { ok: false, code: 'send.limits_malformed', ...(detail === undefined ? {} : { detail }) };

    expect(readPersonalLimits(json)).toEqual(refused);
  });
});

describe('limits are wider', () => {
  const entry = { chain: 'eip155:1', token: TOKEN, perAct: 10n, perDay: 15n, launchAbove: 5n };
  const before: SendLimits = {
    chains: ['eip155:1'],
    assets: [entry],
    recipients: [TO],
    firstSendDelayMs: 10,
  };

  it.each<readonly [string, Partial<SendLimits>, boolean]>([
    ['as they are', {}, false],
    ['with one chain more', { chains: ['eip155:1', 'eip155:10'] }, true],
    ['with all chains', { chains: null }, true],
    ['with no chain', { chains: [] }, false],
    ['with another recipient', { recipients: [TOKEN] }, true],
    ['with all recipients', { recipients: null }, true],
    ['with a shorter delay', { firstSendDelayMs: 9 }, true],
    ['with a longer delay', { firstSendDelayMs: 11 }, false],
    ['with no assets', { assets: [] }, false],
    ['with all assets', { assets: null }, true],
    ['with one asset more', { assets: [entry, { ...entry, token: null }] }, true],
    ['with a lower amount', { assets: [{ ...entry, perAct: 9n }] }, false],
    ['with a higher amount', { assets: [{ ...entry, perAct: 11n }] }, true],
    ['with a higher amount of a day', { assets: [{ ...entry, perDay: 16n }] }, true],
    ['with no limit of a day', { assets: [{ ...entry, perDay: null }] }, true],
    ['with fewer launches', { assets: [{ ...entry, launchAbove: 6n }] }, true],
    ['with more launches', { assets: [{ ...entry, launchAbove: 0n }] }, false],
  ])('%s: %s', (_, changed, isWider) => {
    expect(areWider(before, { ...before, ...changed })).toBe(isWider);
  });

  it('never than none', () => {
    const none: SendLimits = { chains: null, assets: null, recipients: null, firstSendDelayMs: 0 };

    expect(areWider(none, before)).toBe(false);
    expect(areWider(before, none)).toBe(true);
  });
});
