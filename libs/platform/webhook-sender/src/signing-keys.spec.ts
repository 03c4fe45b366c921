import { createPublicKey } from 'node:crypto';
import {
  generateSigningKeyPair,
  generateSigningSecret,
  parseSigningKey,
  type SigningKey,
} from './signing-keys';

/** From the tests of svix-server. */
const PRIVATE_KEY =
  'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
const PUBLIC_KEY = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';

function secretOf(bytes: number): string {
  return `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;
}

function keyOf(text: string): SigningKey {
  const parsed = parseSigningKey(text);
  if (!parsed.ok) throw new Error(parsed.code);
  return parsed.value;
}

/** The `whpk_` text of a private key. */
function publicTextOf({ key }: SigningKey): string {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return `whpk_${Buffer.from(x, 'base64url').toString('base64')}`;
}

describe('signing keys', () => {
  it('are made with 32 random bytes', () => {
    const [one, other] = [generateSigningSecret(), generateSigningSecret()];

    expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(other).not.toBe(one);
    expect(keyOf(one).key.symmetricKeySize).toBe(32);
  });

  it('come in pairs that belong together', () => {
    const { privateKey, publicKey } = generateSigningKeyPair();

    expect(publicTextOf(keyOf(privateKey))).toBe(publicKey);
    expect(generateSigningKeyPair().privateKey).not.toBe(privateKey);
  });

  it('are read in the form that other senders write', () => {
    expect(publicTextOf(keyOf(PRIVATE_KEY))).toBe(PUBLIC_KEY);
  });

  it.each([24, 32, 64])('have %i bytes', (bytes) => {
    expect(parseSigningKey(secretOf(bytes))).toMatchObject({ ok: true, value: { version: 'v1' } });
  });

  const flipped = Buffer.from(PRIVATE_KEY.slice(5), 'base64');
  flipped[40] = (flipped[40] ?? 0) ^ 1;

  it.each([
    ['prefix', ''],
    ['prefix', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['prefix', 'WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['prefix', ' whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['prefix', PUBLIC_KEY],
    ['length', 'whsec_'],
    ['length', secretOf(23)],
    ['length', secretOf(65)],
    ['base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw '],
    ['base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS'],
    ['base64', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_'],
    ['base64', secretOf(32).slice(0, -1)],
    ['length', `whsk_${Buffer.alloc(32, 7).toString('base64')}`],
    ['base64', PRIVATE_KEY.slice(0, -1)],
    ['key_pair', `whsk_${flipped.toString('base64')}`],
  ] as const)('are refused for their %s: %s', (code, text) => {
    expect(parseSigningKey(text)).toEqual({ ok: false, code });
  });
});
