import { expectProblem } from '../support/expect-problem';
import { aFileLedger, aPostgresLedger, type TestLedger } from '../support/ledger-cases';
import { signInPerson, type PersonSession } from '../support/person-session';
import { TestApp, type Demo } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

describe.each([
  ['a file', aFileLedger],
  ['a database', aPostgresLedger],
])('a requested erasure, with a ledger in %s', (_, aLedger) => {
  const running: TestApp[] = [];
  const dropped: { drop(): Promise<void> }[] = [];
  let ledger: TestLedger;
  let database: TestDatabase;
  let app: TestApp;
  let demo: Demo;

  const environment = () => ({ ERASURE_LEDGER: ledger.url });

  beforeAll(async () => {
    ledger = await aLedger();
    database = await createTestDatabase();
    dropped.push(database);
    app = await TestApp.start({ database, environment: environment() });
    running.push(app);
    demo = await app.createApplication();
  });
  afterAll(async () => {
    for (const one of running) await one.close();
    for (const one of dropped) await one.drop();
    await ledger.drop();
  });

  /** What a backup of now has, on its own, after the ledger has gone on. */
  async function backUp(): Promise<TestDatabase> {
    for (const one of running.splice(0)) await one.close();
    const copy = await database.copy();
    dropped.push(copy);
    app = await startOn(database);
    return copy;
  }

  async function startOn(of: TestDatabase): Promise<TestApp> {
    const { keys, clock, telegram } = app;
    const started = await TestApp.start({ database: of, keys, clock, telegram, environment: environment() });
    running.push(started);
    return started;
  }

  const signIn = (at: TestApp, { person }: PersonSession, extra: object = {}) =>
    at.postSignIn({ applicationId: demo.applicationId, initData: at.initDataOf(demo, person), ...extra });

  async function request(session: PersonSession): Promise<string> {
    app.clock.advance(1);
    expect((await session.stepUp()).status).toBe(200);
    const answer = await session.delete(`/v1/me?confirm=${session.userId}`);
    expect(answer.status).toBe(202);
    return (answer.body as { erasesAt: string }).erasesAt;
  }

  it('closes the account again with its date, where an older backup is restored', async () => {
    const session = await signInPerson(app, demo);
    const backup = await backUp();
    const again = await signInPerson(app, demo, session.person);
    const erasesAt = await request(again);

    const restored = await startOn(backup);
    const refused = await signIn(restored, session);
    expectProblem(refused, 403, 'user.erasure_pending');
    expect(refused.body).toMatchObject({ erasesAt });
    restored.clock.advance(1);
    expect((await signIn(restored, session, { cancelErasure: true })).status).toBe(200);
  });

  it('that was cancelled is not revived by a backup that has it', async () => {
    const session = await signInPerson(app, demo);
    await request(session);
    const backup = await backUp();
    app.clock.advance(1);
    expect((await signIn(app, session, { cancelErasure: true })).status).toBe(200);

    const restored = await startOn(backup);
    restored.clock.advance(1);
    expect((await signIn(restored, session)).status).toBe(200);
  });

  it('that was cancelled is not revived by a backup older than the request', async () => {
    const session = await signInPerson(app, demo);
    const backup = await backUp();
    const again = await signInPerson(app, demo, session.person);
    await request(again);
    app.clock.advance(1);
    expect((await signIn(app, session, { cancelErasure: true })).status).toBe(200);

    const restored = await startOn(backup);
    restored.clock.advance(1);
    expect((await signIn(restored, session)).status).toBe(200);
  });
});
