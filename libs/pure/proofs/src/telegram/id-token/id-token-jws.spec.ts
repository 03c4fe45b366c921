import { createHmac, createPublicKey, sign } from 'node:crypto';
import { keys, payloadWith, policy, verdict } from '../../../testing/telegram/fake-oidc-fixture';
import { newEcKey } from '@countersign/fake-telegram';
import { ID_TOKEN_ALGORITHMS, type IdTokenAlgorithm } from './jwks';
import { verifyIdToken } from './id-token';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const payload = payloadWith();
const token = keys.sign(payload, 'RS256');
const [header = '', claims = '', signature = ''] = token.split('.');

function encoded(text: string | Buffer): string {
  return Buffer.from(text).toString('base64url');
}

function withHeader(text: string | Buffer, alg: IdTokenAlgorithm = 'RS256'): string {
  return keys.signText(`${encoded(text)}.${encoded(payload)}`, alg);
}

describe('the form of an id token', () => {
  it.each([
    ['nothing', ''],
    ['one part', header],
    ['four parts', `${token}.${signature}`],
    ['an empty header', `.${claims}.${signature}`],
    ['padding', `${token}==`],
    ['a line feed after', `${token}\n`],
    [
      'the other base64 alphabet',
      keys.signText(`${header}.${encoded('{"a":"~~~???"}')}`, 'RS256').replace('_', '/'),
    ],
    ['characters of two bytes', `${header}.я${claims}.${signature}`],
    ['the form in JSON', JSON.stringify({ payload: claims, protected: header, signature })],
  ])('refuses %s', (_, text) => {
    expect(verdict(text)).toBe('oidc.token_malformed');
  });

  it.each(ID_TOKEN_ALGORITHMS)('takes one spelling of each part only, under %s', (alg) => {
    const parts = keys.sign(payloadWith({ name: 'Ada L' }), alg).split('.');
    let spellings = 0;
    for (const [index, part] of parts.entries()) {
      for (const last of ALPHABET) {
        const other = part.slice(0, -1) + last;
        const isSame = Buffer.from(other, 'base64url').equals(Buffer.from(part, 'base64url'));
        if (!isSame || other === part) continue;
        spellings += 1;
        expect(verdict(parts.with(index, other).join('.'))).toBe('oidc.token_malformed');
      }
    }
    expect(spellings).toBeGreaterThan(0);
  });

  it('takes 8 KiB and no byte more', () => {
    const long = (length: number) => keys.sign(payloadWith({ ton: 'a'.repeat(length) }), 'ES256');
    const room = 8192 - long(0).length;
    const fits = Math.floor((room * 3) / 4);

    expect(long(fits).length).toBeLessThanOrEqual(8192);
    expect(verdict(long(fits))).toBe('accepted');
    expect(verdict(long(fits + 3))).toBe('oidc.token_too_long');
  });
});

describe('the header of an id token', () => {
  const usual = { alg: 'RS256', kid: 'oidc-1' };

  it.each([
    ['without a type', usual],
    ['with the type in small letters', { ...usual, typ: 'jwt' }],
    ['with the whole media type', { ...usual, typ: 'application/jwt' }],
    ['with members that mean nothing here', { ...usual, cty: 'x', x5t: 'AA', b64: true }],
  ])('may be %s', (_, value) => {
    expect(verdict(withHeader(JSON.stringify(value)))).toBe('accepted');
  });

  it.each([
    ['no JSON', '{', 'header_malformed'],
    ['an array', '[]', 'header_malformed'],
    ['two algorithms', '{"alg":"RS256","kid":"oidc-1","alg":"RS256"}', 'header_malformed'],
    ['two algorithms, one escaped', '{"alg":"none","kid":"oidc-1","\\u0061lg":"RS256"}', 'header_malformed'],
    [
      'bytes that are not UTF-8',
      Buffer.from('{"alg":"RS256","kid":"oidc-1","x":"\xff"}', 'latin1'),
      'header_malformed',
    ],
    ['a critical extension', '{"alg":"RS256","kid":"oidc-1","crit":["b64"],"b64":false}', 'critical_header'],
    ['the type of an access token', '{"alg":"RS256","kid":"oidc-1","typ":"at+jwt"}', 'type_not_allowed'],
    ['a type that is no text', '{"alg":"RS256","kid":"oidc-1","typ":null}', 'type_not_allowed'],
    ['no algorithm', '{"kid":"oidc-1"}', 'algorithm_not_allowed'],
    ['an algorithm in small letters', '{"alg":"rs256","kid":"oidc-1"}', 'algorithm_not_allowed'],
    ['an algorithm in __proto__', '{"__proto__":{"alg":"RS256"},"kid":"oidc-1"}', 'algorithm_not_allowed'],
    ['no key id', '{"alg":"RS256"}', 'key_id_invalid'],
    ['a key id of 129 characters', `{"alg":"RS256","kid":"${'a'.repeat(129)}"}`, 'key_id_invalid'],
    ['a line feed in the key id', '{"alg":"RS256","kid":"oidc-1\\n"}', 'key_id_invalid'],
    ['a key that is not published', '{"alg":"RS256","kid":"oidc-2"}', 'unknown_key'],
    ['the key id __proto__', '{"alg":"RS256","kid":"__proto__"}', 'unknown_key'],
  ])('is refused with %s', (_, text, code) => {
    expect(verdict(withHeader(text))).toBe(`oidc.${code}`);
  });

  it.each(['none', 'None', 'HS256', 'HS512', 'RS384', 'RS512', 'PS256', 'ES384', 'ES512', 'Ed25519', ''])(
    'is refused with the algorithm %j, signed or not',
    (alg) => {
      const text = `${encoded(JSON.stringify({ alg, kid: 'oidc-1' }))}.${encoded(payload)}`;

      expect(verdict(keys.signText(text, 'RS256'))).toBe('oidc.algorithm_not_allowed');
      expect(verdict(`${text}.`)).toBe('oidc.algorithm_not_allowed');
    },
  );
});

describe('the algorithm of an id token', () => {
  const others = ID_TOKEN_ALGORITHMS.flatMap((alg) =>
    ID_TOKEN_ALGORITHMS.filter((other) => other !== alg).map((other) => [alg, other] as const),
  );

  it.each(others)('is that of the key: %s is refused under the key id of %s', (alg, other) => {
    expect(verdict(keys.sign(payload, alg, { kid: keys.keyId(other) }))).toBe('oidc.algorithm_mismatch');
  });

  it.each(others)('is not what the header says: a signature by %s, called %s', (alg, other) => {
    const isSameLength = alg !== 'RS256' && other !== 'RS256';

    expect(verdict(keys.sign(payload, alg, { alg: other, kid: keys.keyId(other) }))).toBe(
      isSameLength ? 'oidc.signature_mismatch' : 'oidc.signature_malformed',
    );
  });

  it.each(ID_TOKEN_ALGORITHMS)('is never HMAC under the public key of %s', (alg) => {
    const publicKey = policy().keys.get(keys.keyId(alg))?.key;
    const forms = [
      publicKey?.export({ type: 'spki', format: 'pem' }),
      publicKey?.export({ type: 'spki', format: 'der' }),
      JSON.stringify(publicKey?.export({ format: 'jwk' })),
    ];
    for (const secret of forms) {
      for (const called of ['HS256', alg]) {
        const text = `${encoded(JSON.stringify({ alg: called, kid: keys.keyId(alg) }))}.${encoded(payload)}`;
        const forged = `${text}.${createHmac('sha256', secret ?? '')
          .update(text)
          .digest('base64url')}`;
        expect(verdict(forged)).toBe(
          called === 'HS256' ? 'oidc.algorithm_not_allowed' : 'oidc.signature_malformed',
        );
      }
    }
  });

  it('is not helped by a key that the header brings along', () => {
    const privateKey = newEcKey('P-256');
    const jwk = { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: 'mine', alg: 'ES256' };
    const forge = (kid: string): string => {
      const text = `${encoded(JSON.stringify({ alg: 'ES256', kid, jwk, jku: 'https://evil.example' }))}.${encoded(payload)}`;
      return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    };

    expect(verdict(forge('mine'))).toBe('oidc.unknown_key');
    expect(verdict(forge('oidc-es256-1'))).toBe('oidc.signature_mismatch');
  });

  it('is that of no key at all while none is known', () => {
    expect(verifyIdToken(token, policy({ keys: new Map() }))).toEqual({
      ok: false,
      code: 'oidc.unknown_key',
    });
  });
});
