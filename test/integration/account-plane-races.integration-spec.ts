import type { Response } from 'supertest';
import { aPerson } from '../factories';
import { linkIdentity, settleAttachments } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { aSteppedUp, walletSession } from '../support/linked-wallets';
import { aLoginCode } from '../support/login-code';
import { signInPerson, type PersonSession } from '../support/person-session';
import { acceptance } from '../support/relaunch';
import { Countersign } from '../support/run-countersign';
import { TestApp, type Demo } from '../support/test-app';
import { until } from '../support/until';
import { anEvmWallet, SITE, walletProof } from '../support/wallets';

type Act = () => Promise<Response>;

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start();
});

afterAll(() => app.close());

const aGame = (): Promise<Demo> =>
  app.createApplication({ settings: { origins: [SITE], wallets: { createsAccounts: true } } });

const acts = {
  'step-up': async (session: PersonSession, game: Demo): Promise<Act> => {
    const proof = await aLoginCode(app, game, session.person);
    return async () => session.post('/v1/me/step-up', proof);
  },
  link: async (session: PersonSession): Promise<Act> => {
    const proof = await walletProof(session, anEvmWallet(), 'link');
    return async () => session.post('/v1/me/identities/wallets', proof);
  },
  unlink: async (session: PersonSession, game: Demo): Promise<Act> => {
    const identityId = await linkIdentity(app, game, session, { person: aPerson() });
    await settleAttachments(app);
    return async () => session.delete(`/v1/me/identities/${identityId}`);
  },
  merge: async (session: PersonSession, game: Demo): Promise<Act> => {
    const wallet = anEvmWallet();
    await walletSession(app, game, wallet);
    const proof = await walletProof(session, wallet, 'merge');
    return async () => session.post('/v1/me/merges', proof);
  },
};

/** Lets something happen when the act has read everything that it reads before it locks the user. */
async function interrupted(
  { userId }: PersonSession,
  act: Act,
  meanwhile: () => Promise<unknown>,
): Promise<Response> {
  const held = await app.database.hold(`SELECT 1 FROM users WHERE id = '${userId}' FOR NO KEY UPDATE`);
  const acting = act();
  await until(() => app.isWaitingFor('users'));
  await meanwhile();
  await held.commit();
  return acting;
}

/** What such acts change. */
async function stateOf({ userId, sessionId }: PersonSession): Promise<object | undefined> {
  const [state] = await app.database.query(
    `SELECT (SELECT count(*) FROM identities WHERE user_id = $1) AS identities,
            (SELECT count(*) FROM user_aliases WHERE user_id = $1) AS aliases,
            (SELECT step_up_expires_at FROM sessions WHERE id = $2) AS "stepUpExpiresAt"`,
    [userId, sessionId],
  );
  return state;
}

describe('a session that logs out at this moment', () => {
  it.each(['step-up', 'link', 'unlink', 'merge'] as const)('does not %s any more', async (name) => {
    const game = await aGame();
    const session = await (name === 'step-up' ? signInPerson : aSteppedUp)(app, game);
    const act = await acts[name](session, game);
    const before = await stateOf(session);

    const answer = await interrupted(session, act, async () => {
      expect((await session.post('/v1/auth/logout')).status).toBe(204);
    });

    expectProblem(answer, 401, 'session.ended');
    expect(await stateOf(session)).toEqual(before);
  });
});

describe('a bot that is disabled at this moment', () => {
  it('vouches for no step-up any more', async () => {
    const game = await aGame();
    const session = await signInPerson(app, game);
    const act = await acts['step-up'](session, game);
    const before = await stateOf(session);

    const answer = await interrupted(session, act, () =>
      app.bots.change(
        { provider: 'telegram', environment: 'production', botId: game.botId },
        { status: 'disabled' },
      ),
    );

    expectProblem(answer, 403, 'bot.disabled');
    expect(await stateOf(session)).toEqual(before);
  });
});

describe('an account that is deactivated at this moment', () => {
  it('takes no other account', async () => {
    const game = await aGame();
    const session = await signInPerson(app, game);
    const { userId } = session;
    const accept = await acceptance(app, game, session, await signInPerson(app, game));
    const before = await stateOf(session);
    const held = await app.database.hold(`SELECT 1 FROM users WHERE id = '${userId}' FOR NO KEY UPDATE`);
    const deactivating = new Countersign(app).json(`user deactivate ${userId}`);
    await until(() => app.isWaitingFor('users'));
    const merging = accept().then((answer) => answer);
    await until(() => app.isWaitingFor('users', 2));
    await held.commit();

    expect(await deactivating).toMatchObject({ status: 'deactivated', endedSessions: 2 });
    expectProblem(await merging, 404, 'account.join_not_found');
    expect(await stateOf(session)).toEqual(before);
  });

  it('takes no other account by its wallet', async () => {
    const game = await aGame();
    const session = await aSteppedUp(app, game);
    const act = await acts.merge(session, game);
    const before = await stateOf(session);

    const deactivating = await app.database.hold(
      `UPDATE users SET status = 'deactivated' WHERE id = '${session.userId}'`,
    );
    const merging = act();
    await until(() => app.isWaitingFor('users'));
    await deactivating.commit();

    expectProblem(await merging, 403, 'user.deactivated');
    expect(await stateOf(session)).toEqual(before);
  });
});
