import { times, type SignInBody } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { isLive, sessionOf, signInPerson, type PersonSession } from '../support/person-session';
import { aCasinoWithBot, aRecord, enter, queryOf, register } from '../support/rapidpace';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { useApplication, useTestApp } from '../support/use-test-app';

/** What one session uses up leaves those of others alone, where they may be those of another person. */
describe('the limits of calls', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const signIn = () => signInPerson(app, demo);
  const askForCode = (session: PersonSession) =>
    session.post('/v1/me/step-up/requests', { act: 'profile.publish' });

  async function useUpCodes(session: PersonSession): Promise<void> {
    for (let calls = 0; calls < 30; calls += 1) expect((await askForCode(session)).status).toBe(201);
    expectProblem(await askForCode(session), 429, 'request.rate_limited');
  }

  it('of one identity leave those of another one that the account took in', async () => {
    const [thief, victim] = [await signIn(), await signIn()];
    await mergeAccounts(app, demo, thief, victim);
    const [flooding, session] = [
      await signInPerson(app, demo, thief.person),
      await signInPerson(app, demo, victim.person),
    ];
    for (let calls = 0; calls < 600; calls += 60)
      await Promise.all(times(60, () => flooding.delete('/v1/me/joins/x').then(({ status }) => status)));
    expectProblem(await flooding.delete('/v1/me/joins/x'), 429, 'request.rate_limited');

    const { items } = (await session.get('/v1/me/joins/separable')).body as { items: { joinId: string }[] };
    expect((await session.post('/v1/me/separations', { joinId: items[0]?.joinId })).status).toBe(200);
  });

  it('of codes to join leave those for other acts', async () => {
    const session = await signIn();
    const ask = (act: string) => session.post('/v1/me/step-up/requests', { act });
    for (let calls = 0; calls < 30; calls += 1) expect((await ask('account.join')).status).toBe(201);

    expectProblem(await ask('account.join'), 429, 'request.rate_limited');
    expect((await ask('account.export')).status).toBe(201);
  });

  it('of sessions leave those of another identity for five minutes', async () => {
    const [thief, victim] = [await signIn(), await signIn()];
    await mergeAccounts(app, demo, thief, victim);
    const session = await signInPerson(app, demo, victim.person);
    const again = async () => {
      app.clock.advance(1);
      return signInPerson(app, demo, thief.person);
    };
    for (let sessions = 0; sessions < 11; sessions += 1) await again();
    expect(await isLive(app, session)).toBe(true);
    app.clock.advance(300);
    await again();

    expect(await isLive(app, session)).toBe(false);
  });

  it('of codes of step-up at one application leave those at another', async () => {
    const victim = await signIn();
    const evil = await app.createApplication({ trust: 'third-party' });
    await useUpCodes(await signInPerson(app, evil, victim.person));

    expect((await askForCode(victim)).status).toBe(201);
  });

  it('of codes of step-up for sessions of a vendor leave those for sessions by the platform', async () => {
    const { casino, demo: place } = await aCasinoWithBot(app, {});
    const strong = await signInPerson(app, place);
    const record = aRecord(app, { telegram_id: strong.person.id });
    await register(app, casino, record);
    const entered: SignInBody = await enter(app, place.applicationId, queryOf(record, casino.secret));
    await useUpCodes(sessionOf(app, entered, strong.person, () => ({})));

    expect((await askForCode(strong)).status).toBe(201);
  });

  it('of requests to join count those that are allowed', async () => {
    const { person } = await signIn();
    const ask = async () => {
      const second = await steppedUpFor(app, demo, await signInPerson(app, demo, person), 'account.join');
      return withGrant(second.post('/v1/me/joins'), second.grant);
    };
    const refused = await signInPerson(app, demo, person);
    for (let calls = 0; calls < 11; calls += 1) expect((await refused.post('/v1/me/joins')).status).toBe(403);

    for (let calls = 0; calls < 10; calls += 1) expect((await ask()).status).toBe(201);
    expectProblem(await ask(), 429, 'request.rate_limited');
  });
});
