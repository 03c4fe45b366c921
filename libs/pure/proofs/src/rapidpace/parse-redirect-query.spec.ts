import { parseRedirectQuery } from './parse-redirect-query';
import { SEED_QUERY } from '../../testing/rapidpace/seed';

function saidBy(rawQuery: string): unknown {
  const query = parseRedirectQuery(rawQuery);
  return query.ok ? { ...Object.fromEntries(query.value.record), hmac: query.value.hmac } : query.code;
}

describe('parseRedirectQuery', () => {
  it.each([
    ['last_name=', 'telegram_id=1&last_name=&x-urm-hmac=a'],
    ['last_name alone', 'telegram_id=1&last_name&x-urm-hmac=a'],
    ['last_name alone in a query encoded as a whole', 'telegram_id%3D1%26last_name%26x-urm-hmac%3Da'],
    ['last_name alone at the end', 'telegram_id%3D1%26x-urm-hmac%3Da%26last_name'],
  ])('takes %s for empty text', (_, rawQuery) => {
    expect(saidBy(rawQuery)).toEqual({ telegram_id: '1', last_name: '', hmac: 'a' });
  });

  it.each([
    ['a campaign parameter', 'telegram_id=1&utm_source=x'],
    ['one in a whole', 'telegram_id%3D1%26utm_source%3Dx'],
    ['one behind a whole', 'telegram_id%3D1&utm_source=x'],
  ])('keeps %s, for the verifier to judge', (_, rawQuery) => {
    expect(saidBy(rawQuery)).toEqual({ telegram_id: '1', utm_source: 'x', hmac: undefined });
  });

  it('takes a + for a space in an ordinary query, but for itself in one encoded as a whole', () => {
    expect(saidBy('first_name=a+b&x-urm-hmac=a+b')).toEqual({ first_name: 'a b', hmac: 'a+b' });
    expect(saidBy('first_name%3Da+b%26x-urm-hmac%3Da+b')).toEqual({ first_name: 'a+b', hmac: 'a+b' });
  });

  it('decodes a query encoded as a whole only once', () => {
    expect(saidBy('first_name%3D%2541%2526last_name%253Dx')).toEqual({
      first_name: '%41%26last_name%3Dx',
      hmac: undefined,
    });
  });

  it.each([
    ['nothing', '', 'rapidpace.malformed'],
    ['a pair without a name', 'telegram_id=1&=2', 'rapidpace.malformed'],
    ['a space', 'telegram_id=1 &x-urm-hmac=a', 'rapidpace.malformed'],
    ['text that nobody encoded', 'first_name=Хади&telegram_id=1', 'rapidpace.malformed'],
    ['bytes that are not UTF-8', 'first_name=%FF&telegram_id=1', 'rapidpace.malformed'],
    ['bytes that are not UTF-8 in a whole', 'first_name%3D%FF%26telegram_id%3D1', 'rapidpace.malformed'],
    ['a key twice, once escaped', 'telegram_id=1&telegram%5Fid=2', 'rapidpace.duplicate_key'],
    ['a key twice, once alone', 'telegram_id=1&last_name=x&last_name', 'rapidpace.duplicate_key'],
    ['the HMAC twice', 'telegram_id=1&x-urm-hmac=a&x-urm-hmac=a', 'rapidpace.duplicate_key'],
    ['a key twice in a whole', 'telegram_id%3D1%26telegram_id%3D2', 'rapidpace.duplicate_key'],
    [
      'a name that brings a key',
      'first_name%3Dx%26telegram_id%3D2%26telegram_id%3D1',
      'rapidpace.duplicate_key',
    ],
    ['a list', 'telegram_id[]=1', 'rapidpace.key_invalid'],
    ['the question mark', `?${SEED_QUERY}`, 'rapidpace.key_invalid'],
    ['a query encoded twice', encodeURIComponent(SEED_QUERY), 'rapidpace.key_invalid'],
    ['more than 8 KiB', `first_name=${'a'.repeat(8182)}`, 'rapidpace.too_long'],
  ])('refuses %s', (_, rawQuery, code) => {
    expect(saidBy(rawQuery)).toBe(code);
  });
});
