import { aPerson, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { aRapidpaceApplication, aRecord, enter, queryOf } from '../support/rapidpace';
import { bodyOf, headOf } from '../support/token';
import { useApplication, useTestApp } from '../support/use-test-app';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const app = useTestApp();

describe('the life of a session', () => {
  const demo = useApplication(app);

  async function rowOf(
    sessionId: string,
  ): Promise<{ end_reason: string | null; access_idle_expires_at: Date }> {
    const [row] = await app.database.query<{ end_reason: string | null; access_idle_expires_at: Date }>(
      'SELECT end_reason, access_idle_expires_at FROM sessions WHERE id = $1',
      [sessionId],
    );
    if (!row) throw new Error('no such session');
    return row;
  }

  it('keeps on shutdown what was used', async () => {
    const { accessToken, sessionId } = await app.signIn(demo);
    const before = await rowOf(sessionId);
    app.clock.advance(30);

    await app.withReplica((replica) => replica.getMe(accessToken));

    expect((await rowOf(sessionId)).access_idle_expires_at).toEqual(
      new Date(before.access_idle_expires_at.getTime() + 30_000),
    );
  });

  it('is left alone by junk that merely names it', async () => {
    const victim = await app.signIn(demo);
    const stranger = await app.signIn(demo);
    const grafted = graft(victim.refreshToken, stranger.refreshToken);

    for (const junk of [grafted, `${victim.refreshToken.slice(0, -4)}AAAA`, victim.accessToken, 'cs_rt_', ''])
      expectProblem(await app.refresh(junk), 401, 'session.token_invalid');

    expect((await rowOf(victim.sessionId)).end_reason).toBeNull();
    expect((await app.refresh(victim.refreshToken)).status).toBe(200);
  });

  it('refuses a refresh with the init data of another person, and changes nothing', async () => {
    const person = aPerson();
    const { refreshToken } = await app.signIn(demo, person);
    const ofAnother = app.initDataOf(demo, aPerson());
    const own = app.initDataOf(demo, person);
    app.clock.advance(3 * DAY);

    expectProblem(await app.refresh(refreshToken, { initData: ofAnother }), 409, 'session.account_switched');
    expectProblem(await app.refresh(refreshToken, { initData: `${own}0` }), 401, 'init_data.hash_malformed');

    const answer = await app.refresh(refreshToken, { initData: own });
    expect(answer.status).toBe(200);
  });
});

describe('the ten sessions of a person in an application', () => {
  type Assurance = 'platform' | 'bot-token' | 'vendor';

  /** Opens sessions of one person, each a second after the one before. */
  async function aPersonOf(person = aPerson()): Promise<(assurance: Assurance) => Promise<SignInBody>> {
    const casino = await aRapidpaceApplication(app);
    const { applicationId, secret } = casino;
    const bot = { applicationId, ...(await app.addBot(applicationId, { signaturePolicy: 'optional' })) };
    const byInitData = async (omitSignature: boolean): Promise<SignInBody> => {
      const initData = app.initDataOf(bot, person, { omitSignature });
      return (await app.postSignIn({ applicationId, initData })).body as SignInBody;
    };
    const doors: Record<Assurance, () => Promise<SignInBody>> = {
      platform: () => byInitData(false),
      'bot-token': () => byInitData(true),
      vendor: () => enter(app, applicationId, queryOf(aRecord(app, { telegram_id: person.id }), secret)),
    };
    return async (assurance) => {
      app.clock.advance(1);
      const session = await doors[assurance]();
      expect(session.assurance).toBe(assurance);
      return session;
    };
  }

  async function areLive(sessions: readonly SignInBody[]): Promise<boolean[]> {
    const answers = [];
    for (const { accessToken } of sessions) answers.push((await app.getMe(accessToken)).status === 200);
    return answers;
  }

  async function liveOf({ userId }: SignInBody): Promise<string[]> {
    const found = await app.database.query<{ assurance: string }>(
      'SELECT assurance FROM sessions WHERE user_id = $1 AND ended_at IS NULL',
      [userId],
    );
    return found.map(({ assurance }) => assurance).sort();
  }

  it('are ten that live: ended ones and those of another application do not count', async () => {
    const person = aPerson();
    const [open, elsewhere] = [await aPersonOf(person), await app.createApplication()];
    const ended = [await open('platform'), await open('platform'), await open('platform')];
    for (const { accessToken } of ended)
      await app.http.post('/v1/auth/logout').set('authorization', `Bearer ${accessToken}`).expect(204);
    const live: SignInBody[] = [];
    for (let count = 0; count < 10; count += 1) live.push(await open('platform'));
    await app.signIn(elsewhere, person);
    expect(await areLive(live)).toEqual(live.map(() => true));

    live.push(await open('platform'));

    expect(await areLive(live)).toEqual(live.map((_, index) => index > 0));
  });

  it('are not pushed out by a vendor’s word, which pushes out its own', async () => {
    const open = await aPersonOf();
    const strong = [await open('platform'), await open('bot-token'), await open('platform')];
    const weak: SignInBody[] = [];
    for (let count = 0; count < 12; count += 1) weak.push(await open('vendor'));

    expect(await areLive(strong)).toEqual([true, true, true]);
    expect(await areLive(weak)).toEqual(weak.map((_, index) => index >= weak.length - 7));
    expect(await liveOf(strong[0] as SignInBody)).toHaveLength(10);
  });

  it('are pushed out by stronger ones, the weakest first and of those the oldest', async () => {
    const open = await aPersonOf();
    const opened: [string, SignInBody][] = [];
    const order = [
      ['p1', 'platform'],
      ['b1', 'bot-token'],
      ['v1', 'vendor'],
      ['v2', 'vendor'],
      ['p2', 'platform'],
      ['b2', 'bot-token'],
      ['v3', 'vendor'],
      ['b3', 'bot-token'],
      ['v4', 'vendor'],
      ['p3', 'platform'],
    ] as const;
    for (const [name, assurance] of order) opened.push([name, await open(assurance)]);

    const pushedOut: string[] = [];
    while (pushedOut.length < 9) {
      const latest = await open('platform');
      expect(await liveOf(latest)).toHaveLength(10);
      const live = await areLive(opened.map(([, session]) => session));
      const gone = opened.filter((_, index) => !live[index]).map(([name]) => name);
      pushedOut.push(...gone.filter((name) => !pushedOut.includes(name)));
    }

    expect(pushedOut).toEqual(['v1', 'v2', 'v3', 'v4', 'b1', 'b2', 'b3', 'p1', 'p2']);
  });
});

/** The session id of one token with the secrets of another: nothing that was ever issued. */
function graft(named: string, secrets: string): string {
  const mixed = Buffer.concat([
    Buffer.from(bodyOf(named), 'base64url').subarray(0, 16),
    Buffer.from(bodyOf(secrets), 'base64url').subarray(16),
  ]);
  return headOf(named) + mixed.toString('base64url');
}
