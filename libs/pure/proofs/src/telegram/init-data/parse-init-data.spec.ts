import { MAX_INIT_DATA_BYTES, parseInitData } from './parse-init-data';

function fieldsOf(raw: string): Record<string, string> {
  const parsed = parseInitData(raw);
  if (!parsed.ok) throw new Error(`refused: ${parsed.code}`);
  return Object.fromEntries(parsed.value);
}

describe('parseInitData', () => {
  it.each([
    ['percent-encoding and plus signs', 'user=a%20b+c%2Bd', { user: 'a b c+d' }],
    ['characters beyond the basic plane', 'user=%F0%9F%A6%8A🦊', { user: '🦊🦊' }],
    ['empty values', 'signature=&start_param=', { signature: '', start_param: '' }],
    ['values with equals signs', 'start_param=a=b=', { start_param: 'a=b=' }],
    ['a byte order mark as a character', 'start_param=%EF%BB%BFa', { start_param: '\uFEFFa' }],
    ['encoded names', 'a%75th_date=1', { auth_date: '1' }],
    ['decoding once only', 'start_param=%2541', { start_param: '%41' }],
    ['a name of 64 characters', `${'a'.repeat(64)}=1`, { ['a'.repeat(64)]: '1' }],
  ])('reads %s', (_, raw, expected) => {
    expect(fieldsOf(raw)).toEqual(expected);
  });

  it.each([
    ['nothing', '', 'init_data.empty'],
    ['a leading question mark', '?auth_date=1', 'init_data.malformed'],
    ['a pair without =', 'auth_date=1&user', 'init_data.malformed'],
    ['an empty pair', 'auth_date=1&&user=2', 'init_data.malformed'],
    ['a lone percent sign', 'user=100%', 'init_data.malformed'],
    ['percent-encoding that is not hex', 'user=%4g', 'init_data.malformed'],
    ['truncated UTF-8', 'user=%E0%A4', 'init_data.malformed'],
    ['overlong UTF-8', 'user=%C0%AF', 'init_data.malformed'],
    ['half a surrogate pair', 'user=\uD83E', 'init_data.malformed'],
    ['a field twice', 'user=1&auth_date=1&user=1', 'init_data.duplicate_field'],
    ['a field twice in two spellings', 'user=1&%75ser=2', 'init_data.duplicate_field'],
    ['an empty name', '=1', 'init_data.invalid_field_name'],
    ['a capital in a name', 'User=1', 'init_data.invalid_field_name'],
    ['__proto__', '__proto__=1', 'init_data.invalid_field_name'],
    ['an equals sign in a name', 'start_param%3Da=b', 'init_data.invalid_field_name'],
    ['a line feed in a name', 'auth_date%0A=b', 'init_data.invalid_field_name'],
    ['fields merged by a line feed', 'auth_date=1%0Aquery_id=q', 'init_data.control_character'],
    ['a raw line feed', 'auth_date=1\nquery_id=q', 'init_data.control_character'],
    ['NUL', 'user=%00', 'init_data.control_character'],
  ])('refuses %s', (_, raw, code) => {
    expect(parseInitData(raw)).toEqual({ ok: false, code });
  });

  it('counts the limit in bytes of UTF-8 and looks at it first', () => {
    const largest = `user=${'a'.repeat(MAX_INIT_DATA_BYTES - 5)}`;
    const cyrillic = `user=${'я'.repeat(MAX_INIT_DATA_BYTES / 2)}`;

    expect(parseInitData(largest).ok).toBe(true);
    expect(parseInitData(`${largest}a`)).toEqual({ ok: false, code: 'init_data.too_long' });
    expect(parseInitData(cyrillic)).toEqual({ ok: false, code: 'init_data.too_long' });
    expect(parseInitData('\n'.repeat(1_000_000))).toEqual({ ok: false, code: 'init_data.too_long' });
  });
});
