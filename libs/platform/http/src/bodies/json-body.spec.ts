import fc from 'fast-check';
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
    ['strings', `[${'"",'.repeat(21_000)}""]`],
    ['a string of quotes', JSON.stringify('"'.repeat(32_000))],
    ['space after a string', `["a"${' '.repeat(64_000)}]`],
    ['keys', `{${Array.from({ length: 6_000 }, (_, index) => `"${index}":0`).join()}}`],
  ])('needs no time to speak of for 64 KiB of %s', (_name, text) => {
    const start = performance.now();
    parse(text);

    expect(performance.now() - start).toBeLessThan(200);
  });
});

function escaped(key: string): string {
  const units = Array.from({ length: key.length }, (_, index) => key.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}
