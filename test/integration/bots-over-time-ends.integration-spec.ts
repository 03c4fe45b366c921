import { AcceptedBots } from '@countersign/applications';
import { aPerson, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { aLenientGame, postByHash, signInByHash } from '../support/lenient-game';
import { isLive, signInPerson } from '../support/person-session';
import { contactOf, loginOf, openWeb3InitDataOf, postTo } from '../support/proofs';
import { useCountersign } from '../support/run-countersign';
import type { TestApp, Demo } from '../support/test-app';
import { until } from '../support/until';
import { useReplica, useTestApp } from '../support/use-test-app';

const PLACE = { provider: 'telegram', environment: 'production' } as const;
const HASH_ONLY = { omitSignature: true };
const settings = { dataNeeds: ['name', 'phone'] };

const app = useTestApp();
const countersign = useCountersign(app);

function signIn(game: Demo, initData: string): ReturnType<TestApp['postSignIn']> {
  return app.postSignIn({ applicationId: game.applicationId, botId: game.botId, initData });
}

describe('a bot is marked as compromised', () => {
  it('proves nothing by its token any more, and goes on by Telegram’s signature', async () => {
    const game = await aLenientGame(app, settings);
    const person = aPerson();
    const session = await signInPerson(app, game, person);
    const contact = contactOf(app, game, person);
    const login = { applicationId: game.applicationId, data: loginOf(app, game, person) };
    await countersign.json(`bot set ${game.botId} --status compromised`);
    const before = await inventoryOf(app);

    expectProblem(await postByHash(app, game, person), 403, 'bot.compromised');
    expectProblem(await postTo(app, 'telegram/login-widget', login), 403, 'bot.compromised');
    expectProblem(await session.post('/v1/me/contact', { contact }), 403, 'bot.compromised');
    const byHash = app.initDataOf(game, person, HASH_ONLY);
    expectProblem(await app.refresh(session.refreshToken, { initData: byHash }), 403, 'bot.compromised');
    const tampered = app.initDataOf(game, person).replace('user=', 'user=%20');
    expectProblem(await signIn(game, tampered), 401, 'init_data.signature_mismatch');
    expect(await inventoryOf(app)).toEqual(before);

    const signed = await signIn(game, app.initDataOf(game, person));
    expect(signed.body).toMatchObject({ assurance: 'platform', userId: session.userId });
    expect((await app.refresh(session.refreshToken, { initData: app.initDataOf(game, person) })).status).toBe(
      200,
    );
  });

  it('is looked at no more for its hash, which whoever has the token can make', async () => {
    const game = await app.createApplication();
    await countersign.json(`bot set ${game.botId} --status compromised`);
    const stolen = app.initDataOf(game).replace(/hash=.{64}/, `hash=${'0'.repeat(64)}`);
    const foreign = app.telegram.signInitData({
      botToken: game.botToken,
      user: aPerson(),
      authDate: app.clock.now(),
      environment: 'test',
    });

    expect((await signIn(game, stolen)).body).toMatchObject({ assurance: 'platform' });
    expectProblem(await signIn(game, foreign), 401, 'init_data.signature_mismatch');
  });

  it('is the end for an OpenWeb3 bot, for which nobody else signs', async () => {
    const messenger = await app.createApplication({ bot: { provider: 'openweb3' } });
    const initData = openWeb3InitDataOf(app, messenger, aPerson());
    await countersign.json(`bot set ${messenger.botId} --status compromised`);

    const { applicationId } = messenger;
    expectProblem(
      await postTo(app, 'openweb3/init-data', { applicationId, initData }),
      403,
      'bot.compromised',
    );
    // Not even with something in the place of the signature.
    const signed = openWeb3InitDataOf(app, messenger, aPerson(), { omitSignature: false });
    expectProblem(
      await postTo(app, 'openweb3/init-data', { applicationId, initData: signed }),
      403,
      'bot.compromised',
    );
  });

  it('stays on the lists of other applications, which rest on Telegram alone', async () => {
    const game = await app.createApplication();
    const other = await app.createApplication({ trust: 'third-party' });
    await app.nest.get(AcceptedBots).allow(other.applicationId, { ...PLACE, botId: game.botId });
    await countersign.json(`bot set ${game.botId} --status compromised`);
    const present = (initData: string): ReturnType<typeof postTo> =>
      postTo(app, 'telegram/third-party-init-data', {
        applicationId: other.applicationId,
        botId: game.botId,
        initData,
      });

    expect((await present(app.initDataOf(game))).status).toBe(200);
    expectProblem(
      await present(app.initDataOf(game, aPerson(), HASH_ONLY)),
      401,
      'init_data.signature_missing',
    );
  });
});

describe('sessions that rest on a bot’s token alone', () => {
  const replica = useReplica(app);

  it('end from an instant on, with one command, and on every replica', async () => {
    const game = await aLenientGame(app, settings);
    const second = { ...game, ...(await app.addBot(game.applicationId, { signaturePolicy: 'optional' })) };
    const elsewhere = await aLenientGame(app, settings);
    const removed = { ...game, ...(await app.addBot(game.applicationId, { signaturePolicy: 'optional' })) };
    const earlier = await signInByHash(app, game);
    app.clock.advance(1);
    const since = app.clock.now().toISOString();
    const byWidget = await postTo(app, 'telegram/login-widget', {
      applicationId: game.applicationId,
      botId: game.botId,
      data: loginOf(app, game, aPerson()),
    });
    const stay = {
      earlier,
      byTelegram: await app.signIn(game, aPerson(), { botId: game.botId }),
      ofAnotherBot: await signInByHash(app, second),
      ofAnotherApplication: await signInByHash(app, elsewhere),
    };
    const end = {
      atTheInstant: await signInByHash(app, game),
      byWidget: byWidget.body as SignInBody,
      ofARemovedBot: await signInByHash(app, removed),
    };
    const ofARemovedBotElsewhere = await withoutBot(await signInByHash(app, elsewhere));
    await countersign.json(`bot remove ${removed.botId}`);
    app.clock.advance(60);
    const later = await signInByHash(app, game);

    for (const session of [...Object.values(end), later, ...Object.values(stay)])
      expect(await isLive(replica, session)).toBe(true);
    const command = `session revoke --bot-id ${game.botId} --provider telegram --environment production --since ${since}`;
    expect(await countersign.json(command)).toMatchObject({ endedSessions: 4 });

    for (const session of [...Object.values(end), later]) {
      await until(async () => !(await isLive(replica, session)) && !(await isLive(app, session)));
      expectProblem(await replica.getMe(session.accessToken), 401, 'session.ended');
      expectProblem(await replica.refresh(session.refreshToken), 401, 'session.ended');
    }
    for (const session of [...Object.values(stay), ofARemovedBotElsewhere])
      expect(await isLive(replica, session)).toBe(true);
    expect(await countersign.json(command)).toMatchObject({ endedSessions: 0 });

    const ids = [...Object.values(end), later].map(({ sessionId }) => sessionId);
    const actor = await countersign.actor();
    expect(await endingsOf(ids)).toEqual(
      ids.sort().map((subject) => ({ subject, actor, details: { reason: 'revoked' } })),
    );
  });

  it('are opened by their proofs no more, those of whoever had logged out before neither', async () => {
    const game = await aLenientGame(app, settings);
    const initData = times(2, () => app.initDataOf(game, aPerson(), HASH_ONLY));
    const since = app.clock.now();
    const [first, second] = await Promise.all(initData.map(async (proof) => signIn(game, proof)));
    await app.http
      .post('/v1/auth/logout')
      .set('authorization', `Bearer ${(second?.body as SignInBody).accessToken}`);

    expect(await app.accounts.revokeLeaked({ bot: { ...PLACE, botId: game.botId }, since })).toEqual({
      endedSessions: 1,
    });

    expect(await isLive(app, first?.body as SignInBody)).toBe(false);
    for (const proof of initData) expectProblem(await signIn(game, proof), 401, 'auth.proof_used');
  });

  it('end once, however many operators say so while people sign in', async () => {
    const game = await aLenientGame(app, settings);
    const people = times(3, () => aPerson());
    const since = app.clock.now();
    const target = { bot: { ...PLACE, botId: game.botId }, since };
    // Ten each, so that every further one ends the oldest: sign-ins and operators wait for each other's rows.
    const opened = await Promise.all(
      people.flatMap((person) => times(10, () => signInByHash(app, game, person))),
    );

    const [counts, signIns] = await Promise.all([
      Promise.all(times(6, (index) => (index % 2 === 0 ? app : replica).accounts.revokeLeaked(target))),
      Promise.all(people.map((person) => postByHash(app, game, person))),
    ]);

    expect(signIns.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const session of opened) expect(await isLive(app, session)).toBe(false);
    const all = [...opened, ...signIns.map(({ body }) => body as SignInBody)];
    const ends = await endingsOf(all.map(({ sessionId }) => sessionId));
    const revoked = ends.filter(({ details }) => details.reason === 'revoked');
    expect(counts.reduce((sum, { endedSessions }) => sum + endedSessions, 0)).toBe(revoked.length);
    expect(new Set(ends.map(({ subject }) => subject)).size).toBe(ends.length);
  });
});

describe('a bot is removed', () => {
  it('proves nothing any more, while its sessions go on, until it is added again', async () => {
    const game = await app.createApplication();
    const person = aPerson();
    const session = await app.signIn(game, person);
    await countersign.json(`bot remove ${game.botId}`);

    expectProblem(await signIn(game, app.initDataOf(game, person)), 404, 'bot.not_found');
    expect(await isLive(app, session)).toBe(true);
    const refreshed = await app.refresh(session.refreshToken);
    expect(refreshed.status).toBe(200);

    await countersign.json(
      `bot add --application ${game.applicationId} --username again_bot --token-stdin`,
      game.botToken,
    );
    const again = await signIn(game, app.initDataOf(game, person));
    expect(again.body).toMatchObject({ userId: session.userId, isNewUser: false });
    expect(await countersign.failure('bot remove 1')).toBe('No bot has the number 1.');
  });
});

describe('a bot is removed while somebody signs in with it', () => {
  it('lets them in or not, but never fails', async () => {
    const game = await app.createApplication();
    const person = aPerson();
    const { userId } = await app.signIn(game, person);
    const held = await app.database.hold(`SELECT 1 FROM users WHERE id = '${userId}' FOR UPDATE`);
    const underWay = signIn(game, app.initDataOf(game, person)).then((answer) => answer);
    await until(() => app.isWaitingFor('users'));
    await app.bots.remove({ ...PLACE, botId: game.botId });
    await held.commit();

    expectProblem(await underWay, 404, 'bot.not_found');
  });
});

describe('a bot is compromised while somebody signs in with it', () => {
  it.each([
    ['its token alone', true, 403],
    ['Telegram’s signature', false, 200],
  ])(
    'refuses what rests on %s: %s, so that no session slips past its end',
    async (_, omitSignature, status) => {
      const game = await aLenientGame(app, settings);
      const person = aPerson();
      const { userId } = await app.signIn(game, person);
      const held = await app.database.hold(`SELECT 1 FROM users WHERE id = '${userId}' FOR UPDATE`);
      const underWay = signIn(game, app.initDataOf(game, person, { omitSignature })).then((answer) => answer);
      await until(() => app.isWaitingFor('users'));
      await app.bots.change({ ...PLACE, botId: game.botId }, { status: 'compromised' });
      await held.commit();

      const answer = await underWay;
      if (status === 200) expect(answer.status).toBe(200);
      else expectProblem(answer, status, 'bot.compromised');
    },
  );
});

describe('a bot is disabled', () => {
  it('signs nobody in by any door, while its sessions go on', async () => {
    const game = await aLenientGame(app, settings);
    const person = aPerson();
    const session = await signInPerson(app, game, person);
    const { applicationId } = game;
    await countersign.json(`bot set ${game.botId} --status disabled`);

    expectProblem(await signIn(game, app.initDataOf(game, person)), 403, 'bot.disabled');
    const login = { applicationId, data: loginOf(app, game, person) };
    expectProblem(await postTo(app, 'telegram/login-widget', login), 403, 'bot.disabled');
    const contact = contactOf(app, game, person);
    expectProblem(await session.post('/v1/me/contact', { contact }), 403, 'bot.disabled');
    expect(await isLive(app, session)).toBe(true);
  });
});

/** As if it were older than the column, or its bot had been removed. */
async function withoutBot(session: SignInBody): Promise<SignInBody> {
  await app.database.query('UPDATE sessions SET bot_row_id = NULL WHERE id = $1', [session.sessionId]);
  return session;
}

interface Ending {
  readonly subject: string;
  readonly actor: string;
  readonly details: { readonly reason: string };
}

async function endingsOf(sessionIds: readonly string[]): Promise<Ending[]> {
  return app.database.query<Ending>(
    `SELECT subject, actor, details FROM audit_records
     WHERE action = 'session.ended' AND subject = ANY($1) ORDER BY subject`,
    [sessionIds],
  );
}
