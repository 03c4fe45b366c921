import { readInitDataUser } from './read-init-data';

function codeFor(json: string): string {
  const user = readInitDataUser(json);
  return user.ok ? 'accepted' : user.code;
}

describe('readInitDataUser', () => {
  it('copies the named members of what Telegram sends', () => {
    const json = String.raw`{"id":279058397,"first_name":"Vladislav + - ? \/","last_name":"Kibenko","username":"vdkfrost","language_code":"ru","is_premium":true,"allows_write_to_pm":false,"added_to_attachment_menu":true,"photo_url":"https:\/\/t.me\/i\/userpic\/320\/a.svg","is_bot":false,"future":[1]}`;

    expect(readInitDataUser(json)).toEqual({
      ok: true,
      value: {
        id: '279058397',
        firstName: 'Vladislav + - ? /',
        lastName: 'Kibenko',
        username: 'vdkfrost',
        languageCode: 'ru',
        photoUrl: 'https://t.me/i/userpic/320/a.svg',
        isPremium: true,
        allowsWriteToPm: false,
      },
    });
  });

  it.each([
    ['no first name', '{"id":1}'],
    ['a first name in __proto__', '{"id":1,"__proto__":{"first_name":"a"}}'],
    [
      'null',
      '{"id":1,"first_name":null,"last_name":null,"username":null,"language_code":null,"photo_url":null,"is_bot":null,"is_premium":null,"allows_write_to_pm":null}',
    ],
  ])('takes a person with %s', (_, json) => {
    expect(readInitDataUser(json)).toStrictEqual({ ok: true, value: { id: '1', firstName: '' } });
  });

  it.each(['1', '42', '4503599627370495', '9007199254740991'])('keeps the id %s exact', (id) => {
    expect(readInitDataUser(`{"id":${id},"first_name":"a"}`)).toMatchObject({ value: { id } });
  });

  it.each([
    '0',
    '-0',
    '-1',
    '1.0',
    '1.5',
    '1e3',
    '1E3',
    '9007199254740992',
    '9007199254740993',
    '1e400',
    '10000000000000000000000',
    '"1"',
    'null',
    'true',
    '[1]',
    '{"id":1}',
  ])('refuses the id %s', (id) => {
    expect(codeFor(`{"id":${id},"first_name":"a"}`)).toBe('init_data.user_id_invalid');
  });

  it.each([
    ['no id', '{"first_name":"a"}', 'init_data.user_id_invalid'],
    ['two ids', '{"id":1,"first_name":"a","id":2}', 'init_data.user_malformed'],
    ['null', 'null', 'init_data.user_malformed'],
    ['a number as first name', '{"id":1,"first_name":1}', 'init_data.user_malformed'],
    ['an object as username', '{"id":1,"first_name":"a","username":{}}', 'init_data.user_malformed'],
    ['a string as flag', '{"id":1,"first_name":"a","is_premium":"true"}', 'init_data.user_malformed'],
    ['a bot', '{"id":1,"first_name":"a","is_bot":true}', 'init_data.user_is_bot'],
    ['a name too long', `{"id":1,"first_name":"${'a'.repeat(257)}"}`, 'init_data.user_malformed'],
    ['half a surrogate pair', String.raw`{"id":1,"first_name":"\ud83e"}`, 'init_data.user_malformed'],
    [
      'a line feed in a name',
      String.raw`{"id":1,"first_name":"a","last_name":"b\nc"}`,
      'init_data.control_character',
    ],
  ])('refuses %s', (_, json, code) => {
    expect(codeFor(json)).toBe(code);
  });

  it.each([
    ['first_name', 256],
    ['last_name', 256],
    ['username', 256],
    ['language_code', 64],
    ['photo_url', 2048],
  ])('takes a %s of %d characters, and none longer', (key, limit) => {
    const withText = (length: number) =>
      codeFor(JSON.stringify({ id: 1, first_name: 'a', [key]: 'a'.repeat(length) }));

    expect([withText(limit), withText(limit + 1)]).toEqual(['accepted', 'init_data.user_malformed']);
  });
});
