import { tokenDigest } from '@countersign/crypto';
import { type SignInBody } from '../factories';
import { DatabaseLine } from '../support/database-line';
import { Device, endReasonOf } from '../support/device-key';
import { expectProblem } from '../support/expect-problem';
import { aConfidentialApplication, introspect, ISSUER } from '../support/oauth';
import { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const MINUTE = 60;
/** Longer than tabs may refresh at once. */
const LATER = 11;
const SLOW_COMMIT = 4712;

describe('a refresh whose answer is lost', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const replica = useReplica(app);
  const line = useFixture(() => DatabaseLine.start(app.database), { close: (started) => started.cut() });
  const demo = useFixture(() => aConfidentialApplication(app));

  const pairOf = ({ accessToken, refreshToken }: SignInBody) => ({ accessToken, refreshToken });
  const digestOf = ({ refreshToken }: SignInBody) => tokenDigest(refreshToken).toString('hex');
  const refreshed = async (refreshToken: string, at: TestApp = app): Promise<SignInBody> =>
    (await at.refresh(refreshToken).expect(200)).body as SignInBody;

  /** A session whose latest pair nobody has used, and the pair before it. */
  async function aLostRefresh(): Promise<readonly [SignInBody, SignInBody]> {
    const before = await app.signIn(demo);
    return [before, await refreshed(before.refreshToken)];
  }

  async function expectTheft({ refreshToken }: SignInBody, latest: SignInBody): Promise<void> {
    expectProblem(await app.refresh(refreshToken), 401, 'session.refresh_reused');
    expectProblem(await app.getMe(latest.accessToken), 401, 'session.ended');
    expectProblem(await app.refresh(latest.refreshToken), 401, 'session.ended');
    expect(await endReasonOf(app, latest)).toBe('refresh-reuse');
  }

  it.each([
    ['at once', 1],
    ['seconds later', LATER],
    ['just before the pair expires', 30 * MINUTE - 1],
  ])('is answered again with the same pair, %s', async (_, seconds) => {
    const [before, lost] = await aLostRefresh();
    app.clock.advance(seconds);

    for (const at of [replica, app]) {
      const again = await refreshed(before.refreshToken, at);
      expect(pairOf(again)).toEqual(pairOf(lost));
      expect(again.expiresIn).toBe(30 * MINUTE - seconds);
    }
    await app.getMe(lost.accessToken).expect(200);
    await app.refresh(lost.refreshToken).expect(200);
  });

  it('is theft once the pair has expired unused', async () => {
    const [before, lost] = await aLostRefresh();
    app.clock.advance(30 * MINUTE);

    expectProblem(await app.refresh(before.refreshToken), 401, 'session.refresh_reused');
    expect(await endReasonOf(app, lost)).toBe('refresh-reuse');
  });

  it.each<[string, (lost: SignInBody) => Promise<unknown>]>([
    ['at a route', async ({ accessToken }) => app.getMe(accessToken).expect(200)],
    ['at a route of another replica', async ({ accessToken }) => replica.getMe(accessToken).expect(200)],
    ['at the gateway check', async ({ accessToken }) => app.check(accessToken).expect(200)],
    ['at introspection', async ({ accessToken }) => introspect(app, demo, accessToken)],
    [
      'at a refresh, whose answer is lost too',
      async ({ refreshToken }) => app.refresh(refreshToken).expect(200),
    ],
  ])('is theft once the pair was used %s', async (_, use) => {
    const [before, lost] = await aLostRefresh();
    await use(lost);
    app.clock.advance(LATER);

    await expectTheft(before, lost);
  });

  it('is not followed by a use where the earlier access token is used', async () => {
    const [before, lost] = await aLostRefresh();
    await app.getMe(before.accessToken).expect(200);
    await replica.check(before.accessToken).expect(200);
    app.clock.advance(LATER);

    expect(pairOf(await refreshed(before.refreshToken))).toEqual(pairOf(lost));
  });

  it('is theft where services verify an identity token of the answer without a call', async () => {
    const offline = await app.createApplication({ settings: { identityToken: { inAnswers: true } } });
    const before = await app.signIn(offline);
    const lost = await refreshed(before.refreshToken);
    expect(lost).toHaveProperty('identityToken');
    app.clock.advance(LATER);

    await expectTheft(before, lost);
  });

  describe('beside a thief of the refresh token', () => {
    it('gives both one pair where neither has used it, and ends the session after the next refresh', async () => {
      const stolen = await app.signIn(demo);
      const thief = await refreshed(stolen.refreshToken, replica);
      app.clock.advance(LATER);
      const owner = await refreshed(stolen.refreshToken);
      expect(pairOf(owner)).toEqual(pairOf(thief));
      await app.getMe(owner.accessToken).expect(200);
      const next = await refreshed(owner.refreshToken);
      await app.getMe(next.accessToken).expect(200);
      app.clock.advance(LATER);

      await expectTheft(thief, next);
    });
  });

  describe('while the pair is used for the first time on another replica', () => {
    const uses = (lost: SignInBody) => app.check(lost.accessToken).then((answer) => answer);
    const repeats = (before: SignInBody) => replica.refresh(before.refreshToken).then((answer) => answer);
    const FIRST_USE = 'awaits_first_use = false';
    const LOCK = 'FROM sessions WHERE id = ANY';

    const holdRow = ({ sessionId }: SignInBody) =>
      app.database.hold(`SELECT 1 FROM sessions WHERE id = '${sessionId}' FOR UPDATE`);

    it('is theft where the use comes first', async () => {
      const [before, lost] = await aLostRefresh();
      app.clock.advance(LATER);
      const held = await holdRow(before);
      const using = uses(lost);
      await until(() => app.isWaitingFor(FIRST_USE));
      const repeating = repeats(before);
      await until(() => app.isWaitingFor(LOCK));
      await held.commit();

      expectProblem(await repeating, 401, 'session.refresh_reused');
      expect([200, 401]).toContain((await using).status);
      expectProblem(await app.refresh(lost.refreshToken), 401, 'session.ended');
    });

    it('is answered again where the use comes second', async () => {
      const [before, lost] = await aLostRefresh();
      app.clock.advance(LATER);
      const held = await holdRow(before);
      const repeating = repeats(before);
      await until(() => app.isWaitingFor(LOCK));
      const using = uses(lost);
      await until(() => app.isWaitingFor(FIRST_USE));
      await held.commit();

      expect(pairOf((await repeating).body as SignInBody)).toEqual(pairOf(lost));
      expect((await using).status).toBe(200);
      await expectTheft(before, lost);
    });

    it('is refused where the session ends first, and so is its use', async () => {
      const [before, lost] = await aLostRefresh();
      const held = await holdRow(before);
      const using = uses(lost);
      await until(() => app.isWaitingFor(FIRST_USE));
      await held.run(`UPDATE sessions SET ended_at = now(), end_reason = 'revoked' WHERE id = $1`, [
        before.sessionId,
      ]);
      await held.commit();

      expectProblem(await using, 401, 'session.ended');
      expectProblem(await repeats(before), 401, 'session.ended');
    });
  });

  it('is answered by another replica where its own was cut off between the commit and the answer', async () => {
    await app.database.query(`
      CREATE FUNCTION commit_slowly() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${SLOW_COMMIT}); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER slow_commit AFTER UPDATE OF refresh_digest ON sessions DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION commit_slowly()`);
    const before = await app.signIn(demo);
    const storedDigest = async (): Promise<string> => {
      const [row] = await app.database.query<{ digest: Buffer }>(
        'SELECT refresh_digest AS digest FROM sessions WHERE id = $1',
        [before.sessionId],
      );
      return row?.digest.toString('hex') ?? '';
    };
    const { keys, clock, telegram } = app;
    const crashing = await TestApp.start({ database: line.database, keys, clock, telegram });
    const held = await app.database.hold(`SELECT pg_advisory_xact_lock(${SLOW_COMMIT})`);
    const losing = crashing.refresh(before.refreshToken).then(({ status }) => status);
    await until(() => app.isWaitingFor('COMMIT'));
    line.blackHole();
    await held.commit();
    await until(async () => (await storedDigest()) !== digestOf(before));
    const committed = await storedDigest();
    await line.cut();
    expect(await losing).toBe(503);
    await line.restore();
    await crashing.close();
    app.clock.advance(5 * MINUTE);

    const again = await refreshed(before.refreshToken);

    expect(digestOf(again)).toBe(committed);
    await app.getMe(again.accessToken).expect(200);
  });

  describe('of a session that is bound to a device key', () => {
    async function aLostBoundRefresh(): Promise<readonly [Device, SignInBody, SignInBody]> {
      const owner = new Device(app);
      const before = await owner.signIn(demo);
      const lost = (await owner.refresh(before)).body as SignInBody;
      app.clock.advance(LATER);
      return [owner, before, lost];
    }

    it('is followed by no use where the access token comes without its key', async () => {
      const [owner, before, lost] = await aLostBoundRefresh();
      expect((await app.getMe(lost.accessToken)).status).toBe(401);
      expect((await new Device(app).check(lost)).status).toBe(401);
      await introspect(app, demo, lost.accessToken);

      expect(pairOf((await owner.refresh(before)).body as SignInBody)).toEqual(pairOf(lost));
    });
  });
});
