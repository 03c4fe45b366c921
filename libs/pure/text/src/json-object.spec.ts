import { jsonSourceOf, readJsonObject } from './json-members';

describe('jsonSourceOf', () => {
  const text = String.raw` { "a":{"id":1}, "id" : 9007199254740993 ,"\u006eame":"\"id\":2,","b":[1], "c":true,"d":-1.50e3}`;

  it.each([
    ['id', '9007199254740993'],
    ['name', String.raw`"\"id\":2,"`],
    ['a', '{'],
    ['b', '['],
    ['c', 'true'],
    ['d', '-1.50e3'],
    ['e', undefined],
  ])('tells how %s is written', (name, source) => {
    expect(readJsonObject(text)).toBeDefined();
    expect(jsonSourceOf(text, name)).toBe(source);
  });

  it.each([' ', '\t', '\n', '\r', '\r\n \t'])('does not take %j for a part of a value', (blank) => {
    const spaced = `{${blank}"id"${blank}:${blank}7${blank},"b"${blank}:${blank}"x"${blank}}`;

    expect(readJsonObject(spaced)).toEqual({ id: 7, b: 'x' });
    expect([jsonSourceOf(spaced, 'id'), jsonSourceOf(spaced, 'b')]).toEqual(['7', '"x"']);
  });

  it('is not misled by backslashes before a quote', () => {
    const backslashes = String.raw`{"a":"\\","b\\\"":"\\\"","id":7}`;

    expect(readJsonObject(backslashes)).toEqual({ a: '\\', 'b\\"': '\\"', id: 7 });
    expect(jsonSourceOf(backslashes, 'id')).toBe('7');
  });
});
