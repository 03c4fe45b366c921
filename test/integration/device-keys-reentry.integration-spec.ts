import { aPerson, countBy, times, type SignInBody } from '../factories';
import { auditOf } from '../support/audit';
import { Device, endReasonOf, expectChallenge, INIT_DATA_DOOR, storedOf } from '../support/device-key';
import { expectProblem } from '../support/expect-problem';
import { ISSUER } from '../support/oauth';
import { aRapidpaceApplication, aRecord, codeOf, openLink, queryOf, without } from '../support/rapidpace';
import { useApplication, useTestApp } from '../support/use-test-app';

const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
const demo = useApplication(app);

interface Proof {
  readonly applicationId: string;
  readonly initData: string;
}

function aProof(person = aPerson(), { applicationId } = demo): Proof {
  return { applicationId, initData: app.initDataOf(demo, person) };
}

async function enterWith(device: Device, proof: Proof): Promise<SignInBody> {
  const answer = await device.enter(INIT_DATA_DOOR, proof);
  expect(answer.body).toMatchObject({ tokenType: 'DPoP' });
  return answer.body as SignInBody;
}

/** What the audit trail says of a session, in order. */
async function actionsOn({ sessionId }: SignInBody): Promise<readonly string[]> {
  return (await auditOf(app, { subject: sessionId })).map(({ action }) => action);
}

async function sessionsOf({ userId }: SignInBody): Promise<number> {
  return (await app.database.query('SELECT 1 FROM sessions WHERE user_id = $1', [userId])).length;
}

/** Those who hold the proof, and not the key. */
const strangers: readonly [string, (proof: Proof) => ReturnType<Device['enter']>][] = [
  ['another key', (proof) => new Device(app).enter(INIT_DATA_DOOR, proof)],
  ['no key', async (proof) => app.postSignIn(proof)],
];

describe('the proof of a bound session, presented again', () => {
  it('answers the identical pair to the same key within ten seconds', async () => {
    const [device, proof] = [new Device(app), aProof()];
    const first = await enterWith(device, proof);
    app.clock.advance(9);

    const second = await enterWith(device, proof);

    expect(second.accessToken).toBe(first.accessToken);
    expect(second.refreshToken).toBe(first.refreshToken);
    expect((await device.getMe(second)).status).toBe(200);
  });

  it('renews the session for the same key later, and it stays bound', async () => {
    const [device, proof] = [new Device(app), aProof()];
    const first = await enterWith(device, proof);
    app.clock.advance(10);

    const second = await enterWith(device, proof);

    expect(second.sessionId).toBe(first.sessionId);
    expect(second.accessToken).not.toBe(first.accessToken);
    expectProblem(await device.getMe(first), 401, 'session.token_invalid');
    expect((await device.getMe(second)).status).toBe(200);
    expectChallenge(await app.getMe(second.accessToken), 'dpop.proof_missing');
    expect(await actionsOn(first)).toEqual(['user.created', 'session.reentered']);
  });

  describe.each(strangers)('by somebody with %s', (_, present) => {
    it.each([
      ['at once', 0],
      ['hours later', 3_600 * 5],
    ])('opens nothing %s, its owner is told, and the session goes on', async (__, later) => {
      const [device, proof] = [new Device(app), aProof()];
      const session = await enterWith(device, proof);
      app.clock.advance(later);
      const at = app.clock.now().toISOString();
      const before = await storedOf(app, session);

      expectChallenge(await present(proof), 'dpop.other_key', 'invalid_token');

      expect(await actionsOn(session)).toEqual(['user.created', 'session.reentry_refused']);
      const { session: row, inventory } = (await storedOf(app, session)) as typeof before & {
        session: Record<string, unknown>;
        inventory: Record<string, number>;
      };
      const stored = before as { session: object; inventory: Record<string, number> };
      expect({ ...row, reentry_refused_at: null }).toEqual(stored.session);
      const { audit_records: records = 0, ...others } = stored.inventory;
      expect(inventory).toEqual({ ...others, audit_records: records + 1 });

      const current = (await device.refresh(session)).body as SignInBody;
      const list = await device.call('get', '/v1/me/sessions', current);
      expect(list.body).toMatchObject({
        items: [{ sessionId: session.sessionId, isBound: true, refusedReentryAt: at }],
      });
    });

    it('opens nothing after a logout; the same key opens one more, bound too', async () => {
      const [device, proof] = [new Device(app), aProof()];
      const session = await enterWith(device, proof);
      await device.logOut(session);

      expectChallenge(await present(proof), 'dpop.other_key', 'invalid_token');
      expect(await sessionsOf(session)).toBe(1);

      const next = await enterWith(device, proof);
      expect(next.sessionId).not.toBe(session.sessionId);
      expectChallenge(await app.getMe(next.accessToken), 'dpop.proof_missing');
    });
  });

  it('opens nothing after its owner ended all, for the same key either', async () => {
    const [device, proof] = [new Device(app), aProof()];
    const session = await enterWith(device, proof);
    await device.call('delete', '/v1/me/sessions?all=true', session);

    expectProblem(await device.enter(INIT_DATA_DOOR, proof), 401, 'auth.proof_used');
    expectChallenge(await app.postSignIn(proof), 'dpop.other_key', 'invalid_token');
  });

  it('goes to one key when twenty show it at once', async () => {
    const proof = aProof();
    const devices = times(20, () => new Device(app));

    const answers = await Promise.all(devices.map((device) => device.enter(INIT_DATA_DOOR, proof)));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 1, 401: 19 });
    const winner = answers.findIndex(({ status }) => status === 200);
    const session = answers[winner]?.body as SignInBody;
    expect(await sessionsOf(session)).toBe(1);
    expect((await devices[winner]?.getMe(session))?.status).toBe(200);
    for (const [index, answer] of answers.entries())
      if (index !== winner) expectChallenge(answer, 'dpop.other_key', 'invalid_token');
  });

  it('answers one pair when its key shows it many times at once', async () => {
    const [device, proof] = [new Device(app), aProof()];
    await enterWith(device, proof);
    app.clock.advance(3_600);

    const answers = await Promise.all(times(20, () => device.enter(INIT_DATA_DOOR, proof)));

    expect(new Set(answers.map(({ body }) => (body as SignInBody).accessToken)).size).toBe(1);
  });
});

describe('the proof of a session without a key, presented with one where keys have become required', () => {
  /** A proof that has opened a session before the application wanted keys. */
  async function aProofOfBefore() {
    const { applicationId, ...bot } = await app.createApplication();
    const proof = { applicationId, initData: app.initDataOf({ applicationId, ...bot }) };
    const before = (await app.postSignIn(proof)).body as SignInBody;
    await app.changeSettings(applicationId, { deviceKey: { required: true } });
    return { proof, before };
  }

  it('binds the session, and the pair before ends everywhere', async () => {
    const device = new Device(app);
    const { proof, before } = await aProofOfBefore();

    await app.withReplica(async (replica) => {
      expect((await replica.getMe(before.accessToken)).status).toBe(200);
      const bound = await enterWith(device, proof);

      expect(bound.sessionId).toBe(before.sessionId);
      expectProblem(await app.getMe(before.accessToken), 401, 'session.token_invalid');
      expectProblem(await app.refresh(before.refreshToken), 401, 'session.token_invalid');
      expect((await device.getMe(bound)).status).toBe(200);
      expect((await device.at(replica).getMe(bound)).status).toBe(200);
      expectChallenge(await replica.getMe(bound.accessToken), 'dpop.proof_missing');
    });
    expectChallenge(await new Device(app).enter(INIT_DATA_DOOR, proof), 'dpop.other_key', 'invalid_token');
  });

  it('binds it once when twenty keys come at the same time', async () => {
    const { proof, before } = await aProofOfBefore();
    const { sessionId } = before;

    const answers = await Promise.all(times(20, () => new Device(app).enter(INIT_DATA_DOOR, proof)));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 1, 401: 19 });
    expect(await endReasonOf(app, { sessionId } as SignInBody)).toBeNull();
  });
});

describe('re-entry with a key into a session that has none', () => {
  it('does not keep its owner from ending their pair by re-entering', async () => {
    const proof = aProof();
    expect((await app.postSignIn(proof)).status).toBe(200);
    app.clock.advance(60);
    const refused = await new Device(app).enter(INIT_DATA_DOOR, proof);

    const owner = await app.postSignIn(proof);

    expectProblem(refused, 401, 'dpop.session_not_bound');
    expect(owner.status).toBe(200);
  });
});

describe('an undated link', () => {
  it('enters a bound session with its key only, as long as that lives', async () => {
    const casino = await aRapidpaceApplication(app, { rapidpace: { undatedLinks: 'accept' } });
    const { applicationId, secret } = casino;
    const query = queryOf(without(aRecord(app), 'auth_date'), secret);
    const aCode = async () => ({ applicationId, code: codeOf(await openLink(app, applicationId, query)) });
    const device = new Device(app);
    const first = (await device.enter('/v1/auth/exchange', await aCode())).body as SignInBody;
    app.clock.advance(60);

    const stranger = await app.http.post('/v1/auth/exchange').send(await aCode());
    const owner = await device.enter('/v1/auth/exchange', await aCode());

    expectChallenge(stranger, 'dpop.other_key', 'invalid_token');
    expect(owner.body).toMatchObject({ tokenType: 'DPoP', sessionId: first.sessionId });
    expect(await actionsOn(first)).toEqual(['user.created', 'session.reentry_refused', 'session.reentered']);
  });
});
