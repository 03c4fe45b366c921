import { generateSigningSecret, parseSigningKey } from './signing-keys';

function secretOf(bytes: number): string {
  return `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
}

describe('signing keys', () => {
  it('are made with 32 random bytes', () => {
    const [one, other] = [generateSigningSecret(), generateSigningSecret()];

    expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(other).not.toBe(one);
    expect(parseSigningKey(one)).toMatchObject({ ok: true, value: { symmetricKeySize: 32 } });
  });

  it.each([24, 32, 64])('have %i bytes', (bytes) => {
    expect(parseSigningKey(secretOf(bytes))).toMatchObject({ ok: true, value: { symmetricKeySize: bytes } });
  });

  it.each([
    ['prefix', ''],
    ['prefix', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['prefix', 'WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['prefix', ' whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['prefix', 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='],
    ['length', 'whsec_'],
    ['length', secretOf(23)],
    ['length', secretOf(65)],
    ['base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw '],
    ['base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS'],
    ['base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_'],
    ['base64', secretOf(32).slice(0, -1)],
  ] as const)('are refused for their %s: %s', (code, text) => {
    expect(parseSigningKey(text)).toEqual({ ok: false, code });
  });
});
