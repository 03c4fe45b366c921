import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { isLive, sessionOf, signInByWidget, signInPerson } from '../support/person-session';
import { aCasinoWithBot, aRecord, enter, queryOf, register } from '../support/rapidpace';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('a session below the level of its account, that ends all', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { loginWidget: { accept: true } } });
  const signIn = (person = aPerson()) => signInPerson(app, demo, person);

  it('of a vendor ends and outdates nothing stronger', async () => {
    const { casino, demo: place } = await aCasinoWithBot(app, {});
    const strong = await signInPerson(app, place);
    const record = aRecord(app, { telegram_id: strong.person.id });
    await register(app, casino, record);
    const enterAgain = async () =>
      sessionOf(
        app,
        await enter(app, place.applicationId, queryOf(record, casino.secret)),
        strong.person,
        () => ({}),
      );
    const weak = await enterAgain();
    const initData = app.initDataOf(place, strong.person);
    app.clock.advance(1);

    expect((await weak.delete('/v1/me/sessions')).status).toBe(204);
    expectProblem(await weak.delete(`/v1/me/sessions/${strong.sessionId}`), 404, 'session.not_found');
    expect(await isLive(app, strong)).toBe(true);
    expect((await app.postSignIn({ applicationId: place.applicationId, initData })).status).toBe(200);
  });

  it('by a bot’s token ends its equals', async () => {
    const person = aPerson();
    const [strong, weak, equal] = [
      await signIn(person),
      await signInByWidget(app, demo, person),
      await signInByWidget(app, demo, person),
    ];

    expect((await weak.delete('/v1/me/sessions')).status).toBe(204);
    expect(await isLive(app, strong)).toBe(true);
    expect(await isLive(app, equal)).toBe(false);
    expect(await isLive(app, weak)).toBe(true);
  });
});
