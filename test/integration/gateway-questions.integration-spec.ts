import { decodeJwt } from 'jose';
import type { Response } from 'supertest';
import { AppError } from '@countersign/text';
import { times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('what the gateway asks for', () => {
  const app = useTestApp();
  const shop = useApplication(app, {
    settings: {
      scopes: ['orders:read', 'orders:write'],
      audiences: ['orders', 'https://billing.example.com/'],
    },
  });
  // It lists the very same names, and one more.
  const other = useApplication(app, {
    settings: { scopes: ['admin'], audiences: ['orders', 'https://billing.example.com/', 'chat'] },
  });
  const session = useFixture(() => app.signIn(shop));

  const ask = (query: string) => app.check(session.accessToken, query);
  const audienceIn = ({ headers }: Response) => decodeJwt(headers['x-identity-token'] ?? '').aud;

  it.each<[string, string]>([
    ['', 'itself'],
    ['?audience=https%3A%2F%2Fbilling.example.com%2F', 'https://billing.example.com/'],
    ['?scope=orders:write+orders:read&audience=orders', 'orders'],
  ])('is granted: %j', async (query, audience) => {
    const answer = await ask(query);

    expect(answer.status).toBe(200);
    expect(audienceIn(answer)).toBe(audience === 'itself' ? shop.applicationId : audience);
  });

  it.each([
    '?scope=admin',
    '?scope=orders:read%20orders:admin',
    '?scope=orders:rea',
    '?scope=ORDERS:READ',
    '?scope=__proto__',
  ])('needs every scope, to the letter: %s', async (query) => {
    expectProblem(await ask(query), 403, 'gateway.scope_not_granted');
  });

  it.each(['?audience=order', '?audience=orders%20chat', '?audience=Orders', '?audience=constructor'])(
    'needs an audience that the application lists, to the letter: %s',
    async (query) => {
      expectProblem(await ask(query), 403, 'gateway.audience_not_granted');
    },
  );

  it('names the application of the session, where two of them list one name', async () => {
    const stranger = await app.signIn(other);

    for (const [{ accessToken }, { applicationId }] of [
      [session, shop],
      [stranger, other],
    ] as const) {
      const answer = await app.check(accessToken, '?audience=orders');
      expect(answer.headers['x-application-id']).toBe(applicationId);
      expect(decodeJwt(answer.headers['x-identity-token'] ?? '')).toMatchObject({
        aud: 'orders',
        client_id: applicationId,
      });
    }
  });

  it('can be no id that an application lists', async () => {
    for (const id of [shop.applicationId.toUpperCase(), other.applicationId])
      await expect(app.changeSettings(shop.applicationId, { audiences: ['orders', id] })).rejects.toThrow(
        AppError,
      );
  });

  it.each(['?scopes=orders:read', '?audience=orders&audience=chat'])(
    'is refused rather than taken for less: %s',
    async (query) => {
      expectProblem(await ask(query), 400, 'gateway.question_invalid');
    },
  );

  it('is judged anew for every check, whatever was asked about the same token before', async () => {
    const { accessToken } = await app.signIn(shop);
    const asked = ['', '?scope=orders:read', '?scope=admin', '?audience=orders', '?audience=chat'];
    const expected = [200, 200, 403, 200, 403];
    await app.check(accessToken);

    const alternating = times(50, (index) => index % asked.length);
    const answers = await Promise.all(alternating.map((kind) => app.check(accessToken, asked[kind])));

    expect(answers.map(({ status }) => status)).toEqual(alternating.map((kind) => expected[kind]));
    for (const [index, kind] of alternating.entries())
      if (asked[kind] === '?audience=orders' && answers[index])
        expect(audienceIn(answers[index])).toBe('orders');
  });

  it('tells nobody who is behind a request that it refuses', async () => {
    for (const query of ['?scope=admin', '?audience=chat', '?scopes=x']) {
      const { headers, text } = await ask(query);
      for (const name of ['x-user-id', 'x-session-id', 'x-application-id', 'x-assurance', 'x-identity-token'])
        expect(headers).not.toHaveProperty(name);
      for (const value of [session.userId, session.sessionId, 'orders', 'admin', 'chat'])
        expect(text).not.toContain(value);
    }
  });

  describe('of an HTTPRoute filter, whose headers are its client’s', () => {
    const ask = (path: string) =>
      app.gateway
        .get(`/v1/gateway/external-auth${path}`)
        .set('authorization', `Bearer ${session.accessToken}`);

    it('is in the prefix, and not in what its client sends', async () => {
      for (const path of ['/orders/1', '/?audience=chat', '/any/x', '//', '/../any/x', '']) {
        const answer = await ask(`/audience=orders&scope=orders:read+orders:write${path}`);

        expect({ path, status: answer.status }).toEqual({ path, status: 200 });
        expect(audienceIn(answer)).toBe('orders');
      }
      expect(audienceIn(await ask('/any/orders'))).toBe(shop.applicationId);
      for (const scopes of ['orders:admin', 'orders:read+orders:admin'])
        expectProblem(
          await ask(`/scope=${scopes}/orders?scope=orders:read`),
          403,
          'gateway.scope_not_granted',
        );
    });

    it.each(['/', '/orders/1', '/?scope=orders:read'])(
      'is refused where it was left out: %s',
      async (path) => {
        expectProblem(await ask(path), 400, 'gateway.question_invalid');
      },
    );
  });

  describe('of a session, is by the scopes of its sign-in that its application still has', () => {
    it('when that has got another list since', async () => {
      const demo = await app.createApplication({ settings: { scopes: ['read'] } });
      const before = await app.signIn(demo);
      await app.check(before.accessToken, '?scope=read');
      await app.changeSettings(demo.applicationId, { scopes: ['write'] });
      const after = await app.signIn(demo);

      for (const scope of ['read', 'write'])
        expectProblem(
          await app.check(before.accessToken, `?scope=${scope}`),
          403,
          'gateway.scope_not_granted',
        );
      expect((await app.check(after.accessToken, '?scope=write')).status).toBe(200);
      expectProblem(await app.check(after.accessToken, '?scope=read'), 403, 'gateway.scope_not_granted');

      const refreshed = (await app.refresh(before.refreshToken)).body as SignInBody;
      for (const scope of ['read', 'write'])
        expectProblem(
          await app.check(refreshed.accessToken, `?scope=${scope}`),
          403,
          'gateway.scope_not_granted',
        );

      await app.changeSettings(demo.applicationId, { scopes: ['read', 'write'] });
      expect((await app.check(refreshed.accessToken, '?scope=read')).status).toBe(200);
      expectProblem(await app.check(refreshed.accessToken, '?scope=write'), 403, 'gateway.scope_not_granted');
    });
  });

  describe('of an application, is what it lists now, when it was changed', () => {
    it('by a statement of an operator', async () => {
      const demo = await app.createApplication({ settings: { audiences: ['old'] } });
      const { accessToken } = await app.signIn(demo);
      const statusOf = async (audience: string) =>
        (await app.check(accessToken, `?audience=${audience}`)).status;
      expect([await statusOf('old'), await statusOf('new')]).toEqual([200, 403]);

      await app.database.query(
        `UPDATE applications SET settings = settings || '{"audiences": ["new"]}' WHERE id = $1`,
        [demo.applicationId],
      );

      await until(async () => (await statusOf('old')) === 403);
      expect(await statusOf('new')).toBe(200);
      expect(await statusOf(demo.applicationId)).toBe(200);
    });
  });
});
