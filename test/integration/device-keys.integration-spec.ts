import { randomBytes } from 'node:crypto';
import { OneTimeMarks } from '@countersign/http';
import { times, type SignInBody } from '../factories';
import { Device, doorNames, expectChallenge, useOpenHouse } from '../support/device-key';
import { expectProblem } from '../support/expect-problem';
import { ISSUER } from '../support/oauth';
import { useTestApp } from '../support/use-test-app';

describe('a session with a device key', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const { demo, doors } = useOpenHouse(app);

  async function thumbprintOf({ sessionId }: SignInBody): Promise<string | null | undefined> {
    const [row] = await app.database.query<{ thumbprint: string | null }>(
      'SELECT device_key_thumbprint AS thumbprint FROM sessions WHERE id = $1',
      [sessionId],
    );
    return row?.thumbprint;
  }

  describe.each(doorNames)('opened at %s', (door) => {
    it('is bound to the key that came along, and goes on with that key only', async () => {
      const device = new Device(app);
      const { path, body } = await doors[door]();

      const answer = await device.enter(path, body);

      expect(answer.body).toMatchObject({ tokenType: 'DPoP' });
      const session = answer.body as SignInBody;
      expect(await thumbprintOf(session)).toBe(device.key.thumbprint);
      expect((await device.getMe(session)).status).toBe(200);
      expectChallenge(await app.getMe(session.accessToken), 'dpop.proof_missing');
      expectChallenge(await new Device(app).getMe(session), 'dpop.other_key', 'invalid_token');
      const refreshed = await device.refresh(session);
      expect(refreshed.body).toMatchObject({ tokenType: 'DPoP', sessionId: session.sessionId });
    });

    it('is bound to none when none came along', async () => {
      const { path, body } = await doors[door]();

      const answer = await app.http.post(path).send(body);

      expect(answer.body).toMatchObject({ tokenType: 'Bearer' });
      expect(await thumbprintOf(answer.body as SignInBody)).toBeNull();
    });
  });

  it('is no bearer of its token, even with a good proof', async () => {
    const device = new Device(app);
    const { accessToken } = await device.signIn(demo);
    const dpop = await device.prove('GET', '/v1/me', { accessToken });

    expectChallenge(await app.getMe(accessToken).set('dpop', dpop), 'dpop.proof_missing');
  });

  it('is told to slow down when its key proves more than is remembered, and others are not', async () => {
    const device = new Device(app);
    const session = await device.signIn(demo);
    const marks = app.nest.get(OneTimeMarks);
    await Promise.all(times(5_000, () => marks.claim(randomBytes(32), 60, device.key.thumbprint)));

    const answer = await device.getMe(session);

    expectProblem(answer, 429, 'dpop.too_many_proofs');
    expect(answer.headers['retry-after']).toBe('60');
    const other = new Device(app);
    expect((await other.getMe(await other.signIn(demo))).status).toBe(200);
    app.clock.advance(80);
    expect((await device.getMe(session)).status).toBe(200);
  });

  describe('is not made of one without', () => {
    it('by presenting its token as DPoP', async () => {
      const session = await app.signIn(demo);
      const device = new Device(app);

      expectChallenge(await device.getMe(session), 'dpop.session_not_bound', 'invalid_token');
      expectChallenge(await device.check(session), 'dpop.session_not_bound', 'invalid_token');
      expect((await app.getMe(session.accessToken)).status).toBe(200);
    });

    it('by a refresh with a key, which changes nothing', async () => {
      const session = await app.signIn(demo);

      expectChallenge(await new Device(app).refresh(session), 'dpop.session_not_bound', 'invalid_token');
      expect(await thumbprintOf(session)).toBeNull();
      expect((await app.refresh(session.refreshToken)).body).toMatchObject({ tokenType: 'Bearer' });
    });

    it('by a proof beside its bearer token', async () => {
      const { accessToken } = await app.signIn(demo);
      const dpop = await new Device(app).prove('GET', '/v1/me', { accessToken });

      expect((await app.getMe(accessToken).set('dpop', dpop)).status).toBe(200);
      expect((await app.getMe(accessToken)).status).toBe(200);
    });
  });
});
