import type { OpenAPIObject } from '@nestjs/swagger';
import { aPerson } from '../factories';
import { environmentOf, useCustody } from '../support/embedded-wallets';
import { signInPerson } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { aXellarApplication, expectXellarError, XellarClient } from '../support/xellar-client';

const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const demo = useFixture(() => aXellarApplication(app));
const client = () => new XellarClient(app, demo);

interface Called {
  readonly method: (typeof METHODS)[number];
  readonly path: string;
}

/** The operations of a document that take one of the schemes. */
async function operationsWith(document: string, schemes: readonly string[]): Promise<readonly Called[]> {
  const { paths } = (await app.http.get(`/openapi/${document}.json`)).body as OpenAPIObject;
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) =>
      item[method]?.security?.some((each) => schemes.some((scheme) => scheme in each))
        ? [{ method, path: path.replaceAll(/\{\w+\}/g, ID) }]
        : [],
    ),
  );
}

describe('tokens of Xellar’s clients', () => {
  it('open no route of another API, whatever their kind', async () => {
    const person = aPerson();
    const made = await client().withWallet(person);
    const { accessToken = '' } = await client().loggedIn();
    const routes = [
      ...(await operationsWith('public', ['accessToken'])),
      ...(await operationsWith('metapro', ['metaproToken'])),
    ];
    expect(routes.length).toBeGreaterThan(50);
    for (const { method, path } of routes)
      for (const token of [made.walletToken, made.refreshToken, accessToken])
        for (const authorization of [`Bearer ${token}`, token]) {
          const { status } = await app.http[method](path).set('authorization', authorization).send({});
          expect({ path, method, status: [401, 404].includes(status) }).toEqual({
            path,
            method,
            status: true,
          });
        }
    for (const refreshToken of [made.walletToken, made.refreshToken, accessToken])
      expect([400, 401]).toContain((await app.refresh(refreshToken)).status);
    expect((await client().get('wallet/address', made.walletToken)).status).toBe(200);
  });

  it('are the only ones that open these routes, each kind its own', async () => {
    const { walletToken, refreshToken } = await client().withWallet();
    const { accessToken = '' } = await client().loggedIn();
    const native = await signInPerson(app, demo);
    const junk = [native.accessToken, native.refreshToken, refreshToken, demo.clientSecret, 'e30.e30.e30'];
    const ofWallet = await operationsWith('xellar', ['walletToken']);
    const ofAccount = await operationsWith('xellar', ['accessToken']);
    expect(ofWallet.length).toBeGreaterThanOrEqual(7);

    const call = async ({ method, path }: Called, token: string) =>
      app.http[method](path)
        .set({ ...client().byServer, authorization: `Bearer ${token}` })
        .send({});
    for (const route of ofWallet)
      for (const token of [...junk, accessToken])
        expectXellarError(await call(route, token), 401, 'xellar.token_invalid');
    for (const route of ofAccount)
      for (const token of [...junk, walletToken])
        expectXellarError(await call(route, token), 401, 'xellar.token_invalid');
    for (const token of [native.refreshToken, native.accessToken, accessToken, walletToken])
      expectXellarError(
        await client().post('wallet/refresh', { refreshToken: token }),
        401,
        'xellar.token_invalid',
      );
  });

  it('are verified whole: algorithm, key, type and claims', async () => {
    const { walletToken } = await client().withWallet();
    const [header = '', payload = '', signature = ''] = walletToken.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
    const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = [
      `${text({ ...read(header), alg: 'none' })}.${payload}.`,
      `${text({ ...read(header), typ: 'JWT' })}.${payload}.${signature}`,
      `${text({ ...read(header), kid: 'another' })}.${payload}.${signature}`,
      `${header}.${text({ ...read(payload), exp: 9_999_999_999 })}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -2)}`,
      `${header}.${payload}`,
      'x'.repeat(5_000),
    ];
    for (const token of forged)
      expectXellarError(await client().get('wallet/address', token), 401, 'xellar.token_invalid');
    expect((await client().get('wallet/address', walletToken)).status).toBe(200);
  });
});
