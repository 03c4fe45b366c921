import { Injectable, Module } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { EntityManager } from 'typeorm';
import {
  AuthModule,
  HooksIntoSignIn,
  type NewSignIn,
  type SignInHook,
  type VerifiedSignIn,
} from '@countersign/auth';
import { aPerson, countBy, times, type SignInBody } from '../factories';
import { sendLink } from '../support/linked-wallets';
import { aLoginCode } from '../support/login-code';
import { signInPerson } from '../support/person-session';
import { until } from '../support/until';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';
import { anEvmWallet, SITE } from '../support/wallets';

class ToyOutcome {
  @ApiProperty({ description: 'Whether it was the first visit.', example: true })
  isFirst: boolean;
}

/** Says whether a visit by `toy` is the first, and nothing of one by `toy_silent`. */
@Injectable()
@HooksIntoSignIn({ property: 'toy', type: ToyOutcome, description: 'The toy.', codes: [] })
class ToyPart implements SignInHook {
  appliesTo({ proof }: VerifiedSignIn): boolean {
    return proof.startParam?.startsWith('toy') === true;
  }

  apply(_: EntityManager, entered: readonly NewSignIn[]): Promise<ReadonlyMap<NewSignIn, object>> {
    const audible = entered.filter(({ signIn }) => signIn.proof.startParam !== 'toy_silent');
    return Promise.resolve(new Map(audible.map((one) => [one, { isFirst: one.isFirstInApplication }])));
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
  appliesTo({ proof }: VerifiedSignIn): boolean {
    return proof.startParam === 'toy_ball';
  }

  apply(_: EntityManager, entered: readonly NewSignIn[]): Promise<ReadonlyMap<NewSignIn, object>> {
    return Promise.resolve(new Map(entered.map((one) => [one, { colour: 'red', accessToken: 'none' }])));
  }
}

@Module({ imports: [AuthModule], providers: [ToyPart, BallPart] })
class ToysModule {}

type ToyBody = SignInBody & { readonly toy?: ToyOutcome; readonly ball?: BallOutcome };

describe('a part of sign-ins', () => {
  const app = useTestApp({ modules: [ToysModule] });
  const demo = useApplication(app, { origins: [SITE] });
  const other = useApplication(app);
  const replica = useReplica(app);

  const initDataOf = (startParam: string, person = aPerson()) => app.initDataOf(demo, person, { startParam });
  const postInitData = (initData: string) => app.postSignIn({ applicationId: demo.applicationId, initData });
  const enter = async (startParam: string, person = aPerson()): Promise<ToyBody> => {
    const answer = await postInitData(initDataOf(startParam, person));
    expect(answer.status).toBe(200);
    return answer.body as ToyBody;
  };

  it('adds nothing where it has nothing to say, and only its own property', async () => {
    expect(await enter('toy_silent')).not.toHaveProperty('toy');
    expect(await enter('another')).not.toHaveProperty('toy');

    const answer = await enter('toy_ball');

    expect(answer.ball?.colour).toBe('red');
    expect((await app.getMe(answer.accessToken)).status).toBe(200);
  });

  it('does not act for a repeated proof, a refresh, a step-up or a linked identity', async () => {
    const person = await signInPerson(app, demo);
    const initData = initDataOf('toy', person.person);
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
  });

  it('sees one first visit of a person whom another application knows, among many at once', async () => {
    for (const person of times(4, () => aPerson())) {
      await app.signIn(other, person);
      const answers = await Promise.all(
        times(12, (index) =>
          (index % 2 === 0 ? app : replica).postSignIn({
            applicationId: demo.applicationId,
            initData: initDataOf('toy', person),
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
    const entering = enter('toy', person);
    await until(() => app.isWaitingFor('identity_digests'));
    await held.commit();

    expect((await entering).toy).toEqual({ isFirst: false });
  });
});
