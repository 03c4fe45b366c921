import { countBy, times, type SignInBody } from '../factories';
import { Device, endReasonOf, expectChallenge, storedOf } from '../support/device-key';
import { expectProblem } from '../support/expect-problem';
import { ISSUER } from '../support/oauth';
import { useApplication, useTestApp } from '../support/use-test-app';

const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
const demo = useApplication(app);

const pairOf = ({ accessToken, refreshToken }: SignInBody) => ({ accessToken, refreshToken });

describe('the access token of a bound session', () => {
  const shortIdle = 60;

  const short = useApplication(app, { settings: { session: { accessIdle: shortIdle } } });

  it('is not extended by a thief without the key', async () => {
    const owner = new Device(app);
    const session = await owner.signIn(short);
    app.clock.advance(shortIdle - 10);

    for (const { status } of [await new Device(app).getMe(session), await app.check(session.accessToken)])
      expect(status).toBe(401);

    app.clock.advance(10);
    expectProblem(await owner.getMe(session), 401, 'session.expired');
  });

  it.each([
    ['at the service', (owner: Device, session: SignInBody) => owner.getMe(session)],
    ['behind the gateway', (owner: Device, session: SignInBody) => owner.check(session)],
  ])('is kept alive by its owner, %s', async (_, use) => {
    const owner = new Device(app);
    const session = await owner.signIn(short);
    const before = await storedOf(app, session);
    app.clock.advance(shortIdle - 10);

    expect((await use(owner, session)).status).toBe(200);

    expect(await storedOf(app, session)).not.toEqual(before);
    app.clock.advance(shortIdle - 10);
    expect((await use(owner, session)).status).toBe(200);
  });

  it('needs its key on a replica that has never heard of it', async () => {
    const owner = new Device(app);
    const session = await owner.signIn(demo);

    await app.withReplica(async (replica) => {
      expectChallenge(await replica.getMe(session.accessToken), 'dpop.proof_missing');
      const thief = new Device(app).at(replica);
      expectChallenge(await thief.getMe(session), 'dpop.other_key', 'invalid_token');
      expect((await owner.at(replica).getMe(session)).status).toBe(200);
    });
  });

  it('of before a refresh needs its key in its last seconds too', async () => {
    const owner = new Device(app);
    const session = await owner.signIn(demo);
    await owner.refresh(session);

    expectChallenge(await new Device(app).getMe(session), 'dpop.other_key', 'invalid_token');
    expect((await owner.getMe(session)).status).toBe(200);
  });
});

describe('the refresh token of a bound session', () => {
  it('answers the next pair to its key, and stays bound', async () => {
    const owner = new Device(app);
    const first = await owner.signIn(demo);

    const second = (await owner.refresh(first)).body as SignInBody;

    expect(second).toMatchObject({ tokenType: 'DPoP', sessionId: first.sessionId });
    expect((await owner.getMe(second)).status).toBe(200);
    expectChallenge(await app.getMe(second.accessToken), 'dpop.proof_missing');
    expectChallenge(await app.refresh(second.refreshToken), 'dpop.proof_missing');
  });

  it('answers the same pair again within ten seconds, to the same key with another proof', async () => {
    const owner = new Device(app);
    const first = await owner.signIn(demo);
    const second = (await owner.refresh(first)).body as SignInBody;
    app.clock.advance(9);

    const repeated = (await owner.refresh(first)).body as SignInBody;

    expect(pairOf(repeated)).toEqual(pairOf(second));
    expectChallenge(await new Device(app).refresh(first), 'dpop.other_key', 'invalid_token');
    expectChallenge(await app.refresh(first.refreshToken), 'dpop.proof_missing');
  });

  it('answers one pair, however parallel the calls of its key', async () => {
    const owner = new Device(app);
    const session = await owner.signIn(demo);

    const answers = await Promise.all(times(20, () => owner.refresh(session)));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 20 });
    expect(new Set(answers.map(({ body }) => (body as SignInBody).refreshToken)).size).toBe(1);
  });

  it.each([
    ['no key', (first: SignInBody) => app.refresh(first.refreshToken), 'dpop.proof_missing'],
    [
      'no key, but init data of its person',
      (first: SignInBody, initData: string) => app.refresh(first.refreshToken, { initData }),
      'dpop.proof_missing',
    ],
    ['another key', (first: SignInBody) => new Device(app).refresh(first), 'dpop.other_key'],
  ])('that was used ends nothing for whoever has %s', async (_, refresh, code) => {
    const owner = new Device(app);
    const initData = app.initDataOf(demo);
    const { applicationId } = demo;
    const entered = await owner.enter('/v1/auth/telegram/init-data', { applicationId, initData });
    const first = entered.body as SignInBody;
    const second = (await owner.refresh(first)).body as SignInBody;
    app.clock.advance(11);
    const before = await storedOf(app, first);

    const answer = await refresh(first, initData);

    expectChallenge(answer, code, code === 'dpop.other_key' ? 'invalid_token' : 'invalid_dpop_proof');
    expect(await storedOf(app, first)).toEqual(before);
    expect((await owner.getMe(second)).status).toBe(200);
  });

  it('that was used ends the session when its key comes with it', async () => {
    const owner = new Device(app);
    const first = await owner.signIn(demo);
    const second = (await owner.refresh(first)).body as SignInBody;
    expect((await owner.getMe(second)).status).toBe(200);
    app.clock.advance(11);

    expectProblem(await owner.refresh(first), 401, 'session.refresh_reused');

    expect(await endReasonOf(app, first)).toBe('refresh-reuse');
    expectProblem(await owner.getMe(second), 401, 'session.ended');
  });

  it('needs its key and the person, not one of them', async () => {
    const owner = new Device(app);
    const session = await owner.signIn(demo);
    const { refreshToken } = session;
    const before = await storedOf(app, session);
    const another = { refreshToken, initData: app.initDataOf(demo) };

    expectProblem(await owner.enter('/v1/auth/refresh', another), 409, 'session.account_switched');
    expect(await storedOf(app, session)).toEqual(before);
  });

  it('that is invented is told nothing of keys', async () => {
    const owner = new Device(app);
    const { refreshToken } = await owner.signIn(demo);
    const invented = refreshToken.replace(/.(?=.{20}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));

    expectProblem(await app.refresh(invented), 401, 'session.token_invalid');
    expectProblem(await owner.refresh({ refreshToken: invented }), 401, 'session.token_invalid');
  });
});

describe('the logout of a bound session', () => {
  it('is for its key also when its access token has idled out', async () => {
    const owner = new Device(app);
    const session = await owner.signIn(demo);
    app.clock.advance(1_801);

    expectChallenge(await new Device(app).logOut(session), 'dpop.other_key', 'invalid_token');
    expect((await owner.logOut(session)).status).toBe(204);
    expect(await endReasonOf(app, session)).toBe('logout');
  });
});
