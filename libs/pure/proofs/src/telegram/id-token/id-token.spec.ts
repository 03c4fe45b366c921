import { keys, now, payloadWith, policy, verdict } from '../../../testing/telegram/fake-oidc-fixture';
import { verifyIdToken } from './id-token';
import { ID_TOKEN_ALGORITHMS } from './jwks';

describe('verifyIdToken', () => {
  it.each(ID_TOKEN_ALGORITHMS)('tells who the person of a token under %s is', (algorithm) => {
    const token = keys.sign(payloadWith({ sub: '1234123412341234123' }), algorithm);

    expect(verifyIdToken(token, policy())).toStrictEqual({
      ok: true,
      value: {
        subject: '987654321',
        sub: '1234123412341234123',
        issuedAt: now,
        profile: {
          name: 'Ada Lovelace',
          preferredUsername: 'ada',
          picture: 'https://cdn4.telesco.pe/file/a.jpg',
          phoneNumber: '971577777777',
        },
        signedText: token.split('.').slice(0, 2).join('.'),
      },
    });
  });

  it('looks at the claims after the signature', () => {
    const broken = keys.sign('{}', 'ES256').replace(/\.[^.]*$/, `.${'A'.repeat(86)}`);

    expect(verdict(broken)).toBe('oidc.signature_mismatch');
    expect(verdict(keys.sign('{}', 'ES256'))).toBe('oidc.issuer_mismatch');
  });

  it.each([
    ['a date that is none', { now: new Date(NaN) }],
    ['an empty issuer', { issuer: '' }],
    ['an empty client id', { clientId: '' }],
    ['an empty nonce', { nonce: '' }],
  ])('throws for %s, whatever the token', (_, overrides) => {
    expect(() => verifyIdToken('', policy(overrides))).toThrow(RangeError);
  });
});
