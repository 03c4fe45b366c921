import { SlideWriter } from '@countersign/sessions';
import { times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { describeSilentNotifications } from '../support/silent-notifications';
import type { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';

describe('the check on several replicas', () => {
  const app = useTestApp();
  const replica = useReplica(app);
  const shop = useApplication(app, { settings: { audiences: ['orders'] } });
  const restless = useApplication(app, { settings: { session: { accessIdle: 10 } } });

  const statusOn = async (where: TestApp, { accessToken }: Pick<SignInBody, 'accessToken'>) =>
    (await where.check(accessToken)).status;

  it('accepts a token at once that another replica has issued, though the older one is in memory', async () => {
    const session = await app.signIn(shop);
    expect(await statusOn(app, session)).toBe(200);

    const { refreshToken } = session;
    const refreshed = (await replica.refresh(refreshToken)).body as SignInBody;

    expect(await statusOn(app, refreshed)).toBe(200);
    expect(await statusOn(replica, refreshed)).toBe(200);
  });

  it('accepts it for everybody who asks at once, the older one among them', async () => {
    const session = await app.signIn(shop);
    await app.check(session.accessToken);
    const refreshed = (await replica.refresh(session.refreshToken)).body as SignInBody;

    const answers = await Promise.all(
      times(60, (index) => app.check((index % 3 ? refreshed : session).accessToken)),
    );

    const ofNewer = answers.filter((_, index) => index % 3 !== 0);
    expect(new Set(ofNewer.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('accepts a token that was kept alive on another replica, though it has idled out in memory', async () => {
    const session = await app.signIn(restless);
    expect(await statusOn(app, session)).toBe(200);
    app.clock.advance(8);
    expect(await statusOn(replica, session)).toBe(200);
    await replica.flushSlides();
    app.clock.advance(4);

    expect(await statusOn(app, session)).toBe(200);
  });

  it('refuses it where nobody used it, and asks again after a second', async () => {
    const session = await app.signIn(restless);
    await app.check(session.accessToken);
    app.clock.advance(9);
    await replica.check(session.accessToken);
    app.clock.advance(2);
    expectProblem(await app.check(session.accessToken), 401, 'session.expired');

    await replica.nest.get(SlideWriter).flush(true);
    expectProblem(await app.check(session.accessToken), 401, 'session.expired');
    app.clock.advance(1);
    expect(await statusOn(app, session)).toBe(200);
  });

  it.each<[string, (session: SignInBody) => PromiseLike<unknown>]>([
    ['revoked', ({ sessionId }) => replica.accounts.revoke({ sessionId })],
    ['revoked with all of its user', ({ userId }) => replica.accounts.revoke({ userId })],
    ['deactivated with its user', ({ userId }) => replica.accounts.setStatus(userId, 'deactivated')],
    [
      'logged out of',
      ({ accessToken }) =>
        replica.http.post('/v1/auth/logout').set('authorization', `Bearer ${accessToken}`).expect(204),
    ],
    [
      'ended by its owner',
      ({ accessToken }) =>
        replica.http
          .delete('/v1/me/sessions?all=true')
          .set('authorization', `Bearer ${accessToken}`)
          .expect(204),
    ],
  ])('refuses a session that was %s on another replica, as soon as that is heard', async (_, end) => {
    const session = await app.signIn(shop);
    const before = await app.check(session.accessToken, '?audience=orders');
    expect(before.status).toBe(200);

    await end(session);

    await until(async () => (await statusOn(app, session)) === 401);
    for (const where of [app, replica])
      for (const query of ['', '?audience=orders']) {
        const answer = await where.check(session.accessToken, query);
        expectProblem(answer, 401, 'session.ended');
        expect(answer.headers).not.toHaveProperty('x-identity-token');
      }
  });
});

describeSilentNotifications('cut');
