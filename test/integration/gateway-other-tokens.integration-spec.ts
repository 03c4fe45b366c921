import { expectProblem } from '../support/expect-problem';
import { aConfidentialApplication, basicOf } from '../support/oauth';
import { aRapidpaceApplication, aRecord, codeOf, openLink, queryOf } from '../support/rapidpace';
import { statementsOf } from '../support/statement-count';
import { headOf } from '../support/token';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const PATH = '/v1/gateway/authorize';

describe('a token of one kind, shown where another is meant,', () => {
  const app = useTestApp();
  const shop = useFixture(() =>
    aConfidentialApplication(app, { settings: { perRequestInitData: { accept: true } } }),
  );
  const session = useFixture(() => app.signIn(shop));

  let identityToken: string;

  beforeAll(async () => {
    identityToken = (await app.check(session.accessToken)).headers['x-identity-token'] ?? '';
    expect(identityToken).toMatch(/^ey/);
  });

  async function oneTimeCode(): Promise<string> {
    const { applicationId, secret } = await aRapidpaceApplication(app);
    return codeOf(await openLink(app, applicationId, queryOf(aRecord(app), secret)));
  }

  const kinds: Record<string, () => Promise<string> | string> = {
    'a refresh token': () => session.refreshToken,
    'an identity token': () => identityToken,
    'a one-time code': oneTimeCode,
    'a client secret': () => shop.clientSecret,
    'a bot token': () => shop.botToken,
    'init data': () => app.initDataOf(shop),
    'a session id': () => session.sessionId,
    'a user id': () => session.userId,
    'the access token under the name of a refresh token': () =>
      session.accessToken.replace(/^cs_at_/, 'cs_rt_'),
    'a refresh token under the name of an access token': () =>
      session.refreshToken.replace(/^cs_rt_/, 'cs_at_'),
    'an access token with another tag': () =>
      session.accessToken.slice(0, -4) + (session.accessToken.endsWith('AAAA') ? 'BBBB' : 'AAAA'),
    'an access token with another secret': () => {
      const head = headOf(session.accessToken).length + 30;
      const turned = session.accessToken[head] === 'A' ? 'B' : 'A';
      return session.accessToken.slice(0, head) + turned + session.accessToken.slice(head + 1);
    },
    'an access token and more': () => `${session.accessToken}A`,
    'an access token and a padding': () => `${session.accessToken}=`,
    'less than an access token': () => session.accessToken.slice(0, -1),
    'an access token of a key that nobody has': () =>
      session.accessToken.replace(headOf(session.accessToken), 'cs_at_nobody_'),
    'an access token in capitals': () => session.accessToken.toUpperCase(),
  };

  it.each(Object.entries(kinds))(
    '%s, is refused by the check and at /v1/me, with no statement',
    async (_, make) => {
      const token = await make();

      const statements = await statementsOf(app, async () => {
        for (const scheme of ['Bearer', 'DPoP'])
          for (const call of [app.gateway.get(PATH), app.http.get('/v1/me')]) {
            const answer = await call.set('authorization', `${scheme} ${token}`);
            expectProblem(answer, 401, 'session.token_invalid');
            expect(answer.headers).not.toHaveProperty('x-user-id');
          }
      });

      expect(statements).toEqual([]);
    },
  );

  it.each<[string, () => string]>([
    ['the client secret', () => basicOf(shop)],
    ['an access token as a client secret', () => basicOf({ ...shop, clientSecret: session.accessToken })],
  ])('%s is no credential for the check', async (_, write) => {
    const answer = await app.gateway
      .get(PATH)
      .set({ authorization: write(), 'x-countersign-application': shop.applicationId });

    expectProblem(answer, 401, 'session.token_missing');
  });

  it.each(
    Object.entries(kinds).filter(
      ([kind]) => !['a refresh token', 'init data', 'an identity token'].includes(kind),
    ),
  )('%s refreshes nothing, with no statement', async (_, make) => {
    const token = await make();

    const statements = await statementsOf(app, async () => {
      expectProblem(await app.refresh(token), 401, 'session.token_invalid');
    });
    expect(statements).toEqual([]);
  });

  it('a one-time code, opens a session afterwards: nothing used it up', async () => {
    const { applicationId, secret } = await aRapidpaceApplication(app);
    const code = codeOf(await openLink(app, applicationId, queryOf(aRecord(app), secret)));
    expectProblem(await app.check(code), 401, 'session.token_invalid');

    const answer = await app.http.post('/v1/auth/exchange').send({ applicationId, code });
    expect(answer.status).toBe(200);
  });
});
