import fc from 'fast-check';
import { generateKeyRing, KeyRing } from '@countersign/crypto';
import { foldLookAlikes } from '@countersign/text';
import { ReservedNames } from './reserved-names';
import { normalizeUsername, usernameDigests } from './username';

const aUsername = fc
  .array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789_'), { minLength: 5, maxLength: 32 })
  .map((letters) => letters.join(''));

describe('a username', () => {
  it.each([
    ['ada_lovelace', 'ada_lovelace'],
    ['Ada_Lovelace', 'ada_lovelace'],
    ['12345', '12345'],
    ['_____', '_____'],
    ['a'.repeat(32), 'a'.repeat(32)],
  ])('%s is stored as %s', (input, stored) => {
    expect(normalizeUsername(input)).toBe(stored);
  });

  it.each([
    'adal',
    'a'.repeat(33),
    'ada lovelace',
    'ada.lovelace',
    'ädalove',
    'ada-love',
    '\u212aelvin',
    'adaaſ',
    '',
  ])('%j is none', (input) => {
    expect(normalizeUsername(input)).toBeNull();
  });

  it.each([
    ['paypal', 'paypa1'],
    ['paypal', 'paypai'],
    ['google', 'g00gle'],
    ['modern', 'modem'],
    ['williams', 'wllllams'],
  ])('%s looks like %s', (one, other) => {
    expect(foldLookAlikes(one)).toBe(foldLookAlikes(other));
  });

  it('looks like itself when it is folded, and nothing longer', () => {
    fc.assert(
      fc.property(aUsername, (username) => {
        const folded = foldLookAlikes(username);
        expect(foldLookAlikes(folded)).toBe(folded);
        expect(folded.length).toBeLessThanOrEqual(username.length);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ...['admin', 'adm1n', 'support', 'supp0rt', '_admin_', 'off1cial', 'telegram', 'count_ersign'],
    ...['acmebank', 'acme_bank'],
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
