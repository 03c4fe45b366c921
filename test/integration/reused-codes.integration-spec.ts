import { countBy, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOidcApplication, aCaller, Browser, exchange, useOidc, codeVerifier } from '../support/oidc';
import {
  aRapidpaceApplication,
  aRecord,
  codeOf,
  exchange as exchangeOfLink,
  openLink,
  queryOf,
} from '../support/rapidpace';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';

const { app, oidc } = useOidc();
const demo = useFixture(() => anOidcApplication(app, oidc));

beforeEach(() => {
  oidc.nextPerson = aCaller();
});

async function endOf({ sessionId }: Pick<SignInBody, 'sessionId'>): Promise<string | null> {
  const [row] = await app.database.query<{ end_reason: string | null }>(
    'SELECT end_reason FROM sessions WHERE id = $1',
    [sessionId],
  );
  return row?.end_reason ?? null;
}

function recordsOf({ sessionId }: SignInBody): Promise<object[]> {
  return app.database.query(
    `SELECT actor, application_id, details FROM audit_records WHERE action = 'session.ended' AND subject = $1`,
    [sessionId],
  );
}

async function signedIn(): Promise<{ landing: URL; session: SignInBody }> {
  const landing = await new Browser(app).logIn(demo);
  const answer = await exchange(app, demo, landing);
  expect(answer.status).toBe(200);
  return { landing, session: answer.body as SignInBody };
}

describe('a one-time code that comes again', () => {
  it('with its verifier ends the session that it opened, once', async () => {
    const { landing, session } = await signedIn();
    expect((await app.getMe(session.accessToken)).status).toBe(200);

    for (let times = 0; times < 3; times += 1)
      expectProblem(await exchange(app, demo, landing), 410, 'auth.code_used');

    expect(await endOf(session)).toBe('code-reuse');
    expectProblem(await app.getMe(session.accessToken), 401, 'session.ended');
    expectProblem(await app.refresh(session.refreshToken), 401, 'session.ended');
    expect(await recordsOf(session)).toEqual([
      { actor: 'system', application_id: demo.applicationId, details: { reason: 'code-reuse' } },
    ]);
  });

  it('does so after it has expired', async () => {
    const { landing, session } = await signedIn();
    app.clock.advance(600);

    expectProblem(await exchange(app, demo, landing), 410, 'auth.code_used');
    expect(await endOf(session)).toBe('code-reuse');
  });

  it('at the same moment ends it too', async () => {
    const landing = await new Browser(app).logIn(demo);
    const held = await app.database.hold('SELECT 1 FROM one_time_tokens FOR UPDATE');
    const exchanges = [exchange(app, demo, landing), exchange(app, demo, landing)];
    const answering = Promise.all(exchanges);
    await until(() => app.isWaitingFor('UPDATE one_time_tokens', 2));
    await held.commit();

    const answers = await answering;
    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 1, 410: 1 });
    const session = answers.find(({ status }) => status === 200)?.body as SignInBody;
    expect(await endOf(session)).toBe('code-reuse');
    expectProblem(await app.getMe(session.accessToken), 401, 'session.ended');
  });

  it('inside another session ends the one that it opened, and not that', async () => {
    const { landing, session } = await signedIn();
    const other = await app.signIn(demo);
    const body = { code: landing.searchParams.get('code'), codeVerifier };

    const answer = await app.http
      .post('/v1/me/step-up')
      .set('authorization', `Bearer ${other.accessToken}`)
      .send(body);
    expectProblem(answer, 410, 'auth.code_used');
    expect(await endOf(session)).toBe('code-reuse');
    expect(await endOf(other)).toBeNull();
  });

  it.each([
    ['another verifier', { codeVerifier: 'a'.repeat(43) }, 'auth.code_verifier_mismatch'],
    ['no verifier', { codeVerifier: undefined }, 'auth.code_verifier_mismatch'],
    ['another application', { applicationId: 'other' }, 'auth.code_invalid'],
  ])('with %s ends nothing', async (_title, change, code) => {
    const { landing, session } = await signedIn();
    const applicationId = (await anOidcApplication(app, oidc)).applicationId;
    const wrong = 'applicationId' in change ? { applicationId } : change;

    expectProblem(await exchange(app, demo, landing, wrong), 401, code);
    expect(await endOf(session)).toBeNull();
    expect((await app.getMe(session.accessToken)).status).toBe(200);
  });

  it('of a step-up ends nothing: it has opened no session', async () => {
    const person = aCaller();
    const session = await app.signIn(demo, person);
    oidc.nextPerson = person;
    const landing = await new Browser(app).logIn(demo);
    const body = { code: landing.searchParams.get('code'), codeVerifier };
    const stepUp = () =>
      app.http.post('/v1/me/step-up').set('authorization', `Bearer ${session.accessToken}`).send(body);

    expect((await stepUp()).status).toBe(200);
    expectProblem(await stepUp(), 410, 'auth.code_used');
    expect(await endOf(session)).toBeNull();
  });

  it('without a verifier, as those of links are, ends nothing: whoever sees its URL could', async () => {
    const { applicationId, secret } = await aRapidpaceApplication(app);
    const code = codeOf(await openLink(app, applicationId, queryOf(aRecord(app), secret)));
    const first = await exchangeOfLink(app, applicationId, code);

    expectProblem(await exchangeOfLink(app, applicationId, code), 410, 'auth.code_used');
    expect(await endOf(first.body as SignInBody)).toBeNull();
  });
});
