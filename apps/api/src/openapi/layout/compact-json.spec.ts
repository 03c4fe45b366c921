import { compactJson } from './compact-json';

const words = Array.from({ length: 40 }, (_, index) => `word-${index}`);

describe('compact JSON', () => {
  it.each([
    { a: [], b: {}, c: [1, null, true, 'x'], d: { e: { f: 'g' }, h: [[1], { i: 2 }] } },
    { text: 'a\nb', brackets: ['[', ']', '{ }'], quotes: ['"', ',', '\\'], words },
    words,
    { long: { one: 'x'.repeat(80), other: 'y'.repeat(80) } },
  ])('is the same value', (value) => {
    expect(JSON.parse(compactJson(value))).toEqual(value);
  });

  it('has short lists and objects in one line, and fills lines with long lists', () => {
    expect(compactJson({ $ref: '#/a', list: ['a', 'b'], inner: { a: 1, b: 2 } })).toBe(
      '{\n "$ref": "#/a",\n "list": [ "a", "b" ],\n "inner": { "a": 1, "b": 2 }\n}\n',
    );
    const lines = compactJson({ words }).split('\n');
    expect(lines.length).toBeLessThan(10);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(120);
  });
});
