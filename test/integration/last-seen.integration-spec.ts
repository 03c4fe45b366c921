import { aPerson, type SignInBody } from '../factories';
import { statementsOf } from '../support/statement-count';
import type { Demo } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

const DAY = 86_400;

describe('the day of the last visit of an application', () => {
  const app = useTestApp();
  const demo = useApplication(app, {
    settings: { perRequestInitData: { accept: true }, initDataMaxAge: 600 },
  });

  const today = () => app.clock.now().toISOString().slice(0, 10);

  async function lastSeenOn(userId: string): Promise<string | undefined> {
    const [row] = await app.database.query<{ day: string }>(
      `SELECT to_char(last_seen_on, 'YYYY-MM-DD') AS day FROM user_applications
       WHERE user_id = $1 AND application_id = $2`,
      [userId, demo.applicationId],
    );
    return row?.day;
  }

  const askPerRequest = async ({ applicationId }: Demo, initData: string): Promise<string> => {
    const answer = await app.http
      .get('/v1/me')
      .set('authorization', `tma ${initData}`)
      .set('x-countersign-application', applicationId)
      .expect(200);
    return (answer.body as { userId: string }).userId;
  };

  const refresh = async ({ refreshToken }: SignInBody): Promise<SignInBody> =>
    (await app.refresh(refreshToken).expect(200)).body as SignInBody;

  const notes = (statements: readonly string[]) =>
    statements.filter((text) => text.includes('SET last_seen_on'));

  it('moves with the first refresh of a day, and costs no statement afterwards', async () => {
    const first = await app.signIn(demo);
    const signedInOn = today();
    expect(await lastSeenOn(first.userId)).toBe(signedInOn);

    let next = first;
    const sameDay = await statementsOf(app, async () => {
      next = await refresh(first);
    });
    app.clock.advance(DAY);
    const nextDay = await statementsOf(app, async () => {
      next = await refresh(next);
    });
    const laterThatDay = await statementsOf(app, async () => {
      next = await refresh(next);
    });

    expect([sameDay, nextDay, laterThatDay].map((statements) => notes(statements).length)).toEqual([0, 1, 0]);
    expect(today()).not.toBe(signedInOn);
    expect(await lastSeenOn(first.userId)).toBe(today());
  });

  it('does not wait for a transaction that holds it: the refresh is answered, and the next one moves it', async () => {
    const session = await app.signIn(demo);
    const before = await lastSeenOn(session.userId);
    app.clock.advance(DAY);
    const holder = await app.database.hold('SELECT FROM user_applications FOR UPDATE');

    const next = await refresh(session);

    await holder.commit();
    expect(await lastSeenOn(session.userId)).toBe(before);
    app.clock.advance(DAY);
    await refresh(next);
    expect(await lastSeenOn(session.userId)).toBe(today());
  });

  it('moves with the first init data per request of a day', async () => {
    const person = aPerson();
    const userId = await askPerRequest(demo, app.initDataOf(demo, person));
    expect(await lastSeenOn(userId)).toBe(today());

    app.clock.advance(DAY);
    const initData = app.initDataOf(demo, person);
    const first = await statementsOf(app, () => askPerRequest(demo, initData));
    const second = await statementsOf(app, () => askPerRequest(demo, initData));

    expect(notes(first)).toHaveLength(1);
    expect(notes(second)).toEqual([]);
    expect(await lastSeenOn(userId)).toBe(today());
  });

  it('never moves back', async () => {
    const session = await app.signIn(demo);
    await app.database.query(`UPDATE user_applications SET last_seen_on = '2099-01-01' WHERE user_id = $1`, [
      session.userId,
    ]);
    app.clock.advance(DAY);

    await refresh(session);

    expect(await lastSeenOn(session.userId)).toBe('2099-01-01');
  });
});
