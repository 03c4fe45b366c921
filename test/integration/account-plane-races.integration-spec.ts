import type { Response } from 'supertest';
import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { openWeb3InitDataOf } from '../support/proofs';
import { Countersign } from '../support/run-countersign';
import { TestApp, type Demo } from '../support/test-app';
import { until } from '../support/until';

const OPENWEB3 = '/v1/me/identities/openweb3/init-data';

interface Game {
  readonly demo: Demo;
  /** The same application with its OpenWeb3 bot. */
  readonly im: Demo;
}

type Act = () => Promise<Response>;

let app: TestApp;

beforeAll(async () => {
  app = await TestApp.start();
});

afterAll(() => app.close());

async function aGame(): Promise<Game> {
  const demo = await app.createApplication();
  return { demo, im: await app.addOpenWeb3Bot(demo) };
}

async function aSteppedUpSession({ demo }: Game): Promise<PersonSession> {
  const session = await signInPerson(app, demo);
  expect((await session.stepUp()).status).toBe(200);
  return session;
}

const anOpenWeb3Proof = ({ im }: Game, person = aPerson()) => ({
  initData: openWeb3InitDataOf(app, im, person),
});

const acts = {
  'step-up': async (session: PersonSession): Promise<Act> => session.stepUp,
  link: async (session: PersonSession, game: Game): Promise<Act> => {
    const proof = anOpenWeb3Proof(game);
    return async () => session.post(OPENWEB3, proof);
  },
  unlink: async (session: PersonSession, game: Game): Promise<Act> => {
    const { identityId } = (await session.post(OPENWEB3, anOpenWeb3Proof(game))).body as {
      identityId: string;
    };
    return async () => session.delete(`/v1/me/identities/${identityId}`);
  },
  merge: async (session: PersonSession, game: Game): Promise<Act> => {
    const loser = await signInOpenWeb3(app, game.im);
    const proof = anOpenWeb3Proof(game, loser.person);
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
    const session = name === 'step-up' ? await signInPerson(app, game.demo) : await aSteppedUpSession(game);
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
  it.each(['step-up', 'link', 'merge'] as const)('vouches for no %s any more', async (name) => {
    const game = await aGame();
    const session = name === 'step-up' ? await signInPerson(app, game.demo) : await aSteppedUpSession(game);
    const act = await acts[name](session, game);
    const before = await stateOf(session);
    const [provider, { botId }] =
      name === 'step-up' ? (['telegram', game.demo] as const) : (['openweb3', game.im] as const);

    const answer = await interrupted(session, act, () =>
      app.bots.change({ provider, environment: 'production', botId }, { status: 'disabled' }),
    );

    expectProblem(answer, 403, 'bot.disabled');
    expect(await stateOf(session)).toEqual(before);
  });
});

describe('a bot that is compromised at this moment', () => {
  it.each(['link', 'merge'] as const)(
    'vouches for no %s any more, by a proof that rests on its token alone',
    async (name) => {
      const game = await aGame();
      const session = await aSteppedUpSession(game);
      const act = await acts[name](session, game);
      const before = await stateOf(session);

      const answer = await interrupted(session, act, () =>
        app.bots.change(
          { provider: 'openweb3', environment: 'production', botId: game.im.botId },
          { status: 'compromised' },
        ),
      );

      expectProblem(answer, 403, 'bot.compromised');
      expect(await stateOf(session)).toEqual(before);
    },
  );
});

describe('an account that is deactivated at this moment', () => {
  it('takes no other account', async () => {
    const game = await aGame();
    const session = await aSteppedUpSession(game);
    const { userId } = session;
    const merge = await acts.merge(session, game);
    const before = await stateOf(session);
    const held = await app.database.hold(`SELECT 1 FROM users WHERE id = '${userId}' FOR NO KEY UPDATE`);
    const deactivating = new Countersign(app).json(`user set ${userId} --status deactivated`);
    await until(() => app.isWaitingFor('users'));
    const merging = merge();
    await until(() => app.isWaitingFor('users', 2));
    await held.commit();

    expect(await deactivating).toMatchObject({ status: 'deactivated', endedSessions: 1 });
    expectProblem(await merging, 403, 'user.deactivated');
    expect(await stateOf(session)).toEqual(before);
  });
});
