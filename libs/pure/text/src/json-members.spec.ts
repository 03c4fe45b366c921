import { exactId, readJsonMembers } from './json-members';

describe('readJsonMembers', () => {
  it('keeps the source of each value beside what it means', () => {
    const members = readJsonMembers(
      ' { "id" : 1e3, "a" : [ {"id": 2}, "}" ], "n\\u0061me":"\\"{:,", "b":true } ',
    );

    expect([...(members ?? [])]).toEqual([
      ['id', { value: 1000, source: '1e3' }],
      ['a', { value: [{ id: 2 }, '}'], source: '[' }],
      ['name', { value: '"{:,', source: '"\\"{:,"' }],
      ['b', { value: true, source: 'true' }],
    ]);
  });

  it.each([
    '{"id":1,"id":1}',
    '{"id":1,"a":{"id":3},"\\u0069d":2}',
    '{"id":1,"a":[{"b":1,"b":2}]}',
    '{"__proto__":1,"__proto__":2}',
    '',
    'null',
    '1',
    '"{}"',
    '[]',
    '[{"id":1}]',
    '{"id":1',
    '{"id":1}}',
    '{"id":01}',
    "{'id':1}",
    '{"id":1,}',
    '\uFEFF{"id":1}',
    '['.repeat(8000),
    '{"a":'.repeat(1600),
  ])('refuses %s', (text) => {
    expect(readJsonMembers(text)).toBeUndefined();
  });
});

describe('exactId', () => {
  const idIn = (source: string) => exactId(readJsonMembers(`{"id":${source}}`)?.get('id'));

  it.each(['1', '9', '10', '542262331', '1000000000000000', '9007199254740991'])('takes %s', (source) => {
    expect(idIn(source)).toBe(source);
  });

  it.each([
    '0',
    '-0',
    '-1',
    '1.0',
    '1e3',
    '1E3',
    '1.5',
    '9007199254740992',
    '9007199254740993',
    '10000000000000000',
    '"1"',
    'true',
    'null',
    '[1]',
    '{}',
  ])('refuses %s', (source) => {
    expect(idIn(source)).toBeUndefined();
  });
});
