import { encodeAbiParameters, serializeErc6492Signature, type Hex } from 'viem';
import { isErc6492, splitErc6492 } from './erc6492';

const MAGIC = '6492'.repeat(16);
const factory = '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2';
const wrapped = serializeErc6492Signature({
  address: '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2',
  data: '0x010203',
  signature: `0x${'ab'.repeat(65)}`,
});

/** The wrapper's words of 32 bytes, one replaced. */
function withWord(place: number, word: bigint): Hex {
  const at = 2 + place * 64;
  return `0x${wrapped.slice(2, at)}${word.toString(16).padStart(64, '0')}${wrapped.slice(at + 64)}`;
}

describe('splitErc6492', () => {
  it('takes apart what viem wrapped', () => {
    const parts = { factory, factoryData: '0x010203', signature: `0x${'ab'.repeat(65)}` };

    expect(splitErc6492(wrapped)).toEqual(parts);
    expect(splitErc6492(wrapped.toUpperCase().replace('0X', '0x') as Hex)).toEqual(parts);
  });

  it('takes empty calldata and an empty signature', () => {
    const empty = serializeErc6492Signature({ address: factory, data: '0x', signature: '0x' });

    expect(splitErc6492(empty)).toEqual({ factory, factoryData: '0x', signature: '0x' });
  });

  it.each<[string, Hex]>([
    ['nothing', '0x'],
    ['a plain signature', `0x${'ab'.repeat(65)}`],
    ['the magic alone', `0x${MAGIC}`],
    ['the magic in front', `0x${MAGIC}${wrapped.slice(2, -64)}`],
    ['the magic without its last byte', wrapped.slice(0, -2) as Hex],
    ['another end than the magic', `${wrapped.slice(0, -64)}${'8010'.repeat(16)}` as Hex],
    ['zeros', `0x${'00'.repeat(96)}${MAGIC}`],
    ['a factory beyond 20 bytes', withWord(0, 1n << 160n)],
    ['a pointer beyond the end', withWord(1, 1n << 200n)],
    ['a pointer to the first word', withWord(1, 0n)],
    ['both pointers to one place', withWord(2, 96n)],
    ['a length beyond the end', withWord(3, 1n << 64n)],
    ['a shorter length, with bytes after it', withWord(3, 2n)],
    ['an inner wrapper', serializeErc6492Signature({ address: factory, data: '0x', signature: wrapped })],
    [
      'bytes between the parts and the magic',
      `${encodeAbiParameters([{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }], [factory, '0x', '0x'])}00${MAGIC}`,
    ],
  ])('refuses %s', (_, signature) => {
    expect(splitErc6492(signature)).toBeNull();
  });

  it('tells a wrapper by its end', () => {
    expect(isErc6492(wrapped)).toBe(true);
    expect(isErc6492(`0x00${MAGIC}`)).toBe(true);
    expect(isErc6492(`0x${MAGIC}`)).toBe(false);
    expect(isErc6492(`0x${'ab'.repeat(65)}`)).toBe(false);
  });
});
