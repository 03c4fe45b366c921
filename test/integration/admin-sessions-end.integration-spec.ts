import { aPerson, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator, type Operator } from '../support/operator';
import { isLive } from '../support/person-session';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const PATH = '/v1/admin/sessions';
const UNKNOWN_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const SINCE = '2020-01-01T00:00:00Z';
const BOT = { provider: 'telegram', environment: 'production', botId: '7204512345' };

describe('the end of sessions by an operator', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const operator: Operator = useFixture(() => anOperator(app, ['sessions:end']));

  it('comes to one, on every replica, and its proof opens no other', async () => {
    const initData = app.initDataOf(demo);
    const body = { applicationId: demo.applicationId, initData };
    const session = (await app.postSignIn(body)).body as SignInBody;

    await app.withReplica(async (replica) => {
      expect(await isLive(replica, session)).toBe(true);
      const ended = await operator.post(`${PATH}/${session.sessionId}/end`);
      expect({ status: ended.status, body: ended.body as unknown }).toEqual({
        status: 200,
        body: { endedSessions: 1 },
      });
      expect(await isLive(app, session)).toBe(false);
      await until(async () => !(await isLive(replica, session)));
    });
    expectProblem(await app.postSignIn(body), 401, 'auth.proof_used');
    expect((await operator.post(`${PATH}/${session.sessionId}/end`)).body).toEqual({ endedSessions: 0 });
  });

  it('comes to all of a person, whose earlier proofs then open none', async () => {
    const person = aPerson();
    const sessions = [await app.signIn(demo, person), await app.signIn(demo, person)];
    const userId = sessions[0]?.userId ?? '';
    const stored = app.initDataOf(demo, person);
    app.clock.advance(1);

    const answer = await operator.post(`/v1/admin/users/${userId}/sessions/end`);
    expect(answer.body).toEqual({ endedSessions: 2 });
    for (const session of sessions) expect(await isLive(app, session)).toBe(false);
    const again = await app.postSignIn({ applicationId: demo.applicationId, initData: stored });
    expect(again.status).toBe(401);
    app.clock.advance(1);
    expect((await app.signIn(demo, person)).userId).toBe(userId);
  });

  it.each<[string, string, object | undefined, number, string]>([
    ['an unknown session', `${PATH}/${UNKNOWN_ID}/end`, undefined, 404, 'session.not_found'],
    ['an unknown account', `/v1/admin/users/${UNKNOWN_ID}/sessions/end`, undefined, 404, 'user.not_found'],
    ['neither bot nor vendor', `${PATH}/revoke`, { since: SINCE }, 400, 'request.invalid'],
    ['an unknown bot', `${PATH}/revoke`, { bot: BOT, since: SINCE }, 404, 'bot.not_found'],
    [
      'an unknown application',
      `${PATH}/revoke`,
      { vendorOf: UNKNOWN_ID, since: SINCE },
      404,
      'application.not_found',
    ],
  ])('is refused for %s', async (_name, path, body, status, code) => {
    expectProblem(await operator.post(path, body), status, code);
  });
});
