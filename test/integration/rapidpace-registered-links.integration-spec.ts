import { randomUUID } from 'node:crypto';
import { ErasureService } from '@countersign/account';
import { ProofUpkeep } from '@countersign/auth';
import { ExpiredRows } from '@countersign/database';
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
  without,
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
  const playerOf = ({ telegram_id: id = 0 }: PlayerRecord) => ({ telegram_id: id });
  const bearer = ({ accessToken }: SignInBody) => ({ authorization: `Bearer ${accessToken}` });

  it('is good for a year after the registration, in days that its session is over too', async () => {
    const record = aRecord(app, { auth_date: ageOf(900 * DAY) });
    await register(app, casino, record);

    const first = await enterBy(record);
    expect(first.assurance).toBe('vendor');
    const again = await enterBy(record);
    expect(again.sessionId).toBe(first.sessionId);
    app.clock.advance(360 * DAY);
    const later = await enterBy(record);
    expect(later).toMatchObject({ userId: first.userId, isNewUser: false });
    expect(later.sessionId).not.toBe(first.sessionId);
    app.clock.advance(5 * DAY);
    expect((await follow(record)).status).toBe(303);
    app.clock.advance(1);
    expectProblem(await follow(record), 401, 'rapidpace.link_expired');
  });

  it.each([
    ['three days ago', 3 * DAY],
    ['two years ago', 730 * DAY],
  ])('may carry any date, such as one of %s, whatever date the registration had', async (_, age) => {
    const record = aRecord(app);
    const registered = await register(app, casino, record);
    const { userId } = registered.body as { userId: string };

    const campaign = { ...record, auth_date: ageOf(age), trace_id: randomUUID() };
    expect(await enterBy(campaign)).toMatchObject({ userId, isNewUser: false });
    const again = { ...without(record, 'first_name', 'trace_id'), auth_date: ageOf(age + 1) };
    expect((await enterBy(again)).userId).toBe(userId);
    const ahead = { ...campaign, auth_date: ageOf(-90) };
    expectProblem(await follow(ahead), 401, 'rapidpace.link_in_future');
    expectProblem(await follow(without(campaign, 'auth_date')), 401, 'rapidpace.undated_link');
  });

  it('is one of a player whom a call with the Telegram id alone registered', async () => {
    const player = playerOf(aRecord(app));
    await register(app, casino, player);

    expect((await follow(aRecord(app, { ...player, auth_date: ageOf(5 * DAY) }))).status).toBe(303);
  });

  it('is good for a day only where the player is not registered, or the application has no preset', async () => {
    const late = aRecord(app, { auth_date: ageOf(2 * DAY) });
    expectProblem(await follow(late), 401, 'rapidpace.link_expired');
    const player = playerOf(late);
    await enterBy(aRecord(app, player));
    expectProblem(await follow(late), 401, 'rapidpace.link_expired');

    const plain = await aRapidpaceApplication(app);
    await register(app, plain, aRecord(app, player));
    expectProblem(await follow(late, '', plain), 401, 'rapidpace.link_expired');
    expectProblem(await follow(late), 401, 'rapidpace.link_expired');
    await register(app, casino, aRecord(app, player));
    expect((await follow(late)).status).toBe(303);
  });

  it('begins its year anew at each /start, and not by a call that is repeated', async () => {
    const first = aRecord(app);
    const player = playerOf(first);
    await register(app, casino, first);
    const captured = aRecord(app, { ...player, auth_date: ageOf(10 * DAY) });

    app.clock.advance(364 * DAY);
    for (const replayed of [first, captured, player])
      expect((await register(app, casino, replayed)).status).toBe(200);
    const ahead = aRecord(app, { ...player, auth_date: ageOf(-30 * DAY) });
    expect((await register(app, casino, ahead)).status).toBe(200);
    app.clock.advance(2 * DAY);
    expectProblem(await follow(captured), 401, 'rapidpace.link_expired');
    await app.nest.get(ExpiredRows).delete();
    for (const replayed of [first, captured, player]) await register(app, casino, replayed);
    expectProblem(await follow(captured), 401, 'rapidpace.link_expired');

    await register(app, casino, aRecord(app, player));
    expect((await follow(captured)).status).toBe(303);
  });

  describe.each<[string, (userId: string, session: SignInBody) => Promise<unknown>]>([
    [
      'the end of all sessions',
      (_, session) => app.http.delete('/v1/me/sessions?all=true').set(bearer(session)),
    ],
    ['a revocation by the operator', (userId) => app.accounts.revoke({ userId })],
    [
      'a deactivation',
      async (userId) => {
        await app.accounts.setStatus(userId, 'deactivated');
        await app.accounts.setStatus(userId, 'active');
      },
    ],
  ])('after %s', (_, end) => {
    it('opens nothing, until the player presses /start again', async () => {
      const record = aRecord(app);
      const player = playerOf(record);
      await register(app, casino, record);
      const captured = aRecord(app, { ...player, auth_date: ageOf(3 * DAY) });
      const session = await enterBy(record);
      app.clock.advance(60);
      await end(session.userId, session);
      app.clock.advance(60);

      // The thief also sends the links as registration calls.
      for (const link of [record, captured, without(captured, 'auth_date')])
        await register(app, casino, link);
      expectProblem(await follow(record), 401, 'auth.proof_outdated');
      expectProblem(await follow(captured), 401, 'rapidpace.link_expired');

      const later = aRecord(app, player);
      expect((await enterBy(later)).userId).toBe(session.userId);
      app.clock.advance(2 * DAY);
      expectProblem(await follow(later), 401, 'rapidpace.link_expired');

      await register(app, casino, aRecord(app, player));
      expect((await enterBy(later)).userId).toBe(session.userId);
      expectProblem(await follow(captured), 401, 'auth.proof_outdated');
    });
  });

  it('of an erased person opens nothing old in the new account that a /start makes', async () => {
    const record = aRecord(app);
    await register(app, casino, record);
    const { userId } = await enterBy(record);
    await app.nest.get(ErasureService).eraseFor(userId, 'ticket-7', true);
    const { count } = (
      await app.database.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM rapidpace_registrations WHERE identity_id NOT IN (SELECT id FROM identities)',
      )
    )[0] ?? { count: -1 };
    expect(count).toBe(0);

    expectProblem(
      await follow(aRecord(app, { ...record, auth_date: ageOf(2 * DAY) })),
      401,
      'rapidpace.link_expired',
    );
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

    it('shows a page for players to a browser, without texts for operators', async () => {
      const undated = `/redirect?${queryOf(without(aRecord(app), 'auth_date'), casino.secret)}`;
      for (const [path, status] of [
        [old(), 401],
        [undated, 401],
        ['/redirect?x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E', 400],
      ] as const) {
        const answer = await open(casino, path);
        expect(answer.status).toBe(status);
        expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
        expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
        expect(answer.text).toContain('<html lang="en"');
        expect(answer.text).toContain('Press Start in the bot');
        expect(answer.text).not.toMatch(/rapidpace|undated|hmac|secret|script|<b>|<a |<code>/i);
      }
      const unknown = await open({ ...casino, applicationId: 'unknown' }, '/redirect?x=1');
      expect(unknown.status).toBe(404);
      expect(unknown.text).toContain('Press Start in the bot');
      expectProblem(await open(casino, undated, 'application/json'), 401, 'rapidpace.undated_link');
    });

    it('has the language of the application, and its link back, as text that no link can change', async () => {
      const backUrl = 'https://t.me/my_game_bot?start=%22%3E"><img src=x>';
      const own = await aRapidpaceApplication(app, {
        settings: { presets: ['rapidpace'] },
        rapidpace: { language: 'fa', backUrl },
      });
      const query = queryOf(aRecord(app, { auth_date: ageOf(2 * DAY) }), own.secret);

      const { text } = await open(own, `/redirect?${query}&backUrl=https://evil.example&language=en`);

      expect(text).toContain('<html lang="fa" dir="rtl">');
      expect(text.match(/href="[^"]*"/g)).toEqual([
        'href="https://t.me/my_game_bot?start=%22%3E&quot;>&lt;img src=x>"',
      ]);
      expect(text).not.toContain('<img');
      expect(text).not.toContain('evil');
    });
  });
});
