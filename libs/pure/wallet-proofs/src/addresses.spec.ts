import { Address } from '@ton/core';
import { getAddress as checksumOfEthers, getIcapAddress } from 'ethers';
import { readChainId } from './chain-id';
import { readEvmAddress, showEvmAddress, type EvmAddress } from './evm/evm-address';
import { metaproMessage, type MetaproChallenge } from './evm/metapro-message';
import { readTonAddress, showTonAddress } from './ton/ton-address';

const lower: EvmAddress = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2';
const checked: EvmAddress = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';
const invalid = { ok: false, code: 'wallet.address_invalid' };

describe('readEvmAddress', () => {
  it.each([
    lower,
    checked,
    '0x0000000000000000000000000000000000000000',
    '0x1111111111111111111111111111111111111111',
  ])('reads %s', (text) => {
    expect(readEvmAddress(text)).toEqual({ ok: true, value: text.toLowerCase() });
  });

  it('shows the checksum of ethers', () => {
    expect(showEvmAddress(lower)).toBe(checked);
    expect(showEvmAddress(lower)).toBe(checksumOfEthers(lower));
  });

  it.each([
    ['nothing', ''],
    ['no prefix', lower.slice(2)],
    ['another prefix', checked.replace('0x', '0X')],
    ['39 digits', lower.slice(0, -1)],
    ['41 digits', `${lower}0`],
    ['capitals', `0x${lower.slice(2).toUpperCase()}`],
    ['a wrong checksum', checked.replace('C02aaA', 'c02aaA')],
    // EIP-1191 of chain 30.
    ['the checksum of Rootstock', '0x5aaEB6053f3e94c9b9a09f33669435E7ef1bEAeD'],
    ['ICAP', getIcapAddress(lower)],
    ['ICAP of the node', 'XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS'],
    ['a name', 'vitalik.eth'],
    ['a space before', ` ${lower}`],
    ['a line feed after', `${lower}\n`],
    ['a letter that looks like one', lower.replace('c', '\u0441')],
    ['full-width digits', lower.replace('0', '\uFF10')],
  ])('refuses %s', (_, text) => {
    expect(readEvmAddress(text)).toEqual(invalid);
  });
});

describe('readTonAddress', () => {
  const hash = 'feb5ff6820e2ff0d9483e7e0d62c817d846789fb4ae580c878866d959dabd5c0';
  const address = new Address(0, Buffer.from(hash, 'hex'));
  const friendly = address.toString({ bounceable: false });
  const bytesOf = (text: string) => Buffer.from(text, 'base64');

  it.each([
    ['raw', `0:${hash}`, 0, null],
    ['raw with capitals', `0:${hash.toUpperCase()}`, 0, null],
    ['raw of the masterchain', `-1:${hash}`, -1, null],
    ['non-bounceable', friendly, 0, false],
    ['bounceable', address.toString(), 0, false],
    ['of the other alphabet', address.toString({ urlSafe: false }), 0, false],
    ['of the test network', address.toString({ testOnly: true }), 0, true],
    ['of the masterchain', new Address(-1, address.hash).toString(), -1, false],
  ])('reads an address that is %s', (_, text, workchain, isTest) => {
    expect(readTonAddress(text)).toEqual({
      ok: true,
      value: { raw: `${String(workchain)}:${hash}`, workchain, hash: address.hash, isTest },
    });
  });

  it('shows the non-bounceable form, with the flag of the network', () => {
    expect(showTonAddress(`0:${hash}`, { isTest: false })).toBe(friendly);
    expect(showTonAddress(`0:${hash}`, { isTest: false })).toMatch(/^UQ/);
    expect(showTonAddress(`0:${hash}`, { isTest: true })).toMatch(/^0Q/);
    expect(showTonAddress(`-1:${hash}`, { isTest: false })).toMatch(/^Uf/);
  });

  it.each([
    ['nothing', ''],
    ['a hash alone', hash],
    ['workchain 1', `1:${hash}`],
    ['workchain 1, friendly', new Address(1, address.hash).toString()],
    ['workchain -2', `-2:${hash}`],
    ['workchain 255', `255:${hash}`],
    ['workchain 4294967295', `4294967295:${hash}`],
    ['workchain +0', `+0:${hash}`],
    ['workchain -0', `-0:${hash}`],
    ['workchain 00', `00:${hash}`],
    ['63 digits', `0:${hash.slice(1)}`],
    ['65 digits', `0:0${hash}`],
    ['a prefix of hex', `0:0x${hash}`],
    ['a wrong checksum', friendly.slice(0, -1) + (friendly.endsWith('A') ? 'B' : 'A')],
    ['an unknown tag', Buffer.from(bytesOf(friendly).fill(0x31, 0, 1)).toString('base64url')],
    ['a form that is too short', friendly.slice(0, -4)],
    ['a form that is too long', `${friendly}AAAA`],
    ['a line feed after', `${friendly}\n`],
    ['a space before', ` 0:${hash}`],
  ])('refuses %s', (_, text) => {
    expect(readTonAddress(text)).toEqual(invalid);
  });

  it('refuses a mixture of the two alphabets', () => {
    const both = new Address(0, Buffer.from('fbf0'.repeat(16), 'hex'));
    const safe = both.toString({ urlSafe: true });
    const mixed = safe.replace('-', '+');

    expect(safe).toMatch(/-.*-/);
    expect(readTonAddress(safe).ok).toBe(true);
    expect(readTonAddress(mixed)).toEqual(invalid);
  });
});

describe('readChainId', () => {
  it.each([
    ['eip155:1', { namespace: 'eip155', id: 'eip155:1', chainId: 1 }],
    ['eip155:31337', { namespace: 'eip155', id: 'eip155:31337', chainId: 31337 }],
    [
      'eip155:9007199254740991',
      { namespace: 'eip155', id: 'eip155:9007199254740991', chainId: 9007199254740991 },
    ],
    ['ton:-239', { namespace: 'ton', id: 'ton:-239', network: '-239' }],
    ['tvm:-239', { namespace: 'ton', id: 'ton:-239', network: '-239' }],
    ['tvm:-3', { namespace: 'ton', id: 'ton:-3', network: '-3' }],
  ])('reads %s', (text, value) => {
    expect(readChainId(text)).toEqual({ ok: true, value });
  });

  it.each([
    ...[
      '',
      '1',
      'eip155',
      'eip155:',
      'eip155:0',
      'eip155:01',
      'eip155:-1',
      'eip155:1.0',
      'eip155:0x1',
      'EIP155:1',
    ],
    ...[
      'eip155:9007199254740992',
      'eip155:9007199254740993',
      'eip155:99999999999999999',
      'eip155:1 ',
      'eip155:1\n',
    ],
    ...[
      'eip155:1:0x',
      'xeip155:1',
      'ton:239',
      'ton:-1',
      'ton:0',
      'ton:-239 ',
      'tvm:-03',
      'solana:1',
      'cosmos:cosmoshub-4',
      'eip155:١',
    ],
  ])('refuses %j', (text) => {
    expect(readChainId(text)).toEqual({ ok: false, code: 'wallet.chain_invalid' });
  });
});

describe('metaproMessage', () => {
  const hash = 'V1StGXR8_Z5jdHi6B-myT_V1StGXR8_Z5jdHi6B-myT_V1StGX';

  it('is the fixed message', () => {
    expect(metaproMessage({ address: lower, hash })).toBe(
      `Please sign to let us verify\nthat you are the owner of this address\n${lower}\n\nRequest ID ${hash}`,
    );
  });

  it.each<[Partial<MetaproChallenge>, string]>([
    [{ address: checked }, 'address must be in lower case'],
    [{ address: '0x12' }, 'address must be in lower case'],
    [{ address: `x${lower}` as never }, 'address must be in lower case'],
    [{ address: `${lower}0` }, 'address must be in lower case'],
    [{ hash: '' }, 'hash must be 16 to 128 URL-safe characters'],
    [{ hash: 'short' }, 'hash must be 16 to 128 URL-safe characters'],
    [{ hash: `${hash}\n` }, 'hash must be 16 to 128 URL-safe characters'],
    [{ hash: `${hash} ${hash}` }, 'hash must be 16 to 128 URL-safe characters'],
  ])('does not say %p', (wrong, error) => {
    expect(() => metaproMessage({ address: lower, hash, ...wrong })).toThrow(new RangeError(error));
  });
});
