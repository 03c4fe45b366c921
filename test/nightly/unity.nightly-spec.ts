import { dirname } from 'node:path';
import { aPerson, times, type Person, type SignInBody } from '../factories';
import { aBoard, aScore, score } from '../support/boards';
import { aConfidentialApplication } from '../support/oauth';
import { signInPerson } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { freePort } from '../system/support/program';
import { buildUnityDriver, compileForWeb, UnityClient, type Outcome } from '../system/support/unity-client';

const ME = '/v1/me';
const REFRESH = '/v1/auth/refresh';
const SIGN_IN = '/v1/auth/telegram/init-data';

const app = useTestApp();
const demo = useFixture(() => aConfidentialApplication(app));
const build = useFixture(() => buildUnityDriver(), { close: ({ remove }) => remove() });
const clients: UnityClient[] = [];

function start(initData: string, port = app.port): UnityClient {
  const client = new UnityClient(build, `http://127.0.0.1:${port}/`, demo.applicationId, initData);
  clients.push(client);
  return client;
}

/** A launch of the game; `again` is another party with the same init data, and `other` another page. */
function launch(person: Person = aPerson()) {
  const initData = app.initDataOf(demo, person);
  const again = async () =>
    (await app.postSignIn({ applicationId: demo.applicationId, initData })).body as SignInBody;
  return { client: start(initData), again, other: () => start(initData) };
}

const countOf = ({ sent }: Outcome, path: string) => sent.filter((each) => each.endsWith(` ${path}`)).length;

afterEach(async () => {
  const ended = clients.splice(0);
  await Promise.all(ended.map((client) => client.close()));
  expect(ended.flatMap(({ lines }) => lines).filter((line) => /cs_[ar]t/.test(line))).toEqual([]);
});

describe('the package for Unity', () => {
  it('compiles as a web build, and so does the example of its page, with stubs for what they use of Unity', async () => {
    await expect(compileForWeb(dirname(build.program))).resolves.toBeUndefined();
  });

  it('signs in by the init data of the launch, and reads the account', async () => {
    const { client } = launch(aPerson({ first_name: 'Zoë' }));

    const { result } = await client.do('signIn');
    const me = await client.do('me');

    expect(result).toMatchObject({ isNewUser: true, assurance: 'platform', startParam: null });
    const { userId } = result as SignInBody;
    expect(me.result).toMatchObject({
      userId,
      createdAt: expect.stringContaining('20') as string,
      profile: { firstName: 'Zoë', lastName: expect.anything() as string },
      session: { applicationId: demo.applicationId },
      erasure: null,
    });
    expect(await client.do('signIn')).toEqual({ result, sent: [] });
  });

  it('refreshes once for 20 calls at the expiry, and repeats each', async () => {
    const { client } = launch();
    await client.do('signIn');
    app.clock.advance(3_600);

    const outcome = await client.do('everybody', { count: 20 });

    expect(outcome.result).toHaveLength(1);
    expect(countOf(outcome, REFRESH)).toBe(1);
    expect(outcome.sent.filter((each) => each === `200 ${ME}`)).toHaveLength(20);
    expect((await client.do('current')).result).toMatchObject({ isNewUser: true });
  });

  it('repeats a sign-in and a refresh whose answers were lost', async () => {
    const { client } = launch();
    await client.do('network', { path: SIGN_IN, status: 0, times: 1 });
    const signedIn = await client.do('signIn');
    expect(signedIn.sent).toEqual(times(2, () => `200 ${SIGN_IN}`));
    app.clock.advance(3_600);
    await client.do('network', { path: REFRESH, status: 0, times: 1 });

    const { sent } = await client.do('me');

    expect(sent).toEqual([`401 ${ME}`, `200 ${REFRESH}`, `200 ${REFRESH}`, `200 ${ME}`]);
    app.clock.advance(3_600);
    expect((await client.do('me')).sent).toEqual([`401 ${ME}`, `200 ${REFRESH}`, `200 ${ME}`]);
  });

  it.each([
    ['goes on minutes after lost answers of a refresh', 900, REFRESH],
    ['signs in again after lost answers of a refresh whose pair has expired', 1_800, SIGN_IN],
  ])('%s', async (_, seconds, path) => {
    const { client } = launch();
    const signedIn = await client.do('signIn');
    app.clock.advance(3_600);
    await client.do('network', { path: REFRESH, status: 0, times: 2 });
    expect((await client.do('me')).error).toMatchObject({ Code: 'local.unreachable', Status: 0 });
    app.clock.advance(seconds);
    await client.do('sleep', { seconds });

    const { result, sent } = await client.do('me');

    expect(sent).toEqual([`401 ${ME}`, `200 ${path}`, `200 ${ME}`]);
    const { sessionId, userId } = signedIn.result as SignInBody;
    expect(result).toMatchObject({ userId, session: { sessionId } });
  });

  it.each([429, 503])('keeps the session when a refresh is answered %i', async (status) => {
    const { client } = launch();
    await client.do('signIn');
    app.clock.advance(3_600);
    await client.do('network', { path: REFRESH, status, times: 1 });

    expect((await client.do('me')).error).toMatchObject({
      Status: status,
      RetryAfter: 5,
      NeedsRelaunch: false,
    });

    await client.do('sleep', { seconds: 60 });
    expect((await client.do('me')).sent).toEqual([`401 ${ME}`, `200 ${REFRESH}`, `200 ${ME}`]);
  });

  it('signs in again when the session was ended elsewhere', async () => {
    const { client, again } = launch();
    await client.do('signIn');
    const { accessToken } = await again();
    await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${accessToken}`).expect(204);
    await app.catchUp();

    const { sent } = await client.do('me');

    expect(sent).toEqual([`401 ${ME}`, `200 ${SIGN_IN}`, `200 ${ME}`]);
  });

  it('tries again later when the sign-in after an ended session was answered 503', async () => {
    const { client, again } = launch();
    await client.do('signIn');
    const { accessToken } = await again();
    await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${accessToken}`).expect(204);
    await app.catchUp();
    await client.do('network', { path: SIGN_IN, status: 503, times: 1 });
    expect((await client.do('me')).error).toMatchObject({ Status: 503 });

    const { sent } = await client.do('me');

    expect(sent).toEqual([`401 ${ME}`, `200 ${SIGN_IN}`, `200 ${ME}`]);
  });

  it('gives up when another page of the launch ends its session again and again', async () => {
    const { client, other } = launch();
    const page = other();
    await client.do('signIn');
    app.clock.advance(60);
    await page.do('signIn');
    app.clock.advance(60);
    expect((await client.do('me')).sent).toEqual([
      `401 ${ME}`,
      `401 ${REFRESH}`,
      `200 ${SIGN_IN}`,
      `200 ${ME}`,
    ]);
    app.clock.advance(60);
    await page.do('me');

    const { error, sent } = await client.do('me');

    expect(sent).toEqual([`401 ${ME}`, `401 ${REFRESH}`]);
    expect(error).toMatchObject({ Code: 'session.token_invalid', Status: 401 });
    expect((await client.do('current')).result).toBeNull();
  });

  it('asks for a relaunch when its refresh token was used by another party', async () => {
    const { client, again } = launch();
    await client.do('signIn');
    await app.refresh((await again()).refreshToken).expect(200);
    app.clock.advance(3_600);

    const outcome = await client.do('me');

    expect(outcome.error).toMatchObject({ Code: 'session.refresh_reused', NeedsRelaunch: true });
    expect(countOf(outcome, SIGN_IN)).toBe(0);
    expect((await client.do('me')).error).toMatchObject({ Code: 'local.signed_out', Status: 0 });
    expect((await client.do('signIn')).error).toMatchObject({ Code: 'auth.proof_used', NeedsRelaunch: true });
  });

  it('signs out here at once, and at the service', async () => {
    const { client, again } = launch();
    await client.do('signIn');
    const { accessToken } = await again();

    const { result, sent } = await client.do('signOut');

    expect({ result, sent }).toEqual({ result: null, sent: ['200 /v1/oauth/revoke'] });
    expect((await client.do('me')).error).toMatchObject({ Code: 'local.signed_out' });
    await app.catchUp();
    await app.getMe(accessToken).expect(401);
  });

  it('drops the answer to a sign-in when the person signs out meanwhile', async () => {
    const { client } = launch();

    expect((await client.do('signOutMeanwhile')).error).toMatchObject({ Code: 'local.superseded' });

    expect((await client.do('current')).result).toBeNull();
  });

  it('reads a board: its season, the top page by page, the rank of the person and the people around', async () => {
    const boardId = await aBoard(app, demo, { name: 'Größe' });
    const { client } = launch();
    const { userId } = (await client.do('signIn')).result as SignInBody;
    const others = await Promise.all(times(3, () => signInPerson(app, demo)));
    await score(app, demo, boardId, aScore({ userId }, Number.MAX_SAFE_INTEGER - 2));
    await score(
      app,
      demo,
      boardId,
      ...others.map((other, at) => aScore(other, Number.MAX_SAFE_INTEGER - at)),
    );

    const board = (await client.do('board', { board: boardId })).result as { season: { seasonId: string } };
    const first = (await client.do('top', { board: boardId, limit: 2 })).result as { nextCursor: string };
    const rest = (await client.do('top', { board: boardId, cursor: first.nextCursor })).result;
    const around = (await client.do('around', { board: boardId })).result;
    const rank = (await client.do('rank', { board: boardId })).result;
    const seasons = (await client.do('seasons', { board: boardId })).result;

    const { seasonId } = board.season;
    const ranked = { rank: 3, userId, score: Number.MAX_SAFE_INTEGER - 2, person: null };
    expect(board).toMatchObject({
      boardId,
      name: 'Größe',
      rule: 'best',
      season: { number: 1, closedAt: null },
    });
    expect(first).toMatchObject({ seasonId, people: 4, items: [{ rank: 1 }, { rank: 2 }] });
    expect(rest).toMatchObject({ items: [ranked, { rank: 4 }], nextCursor: null });
    expect(around).toMatchObject({ items: [{ rank: 2 }, ranked, { rank: 4 }] });
    expect(rank).toMatchObject({ rank: 3, userId, seasonId, people: 4 });
    expect(seasons).toMatchObject({ items: [{ seasonId }], nextCursor: null });
  });

  it('has the code, the status and the request id of a problem', async () => {
    const { client } = launch();
    await client.do('signIn');
    const boardId = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

    const { error, sent } = await client.do('board', { board: boardId });

    expect(error).toMatchObject({ Code: 'board.not_found', Status: 404, NeedsRelaunch: false });
    expect(error?.RequestId).toMatch(/^[\w-]{8,}$/);
    expect(sent).toEqual([`404 /v1/boards/${boardId}`]);
  });

  it.each([
    ['forged init data', () => `${app.initDataOf(demo)}0`, { Code: 'init_data.hash_malformed', Status: 401 }],
    ['no init data', () => '', { Code: 'local.no_init_data', Status: 0 }],
  ])('opens no session with %s', async (_, initData, error) => {
    const client = start(initData());

    expect((await client.do('signIn')).error).toMatchObject(error);

    expect((await client.do('current')).result).toBeNull();
  });

  it('says that the service is unreachable, after two attempts', async () => {
    const client = start(app.initDataOf(demo), await freePort());

    const { error, sent } = await client.do('signIn');

    expect(error).toMatchObject({ Code: 'local.unreachable', Status: 0, RequestId: null });
    expect(sent).toEqual(times(2, () => `0 ${SIGN_IN}`));
  });

  it('takes a page of a proxy for no answer of the service', async () => {
    const { client } = launch();
    await client.do('network', { path: SIGN_IN, status: 200, times: 1 });

    expect((await client.do('signIn')).error).toMatchObject({ Code: 'local.unexpected_answer', Status: 200 });
  });
});
