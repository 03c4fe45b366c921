import { aKey, aTokenOf, TestIssuer } from '../testing/test-issuer';
import { verifyIdentityToken } from '.';

const key = aKey('key-1');

let issuer: TestIssuer;

beforeEach(async () => {
  issuer = new TestIssuer();
  issuer.now = new Date();
  issuer.published = [key.jwk];
  await issuer.start();
});
afterEach(() => issuer.stop());

describe('verifyIdentityToken', () => {
  it('asks for the keys once, however its settings are written down', async () => {
    const token = await aTokenOf(key, issuer.claims());
    const { url } = issuer;

    const callers = await Promise.all([
      verifyIdentityToken(token, { issuer: url, audience: 'shop' }),
      verifyIdentityToken(token, { audience: 'shop', issuer: url }),
    ]);
    callers.push(await verifyIdentityToken(token, { issuer: url, audience: 'shop' }));

    expect(callers.map(({ userId }) => userId)).toEqual(['user-1', 'user-1', 'user-1']);
    expect(issuer.asked).toBe(1);
  });

  it('keeps apart what different settings allow', async () => {
    const token = await aTokenOf(key, issuer.claims());
    const { url } = issuer;

    await verifyIdentityToken(token, { issuer: url, audience: 'shop' });
    await expect(verifyIdentityToken(token, { issuer: url, audience: 'store' })).rejects.toMatchObject({
      code: 'wrong_audience',
    });
    await expect(
      verifyIdentityToken(token, { issuer: url, audience: 'shop', algorithms: ['EdDSA'] }),
    ).rejects.toMatchObject({ code: 'algorithm_refused' });
  });

  it('does not keep the keys of ever more issuers', async () => {
    const token = await aTokenOf(key, issuer.claims());
    const verify = (clockTolerance: number): Promise<unknown> =>
      verifyIdentityToken(token, { issuer: issuer.url, audience: 'shop', clockTolerance });

    for (let tolerance = 1; tolerance <= 32; tolerance += 1) await verify(tolerance);
    await verify(1);
    expect(issuer.asked).toBe(32);
    await verify(33);
    await verify(1);
    expect(issuer.asked).toBe(33);
    await verify(2);
    expect(issuer.asked).toBe(34);
  });

  it('takes nothing that settings cannot be told apart by', async () => {
    const settings = { issuer: issuer.url, audience: 'shop', now: () => issuer.now };

    // @ts-expect-error -- a clock is for createIdentityTokenVerifier()
    await expect(verifyIdentityToken('x', settings)).rejects.toThrow('createIdentityTokenVerifier');
  });

  it('throws without issuer or audience, and does not compile', async () => {
    // @ts-expect-error -- for whom?
    await expect(verifyIdentityToken('x', { issuer: issuer.url })).rejects.toThrow(TypeError);
    // @ts-expect-error -- by whom?
    await expect(verifyIdentityToken('x', { audience: 'shop' })).rejects.toThrow(TypeError);
  });
});
