import { aPerson, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { isLive, sessionOf, signInByWidget, signInPerson } from '../support/person-session';
import { aCasinoWithBot, aRecord, enter, queryOf, register } from '../support/rapidpace';
import type { TestApp } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Listed {
  readonly items: readonly {
    sessionId: string;
    applicationId: string;
    deviceName: string | null;
    current: boolean;
  }[];
  readonly nextCursor: string | null;
}

describe('one’s own sessions', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const other = useApplication(app);

  async function list({ accessToken }: SignInBody, query = ''): Promise<Listed> {
    const answer = await app.http
      .get(`/v1/me/sessions${query}`)
      .set('authorization', `Bearer ${accessToken}`);
    expect(answer.status).toBe(200);
    return answer.body as Listed;
  }

  function end({ accessToken }: SignInBody, path: string): ReturnType<TestApp['getMe']> {
    return app.http.delete(`/v1/me/sessions${path}`).set('authorization', `Bearer ${accessToken}`);
  }

  it('are listed newest first, with the current one marked, page by page', async () => {
    const person = aPerson();
    const first = await app.signIn(demo, person, { deviceName: 'Телефон Анны' });
    const second = await app.signIn(other, person);
    const third = await app.signIn(demo, person);

    const page = await list(first, '?limit=2');
    const rest = await list(first, `?limit=2&cursor=${page.nextCursor ?? ''}`);

    expect([...page.items, ...rest.items].map(({ sessionId }) => sessionId)).toEqual([
      third.sessionId,
      second.sessionId,
      first.sessionId,
    ]);
    expect(rest).toMatchObject({
      items: [{ deviceName: 'Телефон Анны', current: true, applicationId: demo.applicationId }],
      nextCursor: null,
    });
  });

  it('can be ended one by one, also twice', async () => {
    const person = aPerson();
    const [mine, another] = [await app.signIn(demo, person), await app.signIn(other, person)];

    expect((await end(mine, `/${another.sessionId}`)).status).toBe(204);
    expect((await end(mine, `/${another.sessionId}`)).status).toBe(204);

    expectProblem(await app.getMe(another.accessToken), 401, 'session.ended');
    expect((await app.getMe(mine.accessToken)).status).toBe(200);
  });

  it('end all at once, all but this one or this one too', async () => {
    const person = aPerson();
    const [mine, another] = [await app.signIn(demo, person), await app.signIn(other, person)];

    expect((await end(mine, '')).status).toBe(204);
    expectProblem(await app.getMe(another.accessToken), 401, 'session.ended');
    expect((await app.getMe(mine.accessToken)).status).toBe(200);

    expect((await end(mine, '?all=true')).status).toBe(204);
    expectProblem(await app.getMe(mine.accessToken), 401, 'session.ended');
  });

  it('of somebody else, and ones that never were, do not exist', async () => {
    const [mine, theirs] = [await app.signIn(demo), await app.signIn(demo)];

    for (const id of [theirs.sessionId, '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11', 'x'])
      expectProblem(await end(mine, `/${id}`), 404, 'session.not_found');

    expect((await app.getMe(theirs.accessToken)).status).toBe(200);
  });

  it('end by logout, which answers the same when it is over and when the token fell asleep', async () => {
    const mine = await app.signIn(demo);
    const logout = (token: string): ReturnType<TestApp['getMe']> =>
      app.http.post('/v1/auth/logout').set('authorization', `Bearer ${token}`);
    app.clock.advance(3_600);

    expect((await logout(mine.accessToken)).status).toBe(204);
    expect((await logout(mine.accessToken)).status).toBe(204);

    expectProblem(await app.refresh(mine.refreshToken), 401, 'session.ended');
    expectProblem(await logout('nonsense'), 401, 'session.token_invalid');
    expectProblem(await app.http.post('/v1/auth/logout'), 401, 'session.token_missing');
  });

  describe('end all, below the level of the account,', () => {
    it('by a vendor’s session, which ends and outdates nothing stronger', async () => {
      const { casino, demo: place } = await aCasinoWithBot(app, {});
      const strong = await signInPerson(app, place);
      const record = aRecord(app, { telegram_id: strong.person.id });
      await register(app, casino, record);
      const entered = await enter(app, place.applicationId, queryOf(record, casino.secret));
      const weak = sessionOf(app, entered, strong.person, () => ({}));
      const initData = app.initDataOf(place, strong.person);
      app.clock.advance(1);

      expect((await weak.delete('/v1/me/sessions')).status).toBe(204);
      expectProblem(await weak.delete(`/v1/me/sessions/${strong.sessionId}`), 404, 'session.not_found');
      expect(await isLive(app, strong)).toBe(true);
      expect((await app.postSignIn({ applicationId: place.applicationId, initData })).status).toBe(200);
    });

    it('by a session of a bot’s token, which ends its equals', async () => {
      const person = aPerson();
      const [strong, weak, equal] = [
        await signInPerson(app, demo, person),
        await signInByWidget(app, demo, person),
        await signInByWidget(app, demo, person),
      ];

      expect((await weak.delete('/v1/me/sessions')).status).toBe(204);
      expect(await isLive(app, strong)).toBe(true);
      expect(await isLive(app, equal)).toBe(false);
      expect(await isLive(app, weak)).toBe(true);
    });
  });
});
