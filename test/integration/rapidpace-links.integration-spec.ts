import { aPerson, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { FakeClock } from '../support/fake-clock';
import { inventoryOf } from '../support/inventory';
import {
  aCasinoWithBot,
  aRapidpaceApplication,
  aRecord,
  codeOf,
  enter,
  exchange,
  FRONT_URL,
  openLink,
  queryOf,
  register,
  SEED,
  sign,
  spellingNames,
  spellings,
  without,
} from '../support/rapidpace';
import { aRequest, sendRaw } from '../support/raw-http';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const DAY = 86_400;

const app = useTestApp({ clock: new FakeClock(SEED.day) });
const casino = useFixture(() => aRapidpaceApplication(app));

async function liveSessionsOf(userId: string): Promise<number> {
  const [row] = await app.database.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM sessions WHERE user_id = $1 AND ended_at IS NULL',
    [userId],
  );
  return row?.count ?? -1;
}

function linkTo(query: string, applicationId = casino.applicationId): ReturnType<typeof openLink> {
  return openLink(app, applicationId, query);
}

describe('GET /v1/rapidpace/{applicationId}/redirect', () => {
  it('takes the example of Rapidpace’s document as printed, and signs the player in by a one-time code', async () => {
    const { applicationId } = await aRapidpaceApplication(app, { secret: SEED.secret });
    const path = `/v1/rapidpace/${applicationId}/redirect?${SEED.query}`;

    const { status, headers, body } = await sendRaw(app.port, aRequest(`GET ${path}`));

    expect({ status, body }).toEqual({ status: 303, body: '' });
    expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
    const [, code = ''] = /^https:\/\/game\.example\.com\/welcome\?code=(cs_rc_[\w-]{60,80})$/.exec(
      headers['location'] ?? '',
    ) ?? [''];
    const answer = await exchange(app, applicationId, code);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      tokenType: 'Bearer',
      isNewUser: true,
      assurance: 'vendor',
      startParam: null,
    });
    const { accessToken, userId } = answer.body as SignInBody;
    expect((await app.getMe(accessToken)).body).toMatchObject({
      userId,
      profile: { firstName: 'Хади', lastName: 'Варпошти', username: 'hadivarp' },
      identities: [{ provider: 'telegram', environment: 'production', subject: '542262331' }],
      session: { applicationId, assurance: 'vendor' },
    });
  });

  it('opens nothing before the exchange', async () => {
    const before = await inventoryOf(app);

    codeOf(await linkTo(queryOf(aRecord(app), casino.secret)));

    const codes = (before as { redirect_codes: number }).redirect_codes;
    expect(await inventoryOf(app)).toEqual({ ...before, redirect_codes: codes + 1 });
  });

  describe('spellings', () => {
    it('are one proof', async () => {
      const record = aRecord(app);
      const queries = spellingNames.map((name) => spellings[name](record, sign(record, casino.secret)));

      const answers = [];
      for (const query of [...queries, queries[2]?.split('&').reverse().join('&') ?? ''])
        answers.push(await enter(app, casino.applicationId, query));

      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    });
  });

  describe('the front URL', () => {
    it('gets the code in its query, behind what is there', async () => {
      const frontUrl = 'https://игра.example/привет?lang=en';
      const own = await aRapidpaceApplication(app, { rapidpace: { frontUrl } });

      const { headers } = await linkTo(queryOf(aRecord(app), own.secret), own.applicationId);

      const written = `${new URL(frontUrl).href}&code=cs_rc_`;
      expect(headers['location']?.startsWith(written)).toBe(true);
    });

    it('must be set', async () => {
      const own = await aRapidpaceApplication(app, { rapidpace: { frontUrl: null } });

      expectProblem(
        await linkTo(queryOf(aRecord(app), own.secret), own.applicationId),
        409,
        'rapidpace.not_configured',
      );
    });
  });

  describe('the code', () => {
    it('is a vendor’s word: it is consent to no act within a session', async () => {
      const { casino: own, demo } = await aCasinoWithBot(app);
      const person = aPerson();
      const { accessToken } = await app.signIn(demo, person);
      const record = aRecord(app, { telegram_id: person.id });
      await register(app, own, record);

      const code = codeOf(await linkTo(queryOf(record, own.secret), own.applicationId));
      const answer = await app.http
        .post('/v1/me/step-up')
        .set('authorization', `Bearer ${accessToken}`)
        .send({ code });
      expectProblem(answer, 403, 'auth.proof_names_no_act');
    });
  });

  describe('repeated', () => {
    it('answers a new code each time, and the identical pair within ten seconds', async () => {
      const query = queryOf(aRecord(app), casino.secret);

      const first = await enter(app, casino.applicationId, query);
      app.clock.advance(9);

      expect(await enter(app, casino.applicationId, query)).toEqual({
        ...first,
        expiresIn: first.expiresIn - 9,
        refreshExpiresIn: first.refreshExpiresIn - 9,
      });
    });

    it('renews its own session later, as long as the link is fresh', async () => {
      const query = queryOf(aRecord(app), casino.secret);
      const first = await enter(app, casino.applicationId, query);

      for (const seconds of [10, 3_600, DAY - 3_610]) {
        app.clock.advance(seconds);
        const again = await enter(app, casino.applicationId, query);
        expect(again).toMatchObject({ sessionId: first.sessionId, userId: first.userId, isNewUser: false });
        expect(again.accessToken).not.toBe(first.accessToken);
      }
      expectProblem(await app.getMe(first.accessToken), 401, 'session.token_invalid');
      expect(await liveSessionsOf(first.userId)).toBe(1);
      app.clock.advance(1);
      expectProblem(await linkTo(query), 401, 'rapidpace.link_expired');
    });

    it('opens one more session after a logout, and none after somebody ended it', async () => {
      const query = queryOf(aRecord(app), casino.secret);
      const first = await enter(app, casino.applicationId, query);
      await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${first.accessToken}`);

      const second = await enter(app, casino.applicationId, query);
      expect(second.sessionId).not.toBe(first.sessionId);
      expect(second.userId).toBe(first.userId);

      await app.accounts.revoke({ sessionId: second.sessionId });
      expectProblem(await linkTo(query), 401, 'auth.proof_used');
    });

    it('makes one user and one session of ten simultaneous clicks on two replicas', async () => {
      const query = queryOf(aRecord(app), casino.secret);

      await app.withReplica(async (replica) => {
        const answers = await Promise.all(
          times(10, (index) => enter(index % 2 === 0 ? app : replica, casino.applicationId, query)),
        );

        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
        expect(await liveSessionsOf(answers[0]?.userId ?? '')).toBe(1);
      });
    });
  });

  describe('the date', () => {
    it('is needed, unless the application accepts undated links', async () => {
      const accepting = await aRapidpaceApplication(app, { rapidpace: { undatedLinks: 'accept' } });
      const record = without(aRecord(app), 'auth_date');

      expectProblem(await linkTo(queryOf(record, casino.secret)), 401, 'rapidpace.undated_link');
      const first = await enter(app, accepting.applicationId, queryOf(record, accepting.secret));
      expect(first).toMatchObject({ assurance: 'vendor', isNewUser: true });

      await app.accounts.revoke({ sessionId: first.sessionId });
      app.clock.advance(40 * DAY);
      const second = await enter(app, accepting.applicationId, queryOf(record, accepting.secret));
      expect(second).toMatchObject({ userId: first.userId, isNewUser: false });
      expect(second.sessionId).not.toBe(first.sessionId);
      expectProblem(await app.getMe(first.accessToken), 401, 'session.ended');
    });
  });

  describe('the person', () => {
    it('is one for all doors at once', async () => {
      const { casino: own, demo } = await aCasinoWithBot(app);
      const person = aPerson();
      const record = aRecord(app, { telegram_id: person.id });

      const byLink = async (): Promise<readonly string[]> => {
        const link = await openLink(app, own.applicationId, queryOf(record, own.secret));
        const { status, body } = await exchange(app, own.applicationId, codeOf(link));
        const { userId, code } = body as { userId: string; code: string };
        // The first proof of the platform has ended the session of this link meanwhile.
        if (status !== 200) expect(code).toBe('auth.proof_used');
        return status === 200 ? [userId] : [];
      };

      const userIds = await Promise.all(
        times(8, async () => [
          ...(await byLink()),
          (await app.signIn(demo, person)).userId,
          ((await register(app, own, record)).body as { userId: string }).userId,
        ]),
      );

      expect(new Set(userIds.flat()).size).toBe(1);
    });
  });

  it('does no harm when asked with HEAD, as previews do, nor with other methods', async () => {
    const query = queryOf(aRecord(app), casino.secret);
    const path = `/v1/rapidpace/${casino.applicationId}/redirect?${query}`;
    const before = await inventoryOf(app);

    const head = await app.http.head(path);
    expectProblem(await app.http.post(path), 405, 'request.method_not_allowed');

    expect([head.status, head.headers['allow']]).toEqual([405, 'GET, OPTIONS']);
    expect(head.headers).not.toHaveProperty('location');
    expect(await inventoryOf(app)).toEqual(before);
    expect((await enter(app, casino.applicationId, query)).isNewUser).toBe(true);
  });

  it('ends at the front URL whatever the link says', async () => {
    const record = aRecord(app, { first_name: '//evil.example/?code=x#', last_name: 'https://evil.example' });

    const { headers } = await linkTo(queryOf(record, casino.secret));

    expect(headers['location']).toMatch(new RegExp(`^${FRONT_URL.replaceAll('.', '\\.')}\\?code=[\\w-]+$`));
  });
});
