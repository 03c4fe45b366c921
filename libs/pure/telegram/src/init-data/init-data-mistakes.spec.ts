import { growthPerCharacter } from '@countersign/text/testing';
import { findInitDataMistake, initDataMistakes } from './init-data-mistakes';

const USER = String.raw`{"id":279058397,"first_name":"A null, b: c","photo_url":"https:\/\/t.me\/a.svg"}`;
const HASH = '0'.repeat(64);
const good = `query_id=q&user=${encodeURIComponent(USER)}&auth_date=1&signature=s&hash=${HASH}`;
const withUser = (user: string) => good.replace(/user=[^&]*/, `user=${encodeURIComponent(user)}`);

describe('a mistake with init data', () => {
  it.each([
    ['whole_fragment', `#tgWebAppData=${encodeURIComponent(good)}&tgWebAppVersion=8.0`],
    ['whole_fragment', `tgWebAppData=${encodeURIComponent(good)}&tgWebAppPlatform=ios`],
    ['whole_fragment', `https://a.example/#tgWebAppData=${encodeURIComponent(good)}`],
    ['whole_fragment', `tgWebAppVersion=8.0&tgWebAppData=${good}`],
    ['leading_character', `?${good}`],
    ['leading_character', `#${good}`],
    ['encoded_twice', encodeURIComponent(good)],
    ['encoded_twice', encodeURIComponent(encodeURIComponent(good))],
    ['encoded_twice', good.replace(/user=[^&]*/, `user=${encodeURIComponent(encodeURIComponent(USER))}`)],
    ['json', JSON.stringify({ query_id: 'q', user: JSON.parse(USER) as object, hash: HASH })],
    ['json', ' {"a":"b=c"}'],
    ['rewritten_user', withUser(JSON.stringify(JSON.parse(USER)))],
    ['rewritten_user', withUser('{"id": 279058397, "first_name": "A"}')],
    ['rewritten_user', withUser('{"first_name":"A","id":279058397}')],
    ['rewritten_user', withUser('{"id":279058397,"first_name":"A","last_name":null}')],
    ['rewritten_user', withUser('{"id":"279058397","first_name":"A"}')],
    ['foreign_field', `${good}&botId=7`],
  ])('is %s: %s', (code, raw) => {
    expect(findInitDataMistake(raw)).toMatchObject({
      code,
      detail: expect.stringContaining(initDataMistakes[code as keyof typeof initDataMistakes]) as string,
    });
  });

  it('is none in what Telegram gives', () => {
    for (const raw of [
      good,
      '0',
      `${good}&`,
      `${good}&start_param=a%25b&chat_type=sender&chat_instance=1`,
      'auth_date=1',
    ])
      expect(findInitDataMistake(raw)).toBeNull();
  });

  it('names a foreign field, unless its name could be a secret', () => {
    expect(findInitDataMistake(`${good}&botId=7`)?.detail).toMatch(/: `botId`$/);
    for (const name of ['7342037359:AAF', 'k1_secret', 'a'.repeat(25), '%zz'])
      expect(findInitDataMistake(`${good}&${name}=7`)?.detail).toBe(initDataMistakes.foreign_field);
  });

  it('runs in linear time on hostile text', () => {
    const read = (length: number): void => {
      for (const raw of [
        '%3D'.repeat(length / 3),
        'user=%7B'.repeat(length / 8),
        `user=${'"'.repeat(length)}`,
        `user="${'\\"'.repeat(length / 2)}`,
        `user="${'\\"'.repeat(length / 2)}\\`,
        '&'.repeat(length),
      ])
        findInitDataMistake(raw);
    };

    expect(growthPerCharacter(read, 8_000)).toBeLessThan(4);
  });
});
