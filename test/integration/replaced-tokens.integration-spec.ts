import type { OpenAPIObject } from '@nestjs/swagger';
import { aPerson, type SignInBody } from '../factories';
import { environmentOf, useCustody } from '../support/embedded-wallets';
import { credentialsOf, MetaproClient, type MetaproLogin } from '../support/metapro-client';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { aXellarApplication, dataOf, expectXellarError, XellarClient } from '../support/xellar-client';

const ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

type Headers = Readonly<Record<string, string>>;

/** A token of an API, and how to enter with one launch. */
interface TokenKind {
  readonly document: string;
  readonly scheme: string;
  /** @returns a call that presents the same launch each time, and the headers of the token that it gets */
  readonly launch: () => Promise<() => Promise<Headers>>;
}

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const demo = useFixture(() => aXellarApplication(app));
const project = useApplication(app, { settings: { metapro: { enabled: true } } });
const xellar = () => new XellarClient(app, demo);

/** A client of Xellar that opens the Mini App once. */
function xellarLaunch(person = aPerson()) {
  const dataString = app.initDataOf(demo, person);
  return async () => dataOf(await xellar().login({ dataString }));
}

const bearer = (token = ''): Headers => ({ authorization: `Bearer ${token}` });

const kinds: Readonly<Record<string, TokenKind>> = {
  'an access token': {
    document: 'public',
    scheme: 'accessToken',
    launch: async () => {
      const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo, aPerson()) };
      return async () => bearer(((await app.postSignIn(body)).body as SignInBody).accessToken);
    },
  },
  'a token of Metapro’s clients': {
    document: 'metapro',
    scheme: 'metaproToken',
    launch: async () => {
      const telegramSimpleString = app.initDataOf(project, aPerson());
      const body = { projectId: project.applicationId, telegramBotName: 'test_bot', telegramSimpleString };
      return async () => {
        const { body: login } = await new MetaproClient(app).telegramLogin(body);
        const { accessToken = '', userId = '' } = credentialsOf(login as MetaproLogin);
        return { authorization: accessToken, 'x-account-userid': userId };
      };
    },
  },
  'an access token of Xellar’s clients': {
    document: 'xellar',
    scheme: 'accessToken',
    launch: async () => {
      const enter = xellarLaunch();
      return async () => ({ ...xellar().byServer, ...bearer((await enter()).accessToken) });
    },
  },
  'a wallet token of Xellar’s clients': {
    document: 'xellar',
    scheme: 'walletToken',
    launch: async () => {
      const person = aPerson();
      await xellar().withWallet(person);
      app.clock.advance(1);
      const enter = xellarLaunch(person);
      return async () => ({ ...xellar().byServer, ...bearer((await enter()).walletToken) });
    },
  },
};

/** The operations of a document that take a token. */
async function operationsWith({ document, scheme }: TokenKind) {
  const { paths } = (await app.http.get(`/openapi/${document}.json`)).body as OpenAPIObject;
  return Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]?.security?.some((each) => scheme in each)).map((method) => ({
      method,
      path: path.replaceAll(/\{\w+\}/g, ID),
    })),
  );
}

describe('re-entry by the launch', () => {
  it.each(Object.entries(kinds))('ends %s at each route', async (_, kind) => {
    const enter = await kind.launch();
    const replaced = await enter();
    app.clock.advance(11);
    const current = await enter();
    expect(current['authorization']).not.toBe(replaced['authorization']);
    const routes = await operationsWith(kind);
    expect(routes.length).toBeGreaterThan(0);

    const statuses: unknown[] = [];
    for (const { method, path } of routes) {
      const { status } = await app.http[method](path).set(replaced).send({});
      if (status !== 401) statuses.push({ method, path, status });
    }
    expect(statuses).toEqual([]);
    const [first] = routes.filter(({ path }) => !path.includes(ID));
    const answer = await app.http[first?.method ?? 'get'](first?.path ?? '')
      .set(current)
      .send({});
    expect(answer.status).not.toBe(401);
  });

  it('within ten seconds gives Xellar’s clients the same pair, whose tokens all go on', async () => {
    const enter = xellarLaunch();
    const [one, other] = await Promise.all([enter(), enter()]);
    app.clock.advance(9);
    const last = await enter();
    for (const { accessToken } of [one, other, last])
      expect((await xellar().post('account/create', {}, accessToken)).status).toBe(200);
  });

  it('ends the check of the gateway for an access token, too', async () => {
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo, aPerson()) };
    const { accessToken } = (await app.postSignIn(body)).body as SignInBody;
    expect((await app.check(accessToken)).status).toBe(200);
    app.clock.advance(11);
    expect((await app.postSignIn(body)).status).toBe(200);
    expect((await app.check(accessToken)).status).toBe(401);
  });
});

describe('a refresh of Xellar’s clients', () => {
  const message = { network: 'ethereum', message: 'Hello' };
  const sign = (token = '') => xellar().post('wallet/sign-message', message, token);

  it('ends the tokens of the pair before it after ten seconds', async () => {
    const { accessToken } = await xellar().loggedIn();
    const create = () => xellar().post('account/create', {}, accessToken);
    const made = dataOf(await create());
    const again = dataOf(await create());
    await xellar().refreshed(made.refreshToken ?? '');
    expect((await sign(again.walletToken)).status).toBe(200);
    app.clock.advance(11);

    expectXellarError(await sign(made.walletToken), 401, 'xellar.token_invalid');
    expectXellarError(await create(), 401, 'xellar.token_invalid');
  });

  it('leaves parallel tabs with the tokens that they have just got', async () => {
    const made = await xellar().withWallet();
    const [one, other] = [
      await xellar().refreshed(made.refreshToken),
      await xellar().refreshed(made.refreshToken),
    ];
    const third = await xellar().refreshed(one.refreshToken);
    const fourth = await xellar().refreshed(third.refreshToken);
    app.clock.advance(9);
    for (const { walletToken } of [made, one, other, third, fourth])
      expect((await sign(walletToken)).status).toBe(200);
  });

  it('is ended with all its tokens by a re-entry, at once', async () => {
    const person = aPerson();
    await xellar().withWallet(person);
    app.clock.advance(1);
    const enter = xellarLaunch(person);
    const login = await enter();
    const next = await xellar().refreshed(login.refreshToken ?? '');
    app.clock.advance(11);
    const current = await enter();

    for (const token of [login.walletToken, next.walletToken])
      expectXellarError(await sign(token), 401, 'xellar.token_invalid');
    const { refreshToken } = next;
    expectXellarError(await xellar().post('wallet/refresh', { refreshToken }), 401, 'session.token_invalid');
    expect((await sign(current.walletToken)).status).toBe(200);
  });
});
