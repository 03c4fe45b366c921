import { BotsInDoubt, ErasureCompletion, ErasureService, ErasureUpkeep } from '@countersign/account';
import { AcceptedBots } from '@countersign/applications';
import { DAY } from '@countersign/clock';
import { aPerson, type Person } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { aLoginCode } from '../support/login-code';
import { anOperator } from '../support/operator';
import { isLive, signInByWidget, signInPerson, type PersonSession } from '../support/person-session';
import { postTo } from '../support/proofs';
import { askToJoin, launchedToJoin, withGrant } from '../support/relaunch';
import { rowsThatHold } from '../support/rows-that-hold';
import type { Demo } from '../support/test-app';
import { until } from '../support/until';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('DELETE /v1/me below the account’s level', () => {
  const app = useTestApp({ environment: { ERASURE_REQUESTS_PER_BOT: '2' } });
  const bank = useApplication(app);

  /** A sign-in of the last five minutes may ask for an erasure. */
  const request = (game: Demo, person: Person) => signInByWidget(app, game, person);

  const erase = (session: PersonSession) => session.delete(`/v1/me?confirm=${session.userId}`);

  async function erasureOf({ userId }: PersonSession): Promise<string | null | undefined> {
    const [user] = await app.database.query<{ erasure: string | null }>(
      'SELECT erasure FROM users WHERE id = $1',
      [userId],
    );
    return user?.erasure;
  }

  it('needs a step-up for the application', async () => {
    const game = await app.createApplication();
    const { person } = await signInPerson(app, bank);
    const session = await signInByWidget(app, game, person);

    app.clock.advance(301);
    expectProblem(await erase(session), 403, 'account.step_up_required');
    expect((await session.get('/v1/me/erasure')).body).toMatchObject({ scope: 'application', pending: null });
    const stepUp = await aLoginCode(app, game, person);
    expect((await session.post('/v1/me/application-step-up', stepUp)).status).toBe(200);
    expect((await erase(session)).status).toBe(202);
  });

  it('ends the sessions of the application, shows the request, and erases after thirty days', async () => {
    const game = await app.createApplication();
    const person = aPerson();
    const [strong, weak] = [await signInPerson(app, bank, person), await request(game, person)];
    const at = app.clock.now();

    const answer = await erase(weak);

    const erasesAt = new Date(at.getTime() + 30 * DAY).toISOString();
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
    await app.nest.get(ErasureCompletion).completeDue(new Date(at.getTime() + 30 * DAY - 1));
    expect(await rowsThatHold(app.database, [weak.userId])).not.toEqual([]);
    await app.nest.get(ErasureCompletion).completeDue(new Date(at.getTime() + 30 * DAY));
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
    app.clock.advance(31 * 24 * 3_600);
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

  it('replaces the erasure of an idle account, which any visit would end', async () => {
    const session = await request(await app.createApplication(), aPerson());
    // As when the person signs in while the job looks for idle accounts.
    await app.nest.get(ErasureService).schedule(session.userId, 'idle');

    expect((await erase(session)).status).toBe(202);

    const due = new Date(app.clock.now().getTime() + 30 * DAY);
    expect(await app.nest.get(ErasureCompletion).complete(session.userId, due)).toBe(true);
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

  /** In days from now. */
  function daysUntilErased(answer: { readonly status: number; readonly body: unknown }): number {
    expect(answer.status).toBe(202);
    const { erasesAt } = answer.body as { erasesAt: string };
    return (Date.parse(erasesAt) - app.clock.now().getTime()) / DAY;
  }

  it('is not refused, but waits, after the holder of a token asked for many, with a line for the operator', async () => {
    const game = await app.createApplication();
    for (let number = 0; number < 2; number += 1)
      expect(daysUntilErased(await erase(await request(game, aPerson())))).toBe(30);
    const genuine = await request(game, aPerson());
    const at = app.clock.now().getTime();

    expect((await genuine.get('/v1/me/erasure')).body).toMatchObject({
      erasesAt: new Date(at + 90 * DAY).toISOString(),
    });
    expect(daysUntilErased(await erase(genuine))).toBe(90);
    expect(await isLive(app, genuine)).toBe(false);
    expect(app.logLines.join('\n')).toContain('erasures by proofs of one bot have reached their ceiling');
    const metrics = await app.gateway.get('/metrics');
    expect(metrics.text).toMatch(/^countersign_erasures_delayed_total 1$/m);
    // Another bot has its own, and the account's level has none.
    const other = await app.createApplication();
    expect(daysUntilErased(await erase(await request(other, aPerson())))).toBe(30);
    const strong = await signInPerson(app, game);
    await strong.stepUp();
    expect(daysUntilErased(await erase(strong))).toBe(7);
    const completion = app.nest.get(ErasureCompletion);
    expect(await completion.complete(genuine.userId, new Date(at + 90 * DAY - 1))).toBe(false);
    expect(await completion.complete(genuine.userId, new Date(at + 90 * DAY))).toBe(true);
    expect(await rowsThatHold(app.database, [genuine.userId])).toEqual([]);
  });

  it('is moved forward where its person asks again below the ceiling', async () => {
    const game = await app.createApplication();
    const forged = [await request(game, aPerson()), await request(game, aPerson())];
    for (const session of forged) await erase(session);
    const person = aPerson();
    expect(daysUntilErased(await erase(await request(game, person)))).toBe(90);
    const ids = forged.map(({ userId }) => userId);
    await app.database.query('UPDATE users SET erasure = NULL WHERE id = ANY($1)', [ids]);
    await app.database.query('DELETE FROM user_erasures WHERE user_id = ANY($1)', [ids]);
    app.clock.advance(60);

    expect(daysUntilErased(await erase(await request(game, person)))).toBe(30);
    app.clock.advance(60);
    // Never put off again.
    expect(daysUntilErased(await erase(await request(game, person)))).toBeCloseTo(30 - 60 / 86_400);
  });

  it('counts no erasures of people whom Telegram itself has confirmed', async () => {
    const game = await app.createApplication();
    for (let number = 0; number < 2; number += 1) {
      const session = await signInPerson(app, game);
      await session.stepUp();
      expect((await erase(session)).status).toBe(202);
    }

    expect(daysUntilErased(await erase(await request(game, aPerson())))).toBe(30);
  });

  it('is refused when the bot is found compromised meanwhile', async () => {
    const game = await app.createApplication();
    const session = await request(game, aPerson());
    const marking = await app.database.hold(
      `UPDATE bots SET status = 'compromised' WHERE bot_id = '${game.botId}'`,
    );
    const answer = erase(session).then((given) => given);
    await until(() => app.isWaitingFor('bots'));
    await marking.commit();

    expectProblem(await answer, 409, 'account.erasure_ceiling_reached');
    expect(await isLive(app, session)).toBe(true);
  });

  it('counts parallel requests', async () => {
    const game = await app.createApplication();
    const sessions = await Promise.all([1, 2, 3, 4, 5].map(() => request(game, aPerson())));

    const answers = await Promise.all(sessions.map(erase));

    expect(answers.map(daysUntilErased).toSorted((one, other) => one - other)).toEqual([30, 30, 90, 90, 90]);
  });

  it('is withdrawn for a bot that is compromised', async () => {
    const game = await app.createApplication();
    const [one, two] = [await request(game, aPerson()), await request(game, aPerson())];
    await erase(one);
    await erase(two);
    const key = { provider: 'telegram', environment: 'production', botId: game.botId } as const;
    await app.bots.change(key, { status: 'compromised' });

    // Also when nobody withdraws it before its time has come.
    await app.nest
      .get(ErasureCompletion)
      .complete(one.userId, new Date(app.clock.now().getTime() + 31 * DAY));
    expect(await app.nest.get(BotsInDoubt).withdrawAllOf(key)).toBe(1);

    for (const session of [one, two]) expect(await erasureOf(session)).toBeNull();
  });

  it('is neither withdrawn for a compromised bot nor cancelled once it has begun', async () => {
    const game = await app.createApplication();
    const session = await request(game, aPerson());
    await erase(session);
    // As a process that ended has left it.
    await app.database.query('UPDATE user_erasures SET started_at = requested_at WHERE user_id = $1', [
      session.userId,
    ]);
    const key = { provider: 'telegram', environment: 'production', botId: game.botId } as const;
    await app.bots.change(key, { status: 'compromised' });

    expect(await app.nest.get(BotsInDoubt).withdrawAllOf(key)).toBe(0);
    expect(await app.signIn(bank, session.person)).not.toHaveProperty('erasureCancelled');
    const later = new Date(app.clock.now().getTime() + 31 * DAY);
    expect(await app.nest.get(ErasureCompletion).complete(session.userId, later)).toBe(true);
  });

  it('is not withdrawn for a compromised bot where Telegram itself signed the proofs', async () => {
    const game = await app.createApplication();
    const session = await signInPerson(app, game);
    await session.stepUp();
    expect((await erase(session)).status).toBe(202);
    const key = { provider: 'telegram', environment: 'production', botId: game.botId } as const;
    await app.bots.change(key, { status: 'compromised' });

    expect(await app.nest.get(BotsInDoubt).withdrawAllOf(key)).toBe(0);
    const later = new Date(app.clock.now().getTime() + 8 * DAY);
    expect(await app.nest.get(ErasureCompletion).complete(session.userId, later)).toBe(true);
  });

  it('is withdrawn when an operator marks the bot as compromised', async () => {
    const game = await app.createApplication();
    const session = await request(game, aPerson());
    await erase(session);
    const operator = await anOperator(app, ['applications:read', 'bots:write']);
    const listed = await operator.get(`/v1/admin/bots?botId=${game.botId}`);
    const [bot] = (listed.body as { items: { id: string }[] }).items;

    const changed = await operator.patch(`/v1/admin/bots/${bot?.id ?? ''}`, { status: 'compromised' }, '*');

    expect(changed.body).toMatchObject({ status: 'compromised' });
    expect(await erasureOf(session)).toBeNull();
    const [record] = (await auditOf(app, { action: 'user.erasure_cancelled' })).slice(-1);
    expect(record).toMatchObject({
      actor: `principal:${operator.principalId}`,
      details: { reason: 'bot-compromised' },
    });
  });
});
