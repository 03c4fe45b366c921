import fc from 'fast-check';
import { growthPerCharacter } from '@countersign/text/testing';
import { parseJsonBody } from './json-body';

const parse = (text: string): unknown => parseJsonBody(Buffer.from(text));

describe('parseJsonBody', () => {
  it('reads whatever JSON can say, spaced in whatever way', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom('', ' ', '\n\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);

        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses a key that occurs twice in one object, at any depth and however it is written', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.nat(5), fc.boolean(), (key, value, depth, isEscaped) => {
        const name = JSON.stringify(key);
        const again = isEscaped ? escaped(key) : name;
        const object = `{${name}:${JSON.stringify(value)} , ${again} :null}`;

        expect(() => parse(`${'[{"a":'.repeat(depth)}${object}${'}]'.repeat(depth)}`)).toThrow(
          'request.invalid',
        );
      }),
    );
  });

  it('takes equal keys of different objects, and keys that are values elsewhere', () => {
    const text = '{"a":{"a":"a"},"b":[{"a":"b:"},{"a":"\\"a\\":{"}]}';

    expect(parse(text)).toEqual({ a: { a: 'a' }, b: [{ a: 'b:' }, { a: '"a":{' }] });
  });

  it('reads 32 levels and refuses 33', () => {
    expect(parse('['.repeat(32) + ']'.repeat(32))).toBeInstanceOf(Array);
    expect(() => parse('['.repeat(33) + ']'.repeat(33))).toThrow('request.invalid');
  });

  it.each([
    ['strings', (length: number) => `[${'"",'.repeat(length / 3)}""]`],
    ['a string of quotes', (length: number) => JSON.stringify('"'.repeat(length / 2))],
    ['space after a string', (length: number) => `["a"${' '.repeat(length)}]`],
    ['keys', (length: number) => `{${Array.from({ length: length / 10 }, (_, at) => `"${at}":0`).join()}}`],
  ])('takes linear time for 64 KiB of %s', (_, textOf) => {
    const texts = new Map([64_000, 8_000].map((length) => [length, textOf(length)]));

    expect(growthPerCharacter((length) => parse(texts.get(length) ?? ''), 64_000)).toBeLessThan(4);
  });
});

function escaped(key: string): string {
  const units = Array.from({ length: key.length }, (_, index) => key.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}
