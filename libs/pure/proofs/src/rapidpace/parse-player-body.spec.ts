import { parsePlayerBody } from './parse-player-body';

function codeFor(text: string): string {
  const record = parsePlayerBody(text);
  return record.ok ? 'accepted' : record.code;
}

describe('parsePlayerBody', () => {
  it.each([
    ['{"telegram_id":9007199254740993}', '9007199254740993'],
    ['{"telegram_id":1e3}', '1e3'],
    ['{"telegram_id":"\\u0031"}', '1'],
    ['{"telegram_id":null}', null],
  ])('keeps the id of %s as written', (text, id) => {
    const record = parsePlayerBody(text);

    expect(record.ok && record.value.get('telegram_id')).toBe(id);
  });

  it('keeps keys that are not documented, of any scalar', () => {
    const record = parsePlayerBody(
      '{"telegram_id":1,"is_premium":true,"level":1.50,"phone":null,"constructor":"x"}',
    );

    expect(record.ok && [...record.value]).toEqual([
      ['telegram_id', '1'],
      ['is_premium', 'true'],
      ['level', '1.50'],
      ['phone', null],
      ['constructor', 'x'],
    ]);
  });

  it.each([
    ['nothing', '', 'rapidpace.malformed'],
    ['no JSON', 'telegram_id=1', 'rapidpace.malformed'],
    ['a byte order mark', '\uFEFF{"telegram_id":1}', 'rapidpace.malformed'],
    ['a key twice, once escaped', '{"telegram_id":1,"telegram\\u005fid":2}', 'rapidpace.duplicate_key'],
    [
      'a list under a key that is not documented',
      '{"telegram_id":1,"phone":[1]}',
      'rapidpace.value_type_invalid',
    ],
    ['a key with a space', '{"telegram_id":1,"a b":"1"}', 'rapidpace.key_invalid'],
    ['the HMAC in the body', '{"telegram_id":1,"x-urm-hmac":"a"}', 'rapidpace.key_invalid'],
    ['__proto__', '{"telegram_id":1,"__proto__":{"last_name":"x"}}', 'rapidpace.key_invalid'],
    ['a number as name', '{"telegram_id":1,"first_name":1}', 'rapidpace.value_type_invalid'],
    ['a truth value', '{"telegram_id":true}', 'rapidpace.value_type_invalid'],
    ['more than 8 KiB', `{"telegram_id":1,"first_name":"${'я'.repeat(4096)}"}`, 'rapidpace.too_long'],
  ])('refuses %s', (_, text, code) => {
    expect(codeFor(text)).toBe(code);
  });
});
