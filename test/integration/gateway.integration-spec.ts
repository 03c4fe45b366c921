import { decodeJwt, decodeProtectedHeader } from 'jose';
import { times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { statementsOf } from '../support/statement-count';
import { TestApp, type Demo } from '../support/test-app';

describe('the gateway check', () => {
  let app: TestApp;
  let shop: Demo;

  beforeAll(async () => {
    app = await TestApp.start();
    shop = await app.createApplication({ settings: { scopes: ['orders:read', 'orders:write'], audiences: ['orders'] } });
  });

  afterAll(() => app.close());

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])(
    'says who is behind a %s, with an empty body',
    async (method) => {
      const { accessToken, userId, sessionId } = await app.signIn(shop);
      const answer = await fetch(`http://127.0.0.1:${app.gatewayPort}/v1/gateway/authorize`, {
        method,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'multipart/form-data; boundary=x' },
      });

      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe('');
      expect(answer.headers.get('x-user-id')).toBe(userId);
      expect(answer.headers.get('x-session-id')).toBe(sessionId);
      expect(answer.headers.get('x-application-id')).toBe(shop.applicationId);
      const token = answer.headers.get('x-identity-token') ?? '';
      expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'countersign-identity+jwt' });
      expect(decodeJwt(token)).toMatchObject({ sub: userId, sid: sessionId, aud: shop.applicationId });
    },
  );

  it('takes no statement for a warm session', async () => {
    const { accessToken } = await app.signIn(shop);
    await app.check(accessToken);

    expect(await statementsOf(app, () => Promise.all(times(50, () => app.check(accessToken))))).toEqual([]);
  });

  it('reads one row for five hundred simultaneous checks of a cold token', async () => {
    const { accessToken } = await app.signIn(shop);
    await app.check((await app.signIn(shop)).accessToken);
    const statements = await statementsOf(app, async () => {
      const answers = await Promise.all(times(500, () => app.check(accessToken)));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
    });

    expect(statements).toHaveLength(1);
  });

  it('decides on scopes and audience after the session was found', async () => {
    const { accessToken } = await app.signIn(shop);
    const other = await app.createApplication();

    expect((await app.check(accessToken, '?scope=orders:read%20orders:write&audience=orders')).status).toBe(200);
    expectProblem(await app.check(accessToken, '?scope=orders:admin'), 403, 'gateway.scope_not_granted');
    expectProblem(await app.check(accessToken, `?audience=${other.applicationId}`), 403, 'gateway.audience_not_granted');
    expectProblem(await app.check(accessToken, '?scopes=orders:read'), 400, 'gateway.question_invalid');
    expectProblem(await app.check('cs_at_junk'), 401, 'session.token_invalid');
    expectProblem(await app.gateway.get('/v1/gateway/authorize'), 401, 'session.token_missing');
  });
});
