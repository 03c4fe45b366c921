import { ProofUpkeep } from '@countersign/auth';
import type { SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import {
  aRapidpaceApplication,
  aRecord,
  codeOf,
  enter,
  exchange,
  openLink,
  queryOf,
  register,
  type PlayerRecord,
  type RapidpaceApplication,
} from '../support/rapidpace';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const DAY = 86_400;

describe('a link of Rapidpace whose player was registered', () => {
  const app = useTestApp();
  const casino = useFixture(() =>
    aRapidpaceApplication(app, {
      settings: { presets: ['rapidpace'] },
    }),
  );
  const ageOf = (seconds: number) => Math.floor(app.clock.now().getTime() / 1000) - seconds;
  const follow = (record: PlayerRecord, more = '', to: RapidpaceApplication = casino) =>
    openLink(app, to.applicationId, queryOf(record, to.secret) + more);
  const enterBy = (record: PlayerRecord) => enter(app, casino.applicationId, queryOf(record, casino.secret));
  const bearer = ({ accessToken }: SignInBody) => ({ authorization: `Bearer ${accessToken}` });

  it('is good for as long as the application says, in days that its session is over too', async () => {
    const record = aRecord(app, { auth_date: ageOf(300 * DAY) });
    await register(app, casino, record);

    const first = await enterBy(record);
    expect(first.assurance).toBe('vendor');
    const again = await enterBy(record);
    expect(again.sessionId).toBe(first.sessionId);
    app.clock.advance(60 * DAY);
    const later = await enterBy(record);
    expect(later).toMatchObject({ userId: first.userId, isNewUser: false });
    expect(later.sessionId).not.toBe(first.sessionId);
    app.clock.advance(6 * DAY);
    expectProblem(await follow(record), 401, 'rapidpace.link_expired');
  });

  it('opens nothing after its session was ended from the list, also when that was deleted', async () => {
    const record = aRecord(app);
    await register(app, casino, record);
    const { sessionId, ...session } = await enterBy(record);
    await app.http
      .delete(`/v1/me/sessions/${sessionId}`)
      .set(bearer({ sessionId, ...session }))
      .expect(204);
    expectProblem(await follow(record), 401, 'auth.proof_used');

    app.clock.advance(20 * DAY);
    await app.nest.get(ProofUpkeep).run();
    await app.database.query('DELETE FROM sessions WHERE id = $1', [sessionId]);
    expectProblem(await follow(record), 401, 'auth.proof_used');
  });

  it('opens nothing after a stolen refresh token, and nothing after all sessions were ended', async () => {
    const [stolen, ended] = [aRecord(app), aRecord(app)];
    for (const record of [stolen, ended]) await register(app, casino, record);
    const session = await enterBy(stolen);
    const renewed = (await app.refresh(session.refreshToken)).body as SignInBody;
    await app.getMe(renewed.accessToken).expect(200);
    app.clock.advance(11);
    expectProblem(await app.refresh(session.refreshToken), 401, 'session.refresh_reused');
    expectProblem(await follow(stolen), 401, 'auth.proof_used');

    const earlier = codeOf(await follow(ended));
    await app.http.delete('/v1/me/sessions').set(bearer(await enterBy(ended)));
    expectProblem(await exchange(app, casino.applicationId, earlier), 401, 'auth.proof_outdated');
    expectProblem(await follow(ended), 401, 'auth.proof_outdated');
  });

  it('takes what campaigns add, and keys that Rapidpace signs and does not document', async () => {
    const record = aRecord(app, { username: 'my_username', is_premium: 'true', auth_date: ageOf(9 * DAY) });
    await register(app, casino, record);

    const added = '&utm_source=mail&fbclid=x&gclid=y';
    expect((await follow(record, added)).status).toBe(303);
    expectProblem(await follow(record, '&other=1'), 401, 'rapidpace.hmac_mismatch');
    expectProblem(await follow(record, '&telegram_id=1'), 400, 'rapidpace.duplicate_key');
  });

  describe('that is refused', () => {
    const old = () => {
      const record = aRecord(app, { auth_date: ageOf(2 * DAY), first_name: '<b>' });
      return `/redirect?${queryOf(record, casino.secret)}`;
    };
    const open = ({ applicationId }: RapidpaceApplication, path: string, accept = 'text/html,*/*;q=0.8') =>
      app.http.get(`/v1/rapidpace/${applicationId}${path}`).set('accept', accept);

    it('shows a plain page to a browser', async () => {
      const answer = await open(casino, old());

      expect(answer.status).toBe(401);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.text).toContain('<h1>The link is too old</h1>');
      expect(answer.text).toContain('Press /start');
      expect((await open({ ...casino, applicationId: 'unknown' }, '/redirect?x=1')).status).toBe(404);
    });
  });
});
