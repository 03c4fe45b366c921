import { ErasureCompletion, ErasureUpkeep } from '@countersign/account';
import { AcceptedBots } from '@countersign/applications';
import { DAY } from '@countersign/clock';
import { aPerson, times, type Person } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { aLoginCode } from '../support/login-code';
import { anOperator } from '../support/operator';
import {
  isLive,
  signInByWidget,
  signInOpenWeb3,
  signInPerson,
  type PersonSession,
} from '../support/person-session';
import { postTo } from '../support/proofs';
import { askToJoin, launchedToJoin, withGrant } from '../support/relaunch';
import { aRapidpaceApplication, aRecord, enter, queryOf } from '../support/rapidpace';
import { rowsThatHold } from '../support/rows-that-hold';
import type { Demo, TestApp } from '../support/test-app';
import { eventsOf, subscribe, unsubscribe } from '../support/told-events';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const erase = (session: PersonSession) => session.delete(`/v1/me?confirm=${session.userId}`);

async function erasureIn(app: TestApp, { userId }: PersonSession): Promise<string | null | undefined> {
  const [user] = await app.database.query<{ erasure: string | null }>(
    'SELECT erasure FROM users WHERE id = $1',
    [userId],
  );
  return user?.erasure;
}

describe('DELETE /v1/me below the account’s level', () => {
  const app = useTestApp();
  const bank = useApplication(app);

  /** A sign-in of the last five minutes may ask for an erasure. */
  const request = (game: Demo, person: Person) => signInByWidget(app, game, person);

  const erasureOf = (session: PersonSession) => erasureIn(app, session);

  it('needs a fresh proof', async () => {
    const game = await app.createApplication();
    const { person } = await signInPerson(app, bank);
    const session = await signInByWidget(app, game, person);

    app.clock.advance(301);
    expectProblem(await erase(session), 403, 'account.step_up_required');
    expect((await session.get('/v1/me/erasure')).body).toMatchObject({ scope: 'application', pending: null });
    const stepUp = await aLoginCode(app, game, person);
    expect((await session.post('/v1/me/step-up', stepUp)).status).toBe(200);
    expect((await erase(session)).status).toBe(202);
  });

  it('ends the sessions of the application, shows the request, and erases after seven days', async () => {
    const game = await app.createApplication();
    const person = aPerson();
    const [strong, weak] = [await signInPerson(app, bank, person), await request(game, person)];
    const at = app.clock.now();

    const answer = await erase(weak);

    const erasesAt = new Date(at.getTime() + 7 * DAY).toISOString();
    expect({ status: answer.status, body: answer.body as unknown }).toEqual({
      status: 202,
      body: { erasesAt },
    });
    expect(await isLive(app, weak)).toBe(false);
    expect((await strong.get('/v1/me')).body).toMatchObject({
      erasure: { erasesAt, requestedAt: at.toISOString(), applicationId: game.applicationId },
    });
    app.clock.advance(1);
    // An equal proof opens a session, which shows it too, and cancels nothing.
    const next = await signInByWidget(app, game, person);
    expect((await next.get('/v1/me')).body).toMatchObject({ erasure: { erasesAt } });
    await app.nest.get(ErasureCompletion).completeDue(new Date(at.getTime() + 7 * DAY - 1));
    expect(await rowsThatHold(app.database, [weak.userId])).not.toEqual([]);
    await app.nest.get(ErasureCompletion).completeDue(new Date(at.getTime() + 7 * DAY));
    expect(await rowsThatHold(app.database, [weak.userId])).toEqual([]);
    expect(await isLive(app, strong)).toBe(false);
  });

  it('is cancelled by any stronger sign-in', async () => {
    const game = await app.createApplication();
    const weak = await request(game, aPerson());
    await erase(weak);
    app.clock.advance(1);

    const strong = await app.signIn(bank, weak.person);

    expect(strong).toMatchObject({ userId: weak.userId, erasureCancelled: true });
    app.clock.advance(8 * 24 * 3_600);
    await app.nest.get(ErasureUpkeep).run();
    expect(await app.signIn(bank, weak.person)).toMatchObject({ userId: weak.userId, isNewUser: false });
  });

  it('is not cancelled by a stronger sign-in with a bot that is merely allowed', async () => {
    const [game, allowed] = [await app.createApplication(), await app.createApplication()];
    const weak = await request(game, aPerson());
    await erase(weak);
    const [{ applicationId }, { botId }] = [bank, allowed];
    const key = { provider: 'telegram', environment: 'production', botId } as const;
    await app.nest.get(AcceptedBots).allow(applicationId, key);
    app.clock.advance(1);
    const initData = app.initDataOf(allowed, weak.person);

    const strong = await postTo(app, 'telegram/third-party-init-data', { applicationId, botId, initData });

    expect(strong.body).toMatchObject({ userId: weak.userId, assurance: 'platform' });
    expect(strong.body).not.toHaveProperty('erasureCancelled');
    expect(await erasureOf(weak)).toBe('open');
  });

  it('is not put off by a second request of another application', async () => {
    const [game, other] = [await app.createApplication(), await app.createApplication()];
    const person = aPerson();
    const [first, second] = [await request(game, person), await request(other, person)];
    const { body } = await erase(first);
    app.clock.advance(60);

    const again = await erase(second);

    expect({ status: again.status, body: again.body as unknown }).toEqual({
      status: 202,
      body: body as unknown,
    });
    expect(await isLive(app, second)).toBe(false);
    const next = await signInByWidget(app, other, person);
    expect((await next.get('/v1/me')).body).toMatchObject({ erasure: { applicationId: game.applicationId } });
  });

  it('lets the account take in no other', async () => {
    const game = await app.createApplication();
    const [strong, other] = [await signInPerson(app, bank), await signInPerson(app, bank)];
    const { code, number } = await askToJoin(app, bank, strong);
    await erase(await request(game, strong.person));
    const second = await launchedToJoin(app, bank, other, code);

    const accepted = withGrant(second.post(`/v1/joins/${code}/accept`, { number }), second.grant);
    expectProblem(await accepted, 403, 'user.erasure_pending');
    expect(await isLive(app, other)).toBe(true);
  });

  it('is open to people of a vendor whom nothing stronger has identified', async () => {
    const casino = await aRapidpaceApplication(app);
    const { telegram_id } = aRecord(app);
    const signIn = () =>
      enter(
        app,
        casino.applicationId,
        queryOf(aRecord(app, { telegram_id: Number(telegram_id) }), casino.secret),
      );
    const { accessToken, userId } = await signIn();
    const erased = () =>
      app.http.delete(`/v1/me?confirm=${userId}`).set('authorization', `Bearer ${accessToken}`);

    const answer = await erased();

    expect(answer.status).toBe(202);
    const { erasesAt } = answer.body as { erasesAt: string };
    expect(Date.parse(erasesAt) - app.clock.now().getTime()).toBe(7 * DAY);
    expect((await app.getMe(accessToken)).status).toBe(401);
    app.clock.advance(1);
    const next = await signIn();
    expect((await app.getMe(next.accessToken)).body).toMatchObject({ userId, erasure: { erasesAt } });
    await app.nest.get(ErasureCompletion).completeDue(new Date(Date.parse(erasesAt)));
    expect(await rowsThatHold(app.database, [userId])).toEqual([]);
  });

  it.each([
    ['the vendor', false],
    ['a bot', true],
  ])(
    'is not open to a vendor for people whom a token has identified, first named by %s',
    async (_, isBotFirst) => {
      const [casino, game] = [await aRapidpaceApplication(app), await app.createApplication()];
      const person = aPerson();
      const byVendor = () =>
        enter(app, casino.applicationId, queryOf(aRecord(app, { telegram_id: person.id }), casino.secret));
      if (isBotFirst) await signInByWidget(app, game, person);
      else await byVendor();
      app.clock.advance(1);
      if (!isBotFirst) await signInByWidget(app, game, person);
      const { accessToken, userId } = await byVendor();

      const answer = await app.http
        .delete(`/v1/me?confirm=${userId}`)
        .set('authorization', `Bearer ${accessToken}`);

      expectProblem(answer, 403, 'auth.assurance_too_low');
      const own = await signInByWidget(app, game, person);
      expect(own.userId).toBe(userId);
      expect((await erase(own)).status).toBe(202);
    },
  );

  it('is cancelled by an operator, unless the platform itself signed what requested it', async () => {
    const game = await app.createApplication();
    const [weak, strong] = [await request(game, aPerson()), await signInPerson(app, game)];
    await erase(weak);
    await strong.stepUp();
    expect((await erase(strong)).status).toBe(202);
    const operator = await anOperator(app);
    const cancel = ({ userId }: PersonSession) =>
      operator.post(`/v1/admin/users/${userId}/cancel-erasure`, { reason: 'ticket-7' });

    expect((await cancel(weak)).status).toBe(200);

    expect(await erasureOf(weak)).toBeNull();
    expectProblem(await cancel(strong), 409, 'user.erasure_not_of_operator');
  });
});

describe('erasures of an application whose bot is compromised', () => {
  const app = useTestApp();
  const operator = useFixture(() => anOperator(app));

  async function markByApi({ botId }: Demo): Promise<void> {
    const [row] = await app.database.query<{ id: string }>('SELECT id FROM bots WHERE bot_id = $1', [botId]);
    const path = `/v1/admin/bots/${String(row?.id)}`;
    const marked = await operator.patch(path, { status: 'compromised' });
    expect(marked.body).toMatchObject({ botId, status: 'compromised' });
  }

  it('are cancelled, unless the platform signed the request', async () => {
    const [game, other] = [await app.createApplication(), await app.createApplication()];
    const im = await app.addOpenWeb3Bot(game);
    const [below, closed] = [await signInByWidget(app, game), await signInOpenWeb3(app, im)];
    const [signed, elsewhere] = [await signInPerson(app, game), await signInByWidget(app, other)];
    for (const session of [below, closed, signed, elsewhere]) expect((await erase(session)).status).toBe(202);
    expect(await erasureIn(app, closed)).toBe('closed');
    await subscribe(app.database, ['user.erasure_cancelled']);

    await markByApi(im);

    const erasures = [below, closed, signed, elsewhere].map((session) => erasureIn(app, session));
    expect(await Promise.all(erasures)).toEqual([null, null, 'closed', 'open']);
    const told = (await eventsOf(app.database)).filter(({ type }) => type === 'user.erasure_cancelled');
    const subjects = [below.userId, closed.userId].toSorted();
    expect(
      told
        .map(({ subject }) => subject)
        .slice(-2)
        .toSorted(),
    ).toEqual(subjects);
    const records = await auditOf(app, { action: 'user.erasure_cancelled' });
    expect(records.slice(-2).map(({ details }) => details)).toEqual(
      times(2, () => ({ reason: 'bot-compromised' })),
    );
    await unsubscribe(app.database);
  });

  it('are cancelled where they are requested at the same time, and not requested afterwards by a session of its token', async () => {
    const game = await app.createApplication();
    const late = await signInByWidget(app, game);
    const sessions = await Promise.all(times(16, () => signInByWidget(app, game)));

    const [answers] = await Promise.all([
      Promise.all(sessions.map((session) => erase(session).then((answer) => answer))),
      markByApi(game),
    ]);

    for (const answer of answers)
      if (answer.status !== 202) expectProblem(answer, 403, 'auth.assurance_too_low');
    expect(await Promise.all(sessions.map((session) => erasureIn(app, session)))).toEqual(
      times(16, () => null),
    );
    expectProblem(await erase(late), 403, 'auth.assurance_too_low');
  });
});
