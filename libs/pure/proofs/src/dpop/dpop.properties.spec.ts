import * as fc from 'fast-check';
import { aRequest } from '../../testing/dpop/a-request';
import { DeviceKey } from '../../testing/dpop/device-key';
import { tries } from '@countersign/text/testing';
import { bitFlipped, edited } from '../../testing/dpop/mutations';
import { dpopRefusals } from './dpop-refusals';
import { DPOP_ALGORITHMS, verifyDpopProof } from './verify-dpop-proof';

const { request, expected } = aRequest();
const accessToken = 'some-access.token_1';
const here = { ...expected, accessToken };
const keys = DPOP_ALGORITHMS.map((algorithm) => DeviceKey.generate(algorithm));
const device = keys[0] ?? DeviceKey.generate();
let proofs: string[];

beforeAll(async () => {
  proofs = await Promise.all(keys.flatMap((key) => [1, 2].map(() => key.prove({ ...request, accessToken }))));
});

async function isAccepted(proof: string): Promise<boolean> {
  return (await verifyDpopProof(proof, here)).ok;
}

describe('a proof under change', () => {
  it('is accepted before it', async () => {
    for (const proof of proofs) expect(await isAccepted(proof)).toBe(true);
  });

  it.each([
    ['any change of its text', edited],
    ['one bit of what a part means flipped', bitFlipped],
  ])('is not accepted after %s', async (_, change) => {
    const changes = fc.oneof(...proofs.map((proof) => change(proof).map((changed) => ({ proof, changed }))));
    await fc.assert(
      fc.asyncProperty(
        changes,
        async ({ proof, changed }) => changed === proof || !(await isAccepted(changed)),
      ),
      tries(500),
    );
  });

  it('is not accepted with parts of different proofs', async () => {
    const parts = proofs.map((proof) => proof.split('.'));
    for (const [header] of parts) {
      for (const [, claims] of parts) {
        for (const [, , signature] of parts) {
          const mixed = [header, claims, signature].join('.');
          expect(await isAccepted(mixed)).toBe(proofs.includes(mixed));
        }
      }
    }
  });
});

describe('hostile input', () => {
  it.each([
    fc.string({ unit: 'binary', maxLength: 300, size: 'max' }),
    fc.stringMatching(/^[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,80}\.[A-Za-z0-9_-]{0,90}$/),
    fc.tuple(fc.json(), fc.json()).map(([header, claims]) => device.sign(header, claims)),
  ])('is refused and never throws (%#)', async (anyText) => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => !(await isAccepted(text))),
      tries(250),
    );
  });

  it('never throws for any header or claims that were signed', async () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('b64', 'RS256', 1e308, -1, device.publicJwk));
    const headers = fc.dictionary(fc.constantFrom('alg', 'typ', 'crit', 'b64', 'jwk', 'kid', 'zip'), value);
    const claims = fc.dictionary(fc.constantFrom('jti', 'htm', 'htu', 'iat', 'ath', 'exp', 'nbf'), value);
    await fc.assert(
      fc.asyncProperty(headers, claims, async (header, claimed) => {
        const proof = await device.prove({ ...request, accessToken, header, claims: claimed });
        const result = await verifyDpopProof(proof, here);
        return result.ok ? result.value.thumbprint === device.thumbprint : result.code in dpopRefusals;
      }),
      tries(250),
    );
  });

  it('never throws for any key that a header brings', async () => {
    const members = fc.constantFrom('kty', 'crv', 'x', 'y', 'n', 'e', 'alg', 'use', 'key_ops', 'ext');
    const words = fc.constantFrom('EC', 'OKP', 'RSA', 'oct', 'P-256', 'Ed25519', 'AQAB', 'AA');
    const coordinate = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => base64Url(bytes));
    const modulus = fc.uint8Array({ minLength: 254, maxLength: 514 }).map((bytes) => base64Url(bytes));
    const changes = fc.dictionary(members, fc.oneof(words, coordinate, modulus, fc.jsonValue()), {
      minKeys: 1,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...keys), changes, async (key, changed) => {
        const jwk = { ...key.publicJwk, ...changed };
        const result = await verifyDpopProof(
          await key.prove({ ...request, accessToken, header: { jwk } }),
          here,
        );
        return result.ok ? result.value.thumbprint === key.thumbprint : result.code in dpopRefusals;
      }),
      tries(250),
    );
  });
});

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
