import * as fc from 'fast-check';
import { encodeAbiParameters, toHex } from 'viem';
import { tries } from '@countersign/text/testing';
import { dataOf } from '../../testing/evm/raw-transactions';
import { decodeDecimals, decodeText } from './token-names';

function encoded(text: string): string {
  return encodeAbiParameters([{ type: 'string' }], [text]);
}

function encodedBytes(bytes: Uint8Array): string {
  return encodeAbiParameters([{ type: 'bytes' }], [toHex(bytes)]);
}

describe('decodeDecimals', () => {
  it.each([0, 6, 18, 77])('reads %s', (decimals) => {
    expect(decodeDecimals(dataOf(decimals))).toBe(decimals);
  });

  it.each([dataOf(78), dataOf(2n ** 256n - 1n), '0x', '0x12', encoded('18')])('refuses %s', (answer) => {
    expect(decodeDecimals(answer)).toBeUndefined();
  });
});

describe('decodeText', () => {
  it.each([
    ['USDT', 'USDT'],
    ['Ünïcode ☂ 日本語 🦊', 'Ünïcode ☂ 日本語 🦊'],
    ['two\nlines\tand  spaces', 'two lines and spaces'],
    [' USDC ', 'USDC'],
    ['US\u202eCD', 'USCD'],
    ['US\u200bD\u2060C\ufeff', 'USDC'],
    ['\u0000\u001bU\u007fSD', 'USD'],
    ['\u2066USD\u2069', 'USD'],
    ['US\u00adD', 'USD'],
  ])('reads %j as %j', (text, seen) => {
    expect(decodeText(encoded(text))).toBe(seen);
  });

  it('reads 32 bytes, as older tokens answer', () => {
    const mkr = `0x${Buffer.from('MKR').toString('hex').padEnd(64, '0')}`;
    const withEnd = `${mkr.slice(0, -8)}${Buffer.from('more').toString('hex')}`;
    const full = `0x${Buffer.from('A name of thirty-two characters.').toString('hex')}`;

    expect(decodeText(mkr)).toBe('MKR');
    expect(decodeText(withEnd)).toBe('MKR');
    expect(decodeText(full)).toBe('A name of thirty-two characters.');
  });

  it('reads at most 256 bytes', () => {
    const uri = `ipfs://${'a'.repeat(2000)}`;

    expect(decodeText(encoded(uri))).toBeUndefined();
    expect(decodeText(encoded('a'.repeat(256)))).toHaveLength(256);
    expect(decodeText(encoded('a'.repeat(257)))).toBeUndefined();
  });

  it.each([
    ['nothing', '0x'],
    ['no hexadecimal digits', `0x${'zz'.repeat(96)}`],
    ['no hexadecimal digits in 32 bytes', `0x${'zz'.repeat(32)}`],
    ['half a byte more', `${encoded('USD')}0`],
    ['a prefix that is none', encoded('USD').replace('0x', '1x')],
    ['a zero before the text of 32 bytes', `0x00${Buffer.from('MKR').toString('hex').padEnd(62, '0')}`],
    ['an offset beyond the end', dataOf(96, 3, 0)],
    ['an offset that is no number', dataOf(2n ** 256n - 1n, 3, 0)],
    ['a length beyond the end', dataOf(32, 33, 0)],
    ['a length that is no number', dataOf(32, 2n ** 255n, 0)],
    ['an empty text', encoded('')],
    ['an empty text of 32 bytes', dataOf(0)],
    ['nothing that is seen', encoded('\u200b \u202e')],
    ['other bytes than UTF-8', encodedBytes(Uint8Array.of(0x55, 0xff, 0xfe))],
    ['other bytes than UTF-8, in 32 bytes', `0x${'ff'.repeat(32)}`],
    ['half a character', encodedBytes(Uint8Array.of(0xe2, 0x98))],
  ])('refuses %s', (_, answer) => {
    expect(decodeText(answer)).toBeUndefined();
  });

  it('answers a short visible text or nothing, for any answer of a contract', () => {
    const aWord = fc.oneof(
      fc.constantFrom(0n, 1n, 32n, 64n, 2n ** 256n - 1n, 2n ** 64n, 2n ** 53n),
      fc.bigInt({ min: 0n, max: 300n }),
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    );
    const anAnswer = fc.oneof(
      fc.array(aWord, { maxLength: 12 }).map((words) => dataOf(...words)),
      fc.string({ unit: 'binary', maxLength: 400 }).map(encoded),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => encodedBytes(bytes)),
      fc.string({ maxLength: 300 }),
      fc.string({ maxLength: 300 }).map((text) => `0x${text}`),
    );
    fc.assert(
      fc.property(anAnswer, (answer) => {
        const text = decodeText(answer);
        if (text === undefined) return;
        expect(text).toMatch(/\S/u);
        expect(text).not.toMatch(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(256);
      }),
      tries(2000),
    );
  });
});
