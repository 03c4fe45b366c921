import {
  aTelegramUser,
  FakeTelegram,
  loginWidgetQuery,
  signFields,
  type FakeContact,
} from '@countersign/fake-telegram';
import { deriveInitDataKey } from '../init-data/init-data-signatures';
import { verifyContact, type ContactPolicy } from './verify-contact';
import { verifyInitData } from '../init-data/verify-init-data';
import { deriveLoginWidgetKey } from '../login-widget/verify-login-widget';

const BOT_TOKEN = '42:TEST';
const NOW = 1_760_000_000;
const authDate = new Date(NOW * 1000);
const telegram = new FakeTelegram();
const PERSON = '{"user_id":7,"phone_number":"+79001234567","first_name":"Ada"}';

function signed(contact: Partial<FakeContact> = {}): string {
  const person = { userId: 7, phoneNumber: '+79001234567', firstName: 'Ada + & = Łukasz', lastName: '🦊' };
  return telegram.signContact({ botToken: BOT_TOKEN, authDate, ...person, ...contact });
}

/** Signed, and of any content. */
function ofJson(contact: string, date = NOW.toString()): string {
  return signFields(
    [
      ['contact', contact],
      ['auth_date', date],
    ],
    BOT_TOKEN,
  );
}

function verify(raw: string, overrides: Partial<ContactPolicy> = {}) {
  const keys = [deriveInitDataKey(BOT_TOKEN)];
  return verifyContact(raw, { keys, now: authDate, maxAgeSeconds: 3600, ...overrides });
}

function codeFor(raw: string, overrides: Partial<ContactPolicy> = {}): string {
  const result = verify(raw, overrides);
  return result.ok ? 'accepted' : result.code;
}

describe('verifyContact', () => {
  it('answers whose number it is', () => {
    expect(verify(signed())).toStrictEqual({
      ok: true,
      value: {
        userId: '7',
        phoneNumber: '+79001234567',
        firstName: 'Ada + & = Łukasz',
        lastName: '🦊',
        authDate,
      },
    });
  });

  it('leaves out what is empty, and members that it does not know', () => {
    const json =
      '{"user_id":7,"phone_number":"79001234567","first_name":"","last_name":"","vcard":"x","n":[1]}';

    expect(verify(ofJson(json))).toStrictEqual({
      ok: true,
      value: { userId: '7', phoneNumber: '+79001234567', firstName: '', authDate },
    });
  });

  it.each<[string, (raw: string) => string, string]>([
    ['a further field', (raw) => `${raw}&a=1`, 'hash_mismatch'],
    ['another hash', (raw) => raw.replace(/hash=.*/, `hash=${'0'.repeat(64)}`), 'hash_mismatch'],
    ['no hash', (raw) => raw.replace(/&hash=.*/, ''), 'hash_missing'],
    ['a short hash (pitfall 14)', (raw) => raw.slice(0, -1), 'hash_malformed'],
    [
      'an upper-case hash',
      (raw) => raw.replace(/hash=.*/, (hash) => `hash=${hash.slice(5).toUpperCase()}`),
      'hash_malformed',
    ],
    [
      'a second contact (pitfall 1)',
      (raw) => `contact=${encodeURIComponent(PERSON)}&${raw}`,
      'duplicate_field',
    ],
    ['fields merged by a line feed (pitfall 2)', (raw) => `a=b%0A${raw}`, 'control_character'],
    ['a name with an equals sign (pitfall 2)', (raw) => `a%3Db=c&${raw}`, 'invalid_field_name'],
    ['a question mark', (raw) => `?${raw}`, 'malformed'],
    ['nothing', () => '', 'empty'],
    ['more than 8 KiB', (raw) => `${raw}&a=${'a'.repeat(8192)}`, 'too_long'],
  ])('refuses %s', (_, change, code) => {
    expect(codeFor(change(signed()))).toBe(`contact.${code}`);
  });

  it.each([
    ['an array', `[${PERSON}]`, 'contact.contact_malformed'],
    ['two ids', PERSON.replace('{', '{"user_id":8,'), 'contact.contact_malformed'],
    ['two numbers', PERSON.replace('{', '{"phone_number":"+1234567",'), 'contact.contact_malformed'],
    ['nothing', '', 'contact.contact_missing'],
    ['no id', PERSON.replace('user_id', 'id'), 'contact.user_id_invalid'],
    ['an id in quotes', PERSON.replace('7', '"7"'), 'contact.user_id_invalid'],
    ['an id that is rounded', PERSON.replace('7', '9007199254740993'), 'contact.user_id_invalid'],
    ['no number', PERSON.replace('phone_number', 'phone'), 'contact.phone_number_invalid'],
    ['a number with blanks', PERSON.replace('+7900', '+7 900'), 'contact.phone_number_invalid'],
    ['a number that begins with 0', PERSON.replace('+7900', '+07900'), 'contact.phone_number_invalid'],
    ['a number of 16 digits', PERSON.replace('+7900', '+790012345'), 'contact.phone_number_invalid'],
    ['a number of other digits', PERSON.replace('+7900', '+٧٩٠٠'), 'contact.phone_number_invalid'],
    [
      'a number in __proto__',
      '{"user_id":7,"__proto__":{"phone_number":"+79001234567"},"first_name":"a"}',
      'contact.phone_number_invalid',
    ],
    ['no first name', PERSON.replace('first_name', 'name'), 'contact.contact_malformed'],
    ['null as last name', PERSON.replace('{', '{"last_name":null,'), 'contact.contact_malformed'],
    ['a name too long', PERSON.replace('Ada', 'a'.repeat(257)), 'contact.contact_malformed'],
    ['a line feed in a name', PERSON.replace('Ada', String.raw`a\nb`), 'contact.control_character'],
  ])('refuses a signed contact with %s', (_, json, code) => {
    expect(codeFor(ofJson(json))).toBe(code);
  });

  it.each([
    [`${NOW - 3600}`, 'accepted'],
    [`${NOW - 3601}`, 'contact.auth_date_expired'],
    [`${NOW + 60}`, 'accepted'],
    [`${NOW + 61}`, 'contact.auth_date_in_future'],
    [`${NOW}000`, 'contact.auth_date_malformed'],
    [`${NOW}abc`, 'contact.auth_date_malformed'],
    ['', 'contact.auth_date_missing'],
  ])('bounds the date on both sides and reads it strictly (pitfalls 11, 13): %s', (date, code) => {
    expect(codeFor(ofJson(PERSON, date))).toBe(code);
  });

  it('looks at date and content after the proof', () => {
    const late = { now: new Date(authDate.getTime() + 3_601_000) };

    expect(codeFor(signed({ botToken: '43:X' }), late)).toBe('contact.hash_mismatch');
    expect(codeFor(ofJson('{}'), late)).toBe('contact.auth_date_expired');
    expect(codeFor(ofJson('{}'))).toBe('contact.user_id_invalid');
  });
});

describe('proofs of other doors (pitfall 19)', () => {
  const user = aTelegramUser({ id: 7 });

  it('are no contact', () => {
    const initData = telegram.signInitData({ botToken: BOT_TOKEN, user, authDate });
    const login = telegram.signLoginWidget({
      botToken: BOT_TOKEN,
      user,
      authDate,
      extra: { contact: PERSON },
    });

    expect(codeFor(initData)).toBe('contact.contact_missing');
    expect(codeFor(loginWidgetQuery(login))).toBe('contact.hash_mismatch');
    expect(codeFor(loginWidgetQuery(login), { keys: [deriveLoginWidgetKey(BOT_TOKEN)] })).toBe('accepted');
  });

  it('are not made of a contact', () => {
    const wanted = { signature: null, now: authDate, maxAgeSeconds: 3600 };
    const hmacKeys = [deriveInitDataKey(BOT_TOKEN)];

    expect(verifyInitData(signed(), { ...wanted, hmacKeys })).toEqual({
      ok: false,
      code: 'init_data.user_missing',
    });
  });
});
