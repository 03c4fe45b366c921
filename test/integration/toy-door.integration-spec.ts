import { Injectable, Module, Post } from '@nestjs/common';
import { AccountModule, linkControllerOf } from '@countersign/account';
import { ApplicationsModule, ApplicationsService } from '@countersign/applications';
import {
  authError,
  AuthModule,
  BodyStrategy,
  signInCodes,
  SignInRequest,
  SignInService,
  SignsIn,
  Verified,
  type BodyDoorDeclaration,
  type SignInResponse,
  type VerifiedSignIn,
} from '@countersign/auth';
import { Clock } from '@countersign/clock';
import { sha256 } from '@countersign/crypto';
import { ApiController, Matching } from '@countersign/http';
import { defineDoorNames, forgetDoorNames, SessionsModule } from '@countersign/sessions';
import type { NamesOf } from '@countersign/text';
import { aPerson, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { postTo } from '../support/proofs';
import { useApplication, useTestApp } from '../support/use-test-app';

/** 1. The pure verifier: a toy is its owner's id, and the same backwards. */
function verifyToy(toy: string): string | null {
  const [id = '', signature] = toy.split('.');
  return [...id].reverse().join('') === signature ? id : null;
}

/** Its word for services behind the gateway: in `*.feature.ts`, which `index.ts` imports. */
const doorNamesOfToys = defineDoorNames(['toy']);

declare module '@countersign/sessions' {
  interface DoorNames extends NamesOf<typeof doorNamesOfToys> {}
}

/** 2. The strategy, with the body that it reads. */
class ToySignIn extends SignInRequest {
  @Matching('What the toy says.', '42.24', { input: 'required', pattern: /^\d+\.\d+$/ })
  toy: string;
}

@Injectable()
class ToyStrategy extends BodyStrategy<ToySignIn> {
  static readonly declaration: BodyDoorDeclaration = {
    name: 'toy',
    body: ToySignIn,
    proofFields: { toy: '42.24' },
    operation: { operationId: 'signInWithToy', summary: 'Sign in with a toy' },
    link: { path: 'toy', operationId: 'linkToy', summary: 'Link the identity of a toy' },
    codes: [...signInCodes, 'auth.code_invalid'],
    refusals: 'sign-in',
    metric: 'toy',
  };

  constructor(
    private readonly applications: ApplicationsService,
    private readonly clock: Clock,
  ) {
    super();
  }

  protected async verify({ applicationId, toy }: ToySignIn): Promise<VerifiedSignIn> {
    const subject = verifyToy(toy);
    if (subject === null) throw authError('auth.code_invalid');
    const madeAt = this.clock.now();
    return {
      application: await this.applications.getById(applicationId),
      proof: {
        provider: 'telegram',
        environment: 'production',
        subject,
        applicationId,
        botId: null,
        botRowId: null,
        profile: {},
        hints: {},
        alias: null,
        madeAt,
        startParam: null,
        proofId: sha256(`${toy} ${madeAt.toISOString()}`),
        secret: sha256(toy),
        assurance: 'platform',
        door: 'toy',
      },
    };
  }
}

/** 3. Its route, and its place in a list: the product has both in `sign-in.controller.ts`. */
const toyDoors = [ToyStrategy] as const;

@ApiController('v1/auth', 'Sign in')
class ToyController {
  constructor(private readonly signIns: SignInService) {}

  @Post('toy')
  @SignsIn(ToyStrategy)
  withToy(@Verified() verified: VerifiedSignIn): Promise<SignInResponse> {
    return this.signIns.signIn(verified);
  }
}

/** What `AuthModule` and `WalletsModule` do with theirs. */
@Module({
  imports: [AccountModule, ApplicationsModule, AuthModule, SessionsModule],
  providers: [...toyDoors],
  controllers: [ToyController, ...toyDoors.map(linkControllerOf)],
})
class ToyModule {}

describe('a new door', () => {
  const app = useTestApp({ modules: [ToyModule] });
  const demo = useApplication(app);
  afterAll(() => {
    forgetDoorNames(doorNamesOfToys);
  });

  const post = (body: object) => postTo(app, 'toy', { applicationId: demo.applicationId, ...body });

  const toyOf = (id: number): string => `${id}.${[...String(id)].reverse().join('')}`;

  it('signs in the person of its proof, for a session like any other', async () => {
    const person = aPerson();
    const { userId } = await app.signIn(demo, person);

    const answer = await post({ toy: toyOf(person.id), deviceName: 'A shelf' });

    expect(answer.status).toBe(200);
    const session = answer.body as SignInBody;
    expect(session).toMatchObject({ userId, isNewUser: false });
    expect((await app.getMe(session.accessToken)).body).toMatchObject({ userId });
    const operator = await anOperator(app, ['sessions:read']);
    const { items } = (await operator.get(`/v1/admin/users/${userId}/sessions`)).body as {
      readonly items: readonly { readonly door: string | null }[];
    };
    expect(items.map(({ door }) => door)).toContain('toy');
  });

  it('refuses with its own codes, and what every door refuses', async () => {
    expectProblem(await post({ toy: '12.12' }), 401, 'auth.code_invalid');
    expectProblem(await post({ toy: 'a doll' }), 400, 'request.invalid', [{ path: 'toy', code: 'matches' }]);
    expectProblem(await post({ toy: '1.1', ball: 1 }), 400, 'request.unknown_field', [
      { path: 'ball', code: 'unknown_field' },
    ]);
    const elsewhere = await app.http
      .post('/v1/auth/toy')
      .set('origin', 'https://elsewhere.example')
      .send({ applicationId: demo.applicationId, toy: '1.1' });
    expectProblem(elsewhere, 403, 'request.origin_not_allowed');
  });

  it('links the identity of its proof', async () => {
    const session = await signInPerson(app, demo);
    expect((await session.stepUp()).status).toBe(200);
    const other = aPerson();

    const linked = await session.post('/v1/me/identities/toy', { toy: toyOf(other.id) });

    expect(linked.status).toBe(201);
    expect(linked.body).toMatchObject({ provider: 'telegram', subject: String(other.id) });
    expect((await app.signIn(demo, other)).userId).toBe(session.userId);
  });
});
