import {
  keys,
  now,
  payloadWith,
  policy,
  someClaims,
  verdict,
} from '../../../testing/telegram/fake-oidc-fixture';
import type { FakeOidcClaims } from '@countersign/fake-telegram';
import { verifyIdToken, type IdTokenPolicy } from './id-token';

const SECONDS = now.getTime() / 1000;

function codeFor(claims: FakeOidcClaims, overrides: Partial<IdTokenPolicy> = {}): string {
  return verdict(keys.sign(payloadWith(claims), 'EdDSA'), overrides);
}

/** With this JSON text in the place of one claim: `JSON.stringify` writes only some of the spellings. */
function tokenSaying(claim: string, json: string): string {
  const members = Object.entries(someClaims())
    .filter(([name]) => name !== claim)
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return keys.sign(`{${[...members, `${JSON.stringify(claim)}:${json}`].join(',')}}`, 'EdDSA');
}

describe('who an id token is for', () => {
  it.each([
    ['of another issuer', { iss: 'https://oauth.tg.dev' }, 'oidc.issuer_mismatch'],
    ['of the issuer with a slash', { iss: 'https://oauth.telegram.org/' }, 'oidc.issuer_mismatch'],
    ['of no issuer', { iss: undefined }, 'oidc.issuer_mismatch'],
    ['for this client in a list', { aud: ['123456789'] }, 'accepted'],
    ['for another client', { aud: '123456780' }, 'oidc.audience_mismatch'],
    ['for a number in a list', { aud: [123456789] }, 'oidc.audience_mismatch'],
    ['for a list in a list', { aud: [['123456789']] }, 'oidc.audience_mismatch'],
    ['for this client twice', { aud: ['123456789', '123456789'] }, 'oidc.audience_mismatch'],
    ['for others too', { aud: ['123456789', '1'] }, 'oidc.audience_mismatch'],
    [
      'for others too, presented by us',
      { aud: ['1', '123456789'], azp: '123456789' },
      'oidc.audience_mismatch',
    ],
    ['for nobody', { aud: undefined }, 'oidc.audience_mismatch'],
    ['for the client in an object', { aud: { 0: '123456789', length: 1 } }, 'oidc.audience_mismatch'],
    ['for us, presented by us', { azp: '123456789' }, 'accepted'],
    ['for us, presented by another', { azp: '1' }, 'oidc.audience_mismatch'],
  ])('decides on one %s', (_, claims: FakeOidcClaims, code) => {
    expect(codeFor(claims)).toBe(code);
  });

  it.each([
    ['absent, when one was sent', {}, 'n-1', 'accepted'],
    ['absent, when none was sent', {}, null, 'accepted'],
    ['the same', { nonce: 'n-1' }, 'n-1', 'accepted'],
    ['another', { nonce: 'n-2' }, 'n-1', 'oidc.nonce_mismatch'],
    ['longer', { nonce: 'n-11' }, 'n-1', 'oidc.nonce_mismatch'],
    ['a list', { nonce: ['n-1'] }, 'n-1', 'oidc.nonce_mismatch'],
    ['there, when none was sent', { nonce: 'n-1' }, null, 'oidc.nonce_mismatch'],
  ])('decides on a nonce that is %s', (_, claims, nonce, code) => {
    expect(codeFor(claims, { nonce })).toBe(code);
  });
});

describe('the dates of an id token', () => {
  it.each([
    ['expired a second ago', { iat: SECONDS - 3600, exp: SECONDS - 1 }, 'oidc.expired'],
    ['expiring now', { iat: SECONDS - 3600, exp: SECONDS }, 'oidc.expired'],
    ['expiring in a second', { iat: SECONDS - 3600, exp: SECONDS + 1 }, 'accepted'],
    ['without expiry', { exp: undefined }, 'oidc.expiry_invalid'],
    ['expiring at a text', { exp: `${SECONDS + 60}` }, 'oidc.expiry_invalid'],
    ['expiring in milliseconds', { exp: now.getTime() + 1 }, 'oidc.expiry_invalid'],
    ['expiring at a fraction', { exp: SECONDS + 0.5 }, 'oidc.expiry_invalid'],
    ['without a date of issue', { iat: undefined }, 'oidc.issued_at_invalid'],
    ['issued at a text', { iat: `${SECONDS}` }, 'oidc.issued_at_invalid'],
    ['issued a minute ahead', { iat: SECONDS + 60 }, 'accepted'],
    ['issued more than a minute ahead', { iat: SECONDS + 61 }, 'oidc.issued_in_future'],
    ['valid since now', { nbf: SECONDS }, 'accepted'],
    ['valid in a minute', { nbf: SECONDS + 60 }, 'accepted'],
    ['valid later', { nbf: SECONDS + 61 }, 'oidc.not_yet_valid'],
    ['valid since a text', { nbf: 'now' }, 'oidc.not_before_invalid'],
    ['living a day', { exp: SECONDS + 86_400 }, 'accepted'],
    ['living longer than a day', { exp: SECONDS + 86_401 }, 'oidc.lifetime_invalid'],
    ['ending when it begins', { iat: SECONDS + 9, exp: SECONDS + 9 }, 'oidc.lifetime_invalid'],
  ])('decide on one %s', (_, claims: FakeOidcClaims, code) => {
    expect(codeFor(claims)).toBe(code);
  });

  it.each(['1760000060.0', '1.76000006e9', '17600000600e-1', '-1760000060', '[1760000060]'])(
    'are read from the source: %s is no expiry',
    (json) => {
      expect(verdict(tokenSaying('exp', json))).toBe('oidc.expiry_invalid');
    },
  );

  it('are held against whole seconds of the given clock, and a minute of skew', () => {
    const at = (milliseconds: number) => ({ now: new Date(now.getTime() + milliseconds) });

    expect(codeFor({}, at(3_599_999))).toBe('accepted');
    expect(codeFor({}, at(3_600_000))).toBe('oidc.expired');
    expect(codeFor({}, at(-60_000))).toBe('accepted');
    expect(codeFor({}, at(-60_001))).toBe('oidc.issued_in_future');
  });
});

describe('the person of an id token', () => {
  it.each([
    ['1', '1'],
    ['987654321', '987654321'],
    ['9007199254740991', '9007199254740991'],
    ['"987654321"', '987654321'],
    ['"9007199254740991"', '9007199254740991'],
  ])('has the id %s exactly', (json, subject) => {
    expect(verifyIdToken(tokenSaying('id', json), policy())).toMatchObject({ ok: true, value: { subject } });
  });

  it.each([
    '0',
    '-1',
    '1.0',
    '1e3',
    '9007199254740992',
    '9007199254740993',
    '1e400',
    'null',
    'true',
    '[1]',
    '{"id":1}',
    '""',
    '"0"',
    '"01"',
    '"+1"',
    '" 1"',
    '"1e3"',
    '"9007199254740992"',
    '"9007199254740993"',
    '"\\u0031"',
    '"١"',
    '"1\\n"',
  ])('is not accepted with the id %s', (json) => {
    expect(verdict(tokenSaying('id', json))).toBe('oidc.id_invalid');
  });

  it.each([
    ['no id', { id: undefined }, 'oidc.id_missing'],
    ['no id but a subject that looks like one', { id: undefined, sub: '987654321' }, 'oidc.id_missing'],
    ['no subject', { sub: undefined }, 'oidc.subject_invalid'],
    ['a number as subject', { sub: 1234123412341234 }, 'oidc.subject_invalid'],
    ['a subject of 255 characters', { sub: 'a'.repeat(255) }, 'accepted'],
    ['a subject of 256 characters', { sub: 'a'.repeat(256) }, 'oidc.subject_invalid'],
    ['half a surrogate pair in the subject', { sub: '\ud83e' }, 'oidc.subject_invalid'],
    ['a line feed in the subject', { sub: 'a\nb' }, 'oidc.control_character'],
  ])('is decided on with %s', (_, claims: FakeOidcClaims, code) => {
    expect(codeFor(claims)).toBe(code);
  });
});

describe('the payload of an id token', () => {
  const json = payloadWith();

  it.each([
    ['no JSON', 'id=1'],
    ['an array', `[${json}]`],
    ['a second id', json.replace('{', '{"id":1,')],
    ['a second id deeper down', json.replace('{', '{"ton":{"a":1,"a":1},')],
    ['a byte order mark', `\uFEFF${json}`],
    ['depth without end', '['.repeat(4000)],
  ])('is refused with %s', (_, payload) => {
    expect(verdict(keys.sign(payload, 'EdDSA'))).toBe('oidc.payload_malformed');
  });
});
