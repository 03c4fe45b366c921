import { type SignInBody } from '../factories';
import { Device, endReasonOf } from '../support/device-key';
import { expectProblem } from '../support/expect-problem';
import { aConfidentialApplication, introspect, ISSUER } from '../support/oauth';
import type { TestApp } from '../support/test-app';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';

const MINUTE = 60;
/** Longer than tabs may refresh at once. */
const LATER = 11;

describe('a refresh whose answer is lost', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const replica = useReplica(app);
  const demo = useFixture(() => aConfidentialApplication(app));

  const pairOf = ({ accessToken, refreshToken }: SignInBody) => ({ accessToken, refreshToken });
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

  it('is theft where services verify an identity token of the answer without a call', async () => {
    const offline = await app.createApplication({ settings: { identityToken: { inAnswers: true } } });
    const before = await app.signIn(offline);
    const lost = await refreshed(before.refreshToken);
    expect(lost).toHaveProperty('identityToken');
    app.clock.advance(LATER);

    await expectTheft(before, lost);
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
