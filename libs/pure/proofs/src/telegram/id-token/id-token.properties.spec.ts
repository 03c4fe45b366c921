import * as fc from 'fast-check';
import { keys, payloadWith, policy } from '../../../testing/telegram/fake-oidc-fixture';
import { tries } from '@countersign/text/testing';
import { bitFlipped, edited, hostileTexts } from '../../../testing/telegram/mutations';
import { verifyIdToken } from './id-token';
import { ID_TOKEN_ALGORITHMS, parseJwks } from './jwks';

const verification = policy();
const tokens = ID_TOKEN_ALGORITHMS.map((alg) => keys.sign(payloadWith({ name: 'Ada + Łukasz 🦊' }), alg));
const aToken = fc.constantFrom(...tokens);
/** ECDSA on secp256k1 takes a quarter of a millisecond: `MUTATIONS` may ask for a hundred thousand of them. */
function changes(change: (token: string) => fc.Arbitrary<string>) {
  return fc.oneof(...tokens.map((token) => change(token).map((changed) => ({ token, changed }))));
}

/** Accepted, and as what. */
function saidBy(token: string): string | null {
  const result = verifyIdToken(token, verification);
  return result.ok ? JSON.stringify(result.value) : null;
}

describe('an id token under change', () => {
  it('is accepted before it', () => {
    for (const token of tokens) expect(saidBy(token)).toContain('"subject":"987654321"');
  });

  it.each([
    ['any change of its text', changes(edited)],
    ['one bit of its text flipped', changes(bitFlipped)],
  ])('is not accepted after %s', (_, change) => {
    fc.assert(
      fc.property(change, ({ token, changed }) => changed === token || saidBy(changed) === null),
      tries(500),
    );
  });

  it('is not accepted after one bit of what a part means flipped', () => {
    fc.assert(
      fc.property(aToken, fc.nat({ max: 2 }), fc.nat(), fc.nat({ max: 7 }), (token, index, at, bit) => {
        const parts = token.split('.');
        const bytes = Buffer.from(parts[index] ?? '', 'base64url');
        const position = at % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(position) ^ (1 << bit), position);
        return saidBy(parts.with(index, bytes.toString('base64url')).join('.')) === null;
      }),
      tries(500),
    );
  });

  it('is not accepted with parts of different tokens', () => {
    const others = [...tokens, ...ID_TOKEN_ALGORITHMS.map((alg) => keys.sign(payloadWith({ id: 5 }), alg))];
    const parts = others.map((token) => token.split('.'));
    for (const [one] of parts) {
      for (const [, two] of parts) {
        for (const [, , three] of parts) {
          const mixed = [one, two, three].join('.');
          expect(saidBy(mixed) !== null).toBe(others.includes(mixed));
        }
      }
    }
  });
});

describe('hostile input', () => {
  it.each([
    ...hostileTexts,
    fc.stringMatching(/^[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,90}$/),
    fc
      .tuple(fc.json(), fc.json())
      .map(
        ([header, payload]) =>
          `${[header, payload].map((text) => Buffer.from(text).toString('base64url')).join('.')}.AA`,
      ),
  ])('is refused and never throws (%#)', (anyText) => {
    fc.assert(
      fc.property(anyText, (text) => saidBy(text) === null),
      tries(250),
    );
  });

  it('never throws for any header or claims that were signed', () => {
    const claims = ['iss', 'aud', 'azp', 'nonce', 'exp', 'iat', 'nbf', 'id', 'sub', 'name', 'picture'];
    const claimed = fc.dictionary(fc.constantFrom(...claims), fc.jsonValue(), { minKeys: 1 });
    const headers = fc.dictionary(fc.constantFrom('alg', 'kid', 'typ', 'crit', 'x'), fc.jsonValue());
    fc.assert(
      fc.property(claimed, headers, (overrides, header) => {
        const result = verifyIdToken(keys.sign(payloadWith(overrides), 'EdDSA', header), verification);
        return !result.ok || Number.isSafeInteger(Number(result.value.subject));
      }),
      tries(250),
    );
  });

  it('never makes a key set throw', () => {
    const members = ['kty', 'crv', 'n', 'e', 'x', 'y', 'kid', 'alg', 'use', 'key_ops', 'd'];
    const texts = fc.constantFrom('RSA', 'EC', 'OKP', 'P-256', 'secp256k1', 'Ed25519', 'AQAB', 'sig', 'k');
    const aKey = fc.dictionary(fc.constantFrom(...members), fc.oneof(texts, texts, fc.jsonValue()));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ keys: fc.array(aKey) })), (document) => {
        for (const [kid, { key }] of parseJwks(document))
          expect([kid !== '', key.type]).toEqual([true, 'public']);
      }),
      tries(250),
    );
  });
});
