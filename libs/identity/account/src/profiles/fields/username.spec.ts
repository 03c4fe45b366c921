import { generateKeyRing, KeyRing } from '@countersign/crypto';
import { ReservedNames } from './reserved-names';
import { foldUsername, USERNAME, usernameDigests } from './username';

describe('a username', () => {
  it.each(['ada_lovelace', 'Ada L.', 'ad', '_____', 'a.b. c', '-ada-', 'a'.repeat(100)])(
    '%j is one',
    (input) => {
      expect(input).toMatch(USERNAME);
    },
  );

  it.each([
    ...['', 'a', 'a'.repeat(101), ' ada', 'ada ', 'ada  l', 'ada..', '.ada', 'ada .l', 'ada\nl'],
    ...[
      `0x${'a1'.repeat(20)}`,
      '01A21EDC-78F7-70bb-a645-4e08f0a486c7',
      'ädalove',
      '\u212aelvin',
      'adaaſ',
      'ada/l',
      'ada@l',
    ],
  ])('%j is none', (input) => {
    expect(input).not.toMatch(USERNAME);
  });

  it('is read in linear time', () => {
    expect(`${'a.'.repeat(50_000)}!`).not.toMatch(USERNAME);
  });

  it.each([
    ['Ada L.', 'ada_l'],
    ['ada.lovelace', 'ADA-LOVELACE'],
    ['ada_ l', 'ada__l'],
    ['G00gle', 'google'],
  ])('%s counts as %s', (one, other) => {
    expect(foldUsername(one)).toBe(foldUsername(other));
  });

  it.each([
    ...['admin', 'adm1n', 'support', 'supp0rt', '_admin_', 'off1cial', 'telegram', 'count_ersign'],
    ...['acmebank', 'acme_bank', 'Ad.Min', 'S-upport', 'Telegram Support', 'Team.Admin'],
  ])('%s is reserved', (username) => {
    expect(new ReservedNames({ reservedNames: ['Acme Bank'] }).has(username)).toBe(true);
  });

  it('has a digest under each index key, equal for names that look alike', () => {
    const ring = KeyRing.parse(JSON.stringify(generateKeyRing()));

    expect(usernameDigests(ring, 'google')).toEqual(usernameDigests(ring, 'g00gle'));
    expect(usernameDigests(ring, 'google')).not.toEqual(usernameDigests(ring, 'goggle'));
    expect(usernameDigests(ring, 'google')).toHaveLength(ring.all('index').length);
  });
});
