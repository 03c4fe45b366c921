import { Injectable, Module } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { EntityManager } from 'typeorm';
import {
  authError,
  AuthModule,
  HooksIntoSignIn,
  type EnteredSignIn,
  type SignInHook,
  type VerifiedSignIn,
} from '@countersign/auth';
import type { AppError } from '@countersign/errors';
import { aPerson, countBy, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { sendLink } from '../support/linked-wallets';
import { aLoginCode } from '../support/login-code';
import { signInPerson } from '../support/person-session';
import { loginOf, postTo } from '../support/proofs';
import {
  aRapidpaceApplication,
  aRecord,
  codeOf,
  openLink,
  postPlayer,
  queryOf,
  sign,
} from '../support/rapidpace';
import { until } from '../support/until';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE } from '../support/wallets';

class ToyOutcome {
  @ApiProperty({ description: 'How the toy travelled.', example: 'start-param' })
  by: string;

  @ApiProperty({ description: 'Whether it was the first visit.', example: true })
  isFirst: boolean;
}

const wordOf = ({ proof, referralCode }: VerifiedSignIn): string =>
  /^toy_(\w+)$/.exec(proof.startParam ?? '')?.[1] ?? referralCode ?? '';

/** Brings a toy by link: `toy_<word>`, or a referral code. */
@Injectable()
@HooksIntoSignIn({
  property: 'toy',
  type: ToyOutcome,
  description: 'The toy that the link brought.',
  codes: ['auth.code_invalid'],
})
class ToyPart implements SignInHook {
  concerns(signIn: VerifiedSignIn): boolean {
    return wordOf(signIn) !== '';
  }

  async admit(tx: EntityManager, entered: readonly EnteredSignIn[]): Promise<readonly (AppError | null)[]> {
    await tx.query('SELECT count(*) FROM toys');
    return entered.map(({ signIn }) => (wordOf(signIn) === 'broken' ? authError('auth.code_invalid') : null));
  }

  async enter(tx: EntityManager, entered: readonly EnteredSignIn[]): Promise<readonly (object | null)[]> {
    await tx.query(
      `INSERT INTO toys (user_id, session_id, word, is_first)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::boolean[])`,
      [
        entered.map(({ user }) => user.userId),
        entered.map(({ sessionId }) => sessionId),
        entered.map(({ signIn }) => wordOf(signIn)),
        entered.map(({ isFirstInApplication }) => isFirstInApplication),
      ],
    );
    return entered.map(({ signIn, isFirstInApplication }) =>
      wordOf(signIn) === 'silent'
        ? null
        : { by: signIn.referralCode === null ? 'start-param' : 'body', isFirst: isFirstInApplication },
    );
  }
}

class BallOutcome {
  @ApiProperty({ description: 'Its colour.', example: 'red' })
  colour: string;
}

/** A second part: it concerns only `toy_ball`, and would take over what is not its own. */
@Injectable()
@HooksIntoSignIn({ property: 'ball', type: BallOutcome, description: 'The ball.', codes: [] })
class BallPart implements SignInHook {
  concerns({ proof }: VerifiedSignIn): boolean {
    return proof.startParam === 'toy_ball';
  }

  enter(_: EntityManager, entered: readonly EnteredSignIn[]): Promise<readonly (object | null)[]> {
    return Promise.resolve(entered.map(() => ({ colour: 'red', accessToken: 'none' })));
  }
}

@Module({ imports: [AuthModule], providers: [ToyPart, BallPart] })
class ToysModule {}

interface Toy {
  readonly userId: string;
  readonly sessionId: string | null;
  readonly word: string;
  readonly isFirst: boolean;
}

type ToyBody = SignInBody & { readonly toy?: ToyOutcome; readonly ball?: BallOutcome };

describe('a part of sign-ins', () => {
  const app = useTestApp({ modules: [ToysModule] });
  const demo = useApplication(app, {
    origins: [SITE],
    settings: { perRequestInitData: { accept: true }, initDataMaxAge: 600 },
  });
  const other = useApplication(app);
  const replica = useReplica(app);

  beforeAll(async () => {
    await app.database.query(`
      CREATE TABLE toys (user_id uuid NOT NULL REFERENCES users, session_id uuid, word text, is_first boolean,
        at_xmin xid8 DEFAULT pg_current_xact_id())`);
  });
  beforeEach(() => app.database.query('DELETE FROM toys'));

  const initDataOf = (startParam: string, person = aPerson()) => app.initDataOf(demo, person, { startParam });
  const postInitData = (initData: string) => app.postSignIn({ applicationId: demo.applicationId, initData });
  const enter = async (startParam: string, person = aPerson()): Promise<ToyBody> => {
    const answer = await postInitData(initDataOf(startParam, person));
    expect(answer.status).toBe(200);
    return answer.body as ToyBody;
  };
  const toys = (): Promise<Toy[]> =>
    app.database.query<Toy>(
      'SELECT user_id AS "userId", session_id AS "sessionId", word, is_first AS "isFirst" FROM toys',
    );

  it('acts in the transaction of the sign-in, and adds its property to the answer', async () => {
    const person = aPerson();

    const first = await enter('toy_bear', person);
    const second = await enter('toy_bear', person);

    expect(first).toMatchObject({ isNewUser: true, toy: { by: 'start-param', isFirst: true } });
    expect(second).toMatchObject({ isNewUser: false, toy: { by: 'start-param', isFirst: false } });
    expect(await toys()).toEqual([
      { userId: first.userId, sessionId: first.sessionId, word: 'bear', isFirst: true },
      { userId: first.userId, sessionId: second.sessionId, word: 'bear', isFirst: false },
    ]);
  });

  it('adds nothing where it has nothing to say, and only its own property', async () => {
    expect(await enter('toy_silent')).not.toHaveProperty('toy');
    expect(await enter('another')).not.toHaveProperty('toy');

    const answer = await enter('toy_ball');

    expect(answer.ball?.colour).toBe('red');
    expect((await app.getMe(answer.accessToken)).status).toBe(200);
  });

  it('does not act for a repeated proof, a refresh, a step-up or a linked identity', async () => {
    const person = await signInPerson(app, demo);
    const initData = initDataOf('toy_bear', person.person);
    const first = (await postInitData(initData)).body as ToyBody;
    const [repeated, refreshed] = [await postInitData(initData), await app.refresh(first.refreshToken)];
    app.clock.advance(60);
    const renewed = await postInitData(initData);
    const proof = { ...(await aLoginCode(app, demo, person.person)), referralCode: 'bear' };
    const steppedUp = await person.post('/v1/me/step-up', proof);
    const linked = await sendLink(person, anEvmWallet());

    expect([repeated, refreshed, renewed, steppedUp].map(({ status }) => status)).toEqual([
      200, 200, 200, 200,
    ]);
    expect(linked.status).toBe(201);
    for (const { body } of [repeated, refreshed, renewed, steppedUp, linked])
      expect(body).not.toHaveProperty('toy');
    expect(await toys()).toHaveLength(1);
  });

  it('acts once for one proof that is presented many times at once, by two processes', async () => {
    const initData = initDataOf('toy_bear');

    const answers = await Promise.all(
      times(16, (index) =>
        (index % 2 === 0 ? app : replica).postSignIn({ applicationId: demo.applicationId, initData }),
      ),
    );

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 16 });
    expect(countBy(answers, ({ body }) => String('toy' in (body as ToyBody)))).toEqual({
      true: 1,
      false: 15,
    });
    expect(await toys()).toHaveLength(1);
  });

  it('sees one first visit of a person whom another application knows, among many at once', async () => {
    for (const person of times(4, () => aPerson())) {
      await app.signIn(other, person);
      const answers = await Promise.all(
        times(12, (index) =>
          (index % 2 === 0 ? app : replica).postSignIn({
            applicationId: demo.applicationId,
            initData: initDataOf('toy_bear', person),
          }),
        ),
      );

      expect(countBy(answers, ({ body }) => String((body as ToyBody).toy?.isFirst))).toEqual({
        true: 1,
        false: 11,
      });
    }
  });

  it('sees the visit that a sign-in before it, which it waited for, has noted', async () => {
    const person = aPerson();
    const { userId } = await app.signIn(other, person);
    const held = await app.database.hold(`SELECT 1 FROM users WHERE id = '${userId}' FOR NO KEY UPDATE`);
    await held.run(
      `INSERT INTO user_applications (user_id, application_id, first_seen_on, last_seen_on)
       VALUES ('${userId}', '${demo.applicationId}', now(), now())`,
    );
    const entering = enter('toy_bear', person);
    await until(() => app.isWaitingFor('identity_digests'));
    await held.commit();

    expect((await entering).toy).toEqual({ by: 'start-param', isFirst: false });
  });

  describe('that refuses', () => {
    it('lets nothing be stored of a new person, and leaves the proof unused', async () => {
      const [person, before] = [aPerson(), await inventoryOf(app)];
      const initData = initDataOf('toy_broken', person);

      expectProblem(await postInitData(initData), 401, 'auth.code_invalid');
      expectProblem(await postInitData(initData), 401, 'auth.code_invalid');

      expect(await inventoryOf(app)).toEqual(before);
      expect((await enter('toy_bear', person)).toy?.isFirst).toBe(true);
    });

    it('refuses those only whom it means, in a group with others', async () => {
      const words = times(30, (index) => (index % 3 === 0 ? 'broken' : index % 3 === 1 ? 'bear' : null));
      const [{ count }] = (await app.database.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM users',
      )) as [{ count: number }];

      const answers = await Promise.all(
        words.map((word) => postInitData(initDataOf(word === null ? 'none' : `toy_${word}`))),
      );

      expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 20, 401: 10 });
      expect(answers.map(({ body }) => 'toy' in (body as ToyBody))).toEqual(
        words.map((word) => word === 'bear'),
      );
      expect(await toys()).toHaveLength(10);
      const [row] = await app.database.query<{ count: number }>('SELECT count(*)::int AS count FROM users');
      expect(row?.count).toBe(count + 20);
    });
  });

  describe('with init data per request', () => {
    const getMe = (initData: string) =>
      app.http
        .get('/v1/me')
        .set('authorization', `tma ${initData}`)
        .set('x-countersign-application', demo.applicationId);

    it('acts at the first visit only, without a session', async () => {
      const person = aPerson();
      const initData = initDataOf('toy_bear', person);

      const answers = await Promise.all(times(8, () => getMe(initData)));

      expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 8 });
      const { userId } = answers[0]?.body as { userId: string };
      expect(await toys()).toEqual([{ userId, sessionId: null, word: 'bear', isFirst: true }]);
      // The proof is not used up: it opens a session, of a person who is not new.
      expect((await postInitData(initData)).body).toMatchObject({ toy: { isFirst: false } });
    });

    it('acts for a person whom another application knows', async () => {
      const person = aPerson();
      const { userId } = await app.signIn(other, person);

      expect((await getMe(initDataOf('toy_bear', person))).body).toMatchObject({ userId });
      expect((await getMe(initDataOf('toy_bear', person))).body).toMatchObject({ userId });

      expect(await toys()).toEqual([{ userId, sessionId: null, word: 'bear', isFirst: true }]);
    });

    it('refuses a first visit, and no later one', async () => {
      const [person, known] = [aPerson(), aPerson()];
      await app.signIn(demo, known);
      const before = await inventoryOf(app);

      expectProblem(await getMe(initDataOf('toy_broken', person)), 401, 'auth.code_invalid');

      expect(await inventoryOf(app)).toEqual(before);
      expect((await getMe(initDataOf('toy_broken', known))).status).toBe(200);
    });
  });

  describe('by a referral code in the body', () => {
    const referralCode = 'k7m2qd9xw4ht';

    it('acts at doors whose proofs carry no start parameter', async () => {
      const { applicationId } = demo;
      const data = loginOf(app, demo, aPerson());

      const answer = await postTo(app, 'telegram/login-widget', { applicationId, data, referralCode });

      expect(answer.body).toMatchObject({ toy: { by: 'body', isFirst: true } });
    });

    it('acts at the exchange, once the player who was registered before comes', async () => {
      const { applicationId, secret } = await aRapidpaceApplication(app);
      const record = aRecord(app);
      await postPlayer(app, applicationId, record, sign(record, secret));
      const code = codeOf(await openLink(app, applicationId, queryOf(record, secret)));

      const answer = await postTo(app, 'exchange', { applicationId, code, referralCode });

      expect(answer.body).toMatchObject({ isNewUser: false, toy: { by: 'body', isFirst: true } });
    });
  });
});
