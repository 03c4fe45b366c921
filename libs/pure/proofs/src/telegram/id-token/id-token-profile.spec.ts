import { keys, payloadWith, policy, verdict } from '../../../testing/telegram/fake-oidc-fixture';
import type { FakeOidcClaims } from '@countersign/fake-telegram';
import { verifyIdToken } from './id-token';

const NONE = { name: undefined, preferred_username: undefined, picture: undefined, phone_number: undefined };

function profileOf(claims: FakeOidcClaims): unknown {
  const result = verifyIdToken(keys.sign(payloadWith({ ...NONE, ...claims }), 'EdDSA'), policy());
  return result.ok ? result.value.profile : result.code;
}

describe('the profile of an id token', () => {
  it('is copied claim by claim, and nothing that is not known', () => {
    const claims = {
      name: 'Ada L',
      given_name: 'Ada',
      family_name: 'L',
      preferred_username: 'ada',
      picture: 'https://cdn4.telesco.pe/file/a?b=c#d',
      phone_number: '971577777777',
      ton: { address: 'EQ' },
      email: 'a@b.example',
    };

    expect(profileOf(claims)).toStrictEqual({
      name: 'Ada L',
      givenName: 'Ada',
      familyName: 'L',
      preferredUsername: 'ada',
      picture: 'https://cdn4.telesco.pe/file/a?b=c#d',
      phoneNumber: '971577777777',
    });
  });

  it.each([
    ['absent', {}],
    [
      'empty',
      { name: '', given_name: '', family_name: '', preferred_username: '', picture: '', phone_number: '' },
    ],
    ['null', { name: null, given_name: null, preferred_username: null, picture: null, phone_number: null }],
  ])('leaves out what is %s', (_, claims) => {
    expect(profileOf(claims)).toStrictEqual({});
  });

  it.each([
    [true, { phoneNumber: '971577777777' }],
    [undefined, { phoneNumber: '971577777777' }],
    [false, {}],
  ])('has a phone number whose verification is %s only if that is no denial', (verified, profile) => {
    const claims = { phone_number: '971577777777', phone_number_verified: verified };

    expect(profileOf(claims)).toStrictEqual(profile);
  });

  it.each([
    ['a number as name', { name: 1 }],
    ['a number as phone number', { phone_number: 971577777777 }],
    ['a phone number of 33 characters', { phone_number: '9'.repeat(33) }],
    ['a name too long', { name: 'a'.repeat(514) }],
    ['half a surrogate pair', { family_name: '\ud83e' }],
    ['a picture too long', { picture: `https://cdn4.telesco.pe/${'a'.repeat(2048)}` }],
  ])('is refused with %s', (_, claims) => {
    expect(profileOf(claims)).toBe('oidc.profile_malformed');
  });

  it.each([
    ['name', 513],
    ['given_name', 256],
    ['family_name', 256],
    ['preferred_username', 256],
    ['picture', 2048],
    ['phone_number', 32],
  ])('takes a %s of %d characters, and none longer', (claim, limit) => {
    const withText = (length: number) =>
      verdict(keys.sign(payloadWith({ [claim]: '9'.repeat(length) }), 'EdDSA'));

    expect([withText(limit), withText(limit + 1)]).toEqual(['accepted', 'oidc.profile_malformed']);
  });

  it.each([
    ['a picture over http', { picture: 'http://cdn4.telesco.pe/a' }],
    ['a picture that is a script', { picture: 'javascript:alert(1)' }],
    ['a picture with a password', { picture: 'https://a:b@cdn4.telesco.pe/a' }],
    ['a picture after a blank', { picture: ' https://cdn4.telesco.pe/a' }],
    ['a picture on a port beyond 65535', { picture: 'https://cdn4.telesco.pe:65536/a' }],
    ['a picture behind a backslash', { picture: 'https://cdn4.telesco.pe\\@evil.example/' }],
  ])('has no picture for %s', (_, claims) => {
    expect(profileOf(claims)).toStrictEqual({});
  });

  it.each([
    ['name', 'a\u0000'],
    ['preferred_username', '\u0085'],
    ['picture', 'https://t.me/\ta'],
    ['phone_number', '971\r\n'],
  ])('is refused with a control character in %s', (claim, value) => {
    expect(profileOf({ [claim]: value })).toBe('oidc.control_character');
  });

  it.each(['🦊'.repeat(64), '\u200F\u200D\u2067ש\u2069 👩‍🚀', ' \u3164'])('may have the name %s', (name) => {
    expect(verdict(keys.sign(payloadWith({ name }), 'EdDSA'))).toBe('accepted');
  });
});
