import { readSendLimits } from './send-limits';

const TO = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const TOKEN = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48';
const RAW = `0:${'cd'.repeat(32)}`;
const asset = { chain: 'eip155:1', token: TOKEN, perAct: '10', perDay: '15' };
const limits = {
  chains: ['eip155:1', 'tvm:-239'],
  assets: [asset],
  recipients: [TO, RAW],
};

describe('limits', () => {
  it('are read from JSON', () => {
    expect(readSendLimits(limits)).toEqual({
      chains: ['eip155:1', 'ton:-239'],
      assets: [{ ...asset, perAct: 10n, perDay: 15n }],
      recipients: [TO, RAW],
    });
    expect(
      readSendLimits({
        ...{ chains: null, recipients: null },
        assets: [{ ...asset, chain: 'ton:-239', token: null, perAct: null }],
      }),
    ).toMatchObject({ chains: null, assets: [{ token: null, perAct: null }] });
  });

  it.each<readonly [string, unknown]>([
    ['null', null],
    ['a missing member', { ...limits, chains: undefined }],
    ['no member', {}],
    ['another member', { ...limits, calls: [] }],
    ['a chain that is none', { ...limits, chains: ['ethereum'] }],
    ['a chain twice', { ...limits, chains: ['ton:-239', 'tvm:-239'] }],
    ['text as list', { ...limits, chains: 'eip155:1' }],
    ['a recipient with a wrong checksum', { ...limits, recipients: [TO.replace('c', 'C')] }],
    ['too many recipients', { ...limits, recipients: Array.from({ length: 101 }, () => TO) }],
    ['an asset twice', { ...limits, assets: [asset, { ...asset, perAct: null }] }],
    ['an asset without all members', { ...limits, assets: [{ ...asset, perDay: undefined }] }],
    ['an asset with another member', { ...limits, assets: [{ ...asset, perHour: '1' }] }],
    ['a number as amount', { ...limits, assets: [{ ...asset, perAct: 10 }] }],
    ['a negative amount', { ...limits, assets: [{ ...asset, perAct: '-1' }] }],
    ['a token of another chain', { ...limits, assets: [{ ...asset, token: RAW }] }],
  ])('are refused with %s', (_, json) => {
    expect(readSendLimits(json)).toBeNull();
  });
});
