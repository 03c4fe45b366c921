import type { Response } from 'supertest';
import { aPerson, countBy, times, type Person, type SignInBody } from '../factories';
import { auditOf } from '../support/audit';
import { Device, expectChallenge, INIT_DATA_DOOR } from '../support/device-key';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { ISSUER } from '../support/oauth';
import type { Demo } from '../support/test-app';
import { useTestApp } from '../support/use-test-app';

const LIMIT = 5;
const WINDOW = 30;

const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
let demo: Demo;
let person: Person;

beforeEach(async () => {
  demo = await aLimitedApplication();
  person = aPerson();
});

function aLimitedApplication(): Promise<Demo> {
  return app.createApplication({ settings: { rateLimits: { signIn: { limit: LIMIT, window: WINDOW } } } });
}

function aProof(at = demo): { readonly applicationId: string; readonly initData: string } {
  return { applicationId: at.applicationId, initData: app.initDataOf(at, person) };
}

/** What each answer says: that somebody is in, or why not. */
function outcomesOf(answers: readonly Response[]): Record<string, number> {
  return countBy(answers, ({ body }) => (body as { code?: string }).code ?? 'in');
}

async function refusalsOf({ sessionId }: SignInBody): Promise<number> {
  const records = await auditOf(app, { subject: sessionId });
  return records.filter(({ action }) => action === 'session.reentry_refused').length;
}

/** Uses up what all keys have together, and one more. */
async function flood(proof: object): Promise<void> {
  for (const attempt of times(LIMIT + 1, (index) => index)) {
    const answer = await new Device(app).enter(INIT_DATA_DOOR, proof);
    if (attempt === LIMIT) expectProblem(answer, 429, 'request.rate_limited');
  }
}

describe('the sign-ins of one person', () => {
  it('are not lifted by another key for each of many proofs', async () => {
    const answers = await Promise.all(times(30, () => new Device(app).enter(INIT_DATA_DOOR, aProof())));

    expect(outcomesOf(answers)).toEqual({ in: LIMIT, 'request.rate_limited': 25 });
  });

  it('are not lifted by another key for one proof, and a refusal is recorded once', async () => {
    const [owner, proof] = [new Device(app), aProof()];
    const session = (await owner.enter(INIT_DATA_DOOR, proof)).body as SignInBody;
    const before = await inventoryOf(app);

    const answers = await Promise.all(times(61, () => new Device(app).enter(INIT_DATA_DOOR, proof)));

    expect(outcomesOf(answers)).toEqual({ 'dpop.other_key': LIMIT - 1, 'request.rate_limited': 57 });
    expect(await refusalsOf(session)).toBe(1);
    const { audit_records: records = 0, ...others } = before as Record<string, number>;
    expect(await inventoryOf(app)).toEqual({ ...others, audit_records: records + 1 });
  });

  it('count before the proof of a key is spent', async () => {
    const [stranger, proof] = [new Device(app), aProof()];
    await flood(proof);
    const dpop = await stranger.prove('POST', INIT_DATA_DOOR);
    const enter = () => app.http.post(INIT_DATA_DOOR).set({ dpop }).send(proof);

    for (let attempt = 0; attempt < 2; attempt += 1)
      expectProblem(await enter(), 429, 'request.rate_limited');
    app.clock.advance(WINDOW);
    expectChallenge(await enter(), 'dpop.other_key', 'invalid_token');
    expectChallenge(await enter(), 'dpop.proof_repeated');
  });
});

describe('a refused re-entry', () => {
  it('is recorded once in a minute', async () => {
    const [owner, proof] = [new Device(app), aProof()];
    const session = (await owner.enter(INIT_DATA_DOOR, proof)).body as SignInBody;
    const at = app.clock.now();
    const recorded = [];
    for (const seconds of [0, 1, 58, 1, 59]) {
      app.clock.advance(seconds);
      expectChallenge(await new Device(app).enter(INIT_DATA_DOOR, proof), 'dpop.other_key', 'invalid_token');
      recorded.push(await refusalsOf(session));
    }

    expect(recorded).toEqual([1, 1, 1, 2, 2]);
    const list = await owner.call('get', '/v1/me/sessions', session);
    expect(list.body).toMatchObject({
      items: [{ refusedReentryAt: new Date(at.getTime() + 60_000).toISOString() }],
    });
  });
});

describe('a refresh of a bound session', () => {
  it('is counted before the proof of its key is spent, and once', async () => {
    await app.changeSettings(demo.applicationId, {
      rateLimits: { calls: { limit: 4, window: WINDOW / 2 } },
    });
    const device = new Device(app);
    const first = await device.signIn(demo, person);
    const answers = [await device.refresh(first)];
    const { refreshToken } = answers[0]?.body as SignInBody;
    answers.push(await device.refresh({ refreshToken }));
    const last = answers[1]?.body as SignInBody;
    const dpop = await device.prove('POST', '/v1/auth/refresh');
    const refresh = () => app.refresh(last.refreshToken).set({ dpop });

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expectProblem(await refresh(), 429, 'request.rate_limited');
    app.clock.advance(WINDOW);
    expect((await refresh()).status).toBe(200);
    expectChallenge(await refresh(), 'dpop.proof_repeated');
  });
});
