import { aPerson, type Person } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { aCaller, anOidcApplication, Browser, exchange, useOidc } from '../support/oidc';
import { signInOpenWeb3, signInPerson, type PersonSession } from '../support/person-session';
import { openWeb3InitDataOf } from '../support/proofs';
import type { Demo } from '../support/test-app';
import { useFixture } from '../support/use-fixture';

describe('POST /v1/me/contact', () => {
  const { app, oidc } = useOidc();
  const demo = useFixture(() => anOidcApplication(app, oidc, { settings: { dataNeeds: ['name', 'phone'] } }));

  const contactOf = (userId: number, phoneNumber: string, from: Demo = demo, authDate = app.clock.now()) =>
    app.telegram.signContact({
      botToken: from.botToken,
      userId,
      phoneNumber,
      firstName: 'Ada',
      authDate,
    });

  async function phoneOf(session: PersonSession): Promise<string | null | undefined> {
    const { profile } = (await session.get('/v1/me')).body as { profile: { phoneNumber?: string | null } };
    return profile.phoneNumber;
  }

  it.each([
    ['+4930123456', '+4930123456'],
    ['4930123456', '+4930123456'],
  ])('keeps %s as %s, sealed, and shows it to an application that needs it', async (given, kept) => {
    const session = await signInPerson(app, demo);

    const answer = await session.post('/v1/me/contact', { contact: contactOf(session.person.id, given) });

    expect(answer.status).toBe(204);
    expect(await phoneOf(session)).toBe(kept);
    const stored = JSON.stringify(await app.database.query('SELECT * FROM identities'));
    expect(stored).not.toContain('4930123456');
    expect(JSON.stringify(await app.database.query('SELECT * FROM audit_records'))).not.toContain(
      '4930123456',
    );
    expect(app.logLines.join('')).not.toContain('4930123456');
  });

  it('refuses the contact of somebody else, signed as it is', async () => {
    const [session, friend] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const before = await inventoryOf(app);
    for (const id of [friend.person.id, aPerson().id])
      expectProblem(
        await session.post('/v1/me/contact', { contact: contactOf(id, '+4930123456') }),
        403,
        'account.contact_of_another',
      );
    expect(await inventoryOf(app)).toEqual(before);
    expect(await phoneOf(friend)).toBeNull();
  });

  it('does not take a Telegram contact for the same number at another provider', async () => {
    const im = await app.addOpenWeb3Bot(demo);
    const session = await signInOpenWeb3(app, im);

    expectProblem(
      await session.post('/v1/me/contact', { contact: contactOf(session.person.id, '+4930123456') }),
      403,
      'account.contact_of_another',
    );
  });

  it('does not let an older contact overwrite a newer one', async () => {
    const session = await signInPerson(app, demo);
    const older = contactOf(session.person.id, '+4930111111');
    app.clock.advance(10);
    await session.post('/v1/me/contact', { contact: contactOf(session.person.id, '+4930222222') });
    const before = await inventoryOf(app);
    expect((await session.post('/v1/me/contact', { contact: older })).status).toBe(204);

    expect(await phoneOf(session)).toBe('+4930222222');
    // Nothing was added, and nothing is recorded as if it had been.
    expect(await inventoryOf(app)).toEqual(before);
  });

  describe('beside the number of an id token', () => {
    const [first, second, third] = ['+4930111111', '+4930222222', '+4930333333'];

    /** Lets Telegram make an id token with the number now; what is answered presents it. */
    async function anIdToken(person: Person, phoneNumber: string) {
      oidc.nextPerson = aCaller({ ...person, phone_number: phoneNumber.slice(1) });
      const landing = await new Browser(app).logIn(demo);
      return async () => expect((await exchange(app, demo, landing)).status).toBe(200);
    }

    /** The same with a contact, for a session of that person. */
    function aContact(session: PersonSession, phoneNumber: string) {
      const body = { contact: contactOf(session.person.id, phoneNumber) };
      return async () => expect((await session.post('/v1/me/contact', body)).status).toBe(204);
    }

    it.each(['id token', 'contact'])(
      'the newer number stays, whichever comes first: %s first',
      async (made) => {
        const session = await signInPerson(app, demo);
        await session.stepUp();
        const make = (isToken: boolean, phoneNumber: string) =>
          isToken ? anIdToken(session.person, phoneNumber) : aContact(session, phoneNumber);
        const presentOldest = await make(made === 'id token', first);
        const presentOlder = await make(made === 'id token', third);
        app.clock.advance(10);
        const presentNewer = await make(made !== 'id token', second);
        app.clock.advance(10);

        await presentOldest();
        expect(await phoneOf(session)).toBe(first);
        await presentNewer();
        expect(await phoneOf(session)).toBe(second);
        await presentOlder();
        expect(await phoneOf(session)).toBe(second);
      },
    );

    it('a contact without step-up leaves it: whoever holds the token of a bot can sign one', async () => {
      const session = await signInPerson(app, demo);
      const presentToken = await anIdToken(session.person, first);
      app.clock.advance(10);
      const presentContact = aContact(session, second);
      await presentToken();
      await presentContact();
      expect(await phoneOf(session)).toBe(first);
      await session.stepUp();
      await presentContact();
      expect(await phoneOf(session)).toBe(second);
    });

    it('is kept when newer init data, which speaks of no number, came in between', async () => {
      const person = aPerson();
      const present = await anIdToken(person, first);
      app.clock.advance(10);
      const session = await signInPerson(app, demo, person);
      expect(await phoneOf(session)).toBeNull();

      await present();

      expect(await phoneOf(session)).toBe(first);
    });
  });

  it('refuses what the bot has not signed, what is too old, and what is no contact', async () => {
    const session = await signInPerson(app, demo);
    const other = await app.createApplication();
    const { id } = session.person;
    const stale = contactOf(id, '+4930123456', demo, new Date(app.clock.now().getTime() - 86_401_000));
    const attempts: [string, number, string][] = [
      [contactOf(id, '+4930123456', other), 401, 'contact.hash_mismatch'],
      [contactOf(id, '+4930123456').replace('4930', '4931'), 401, 'contact.hash_mismatch'],
      [stale, 401, 'contact.auth_date_expired'],
      [app.initDataOf(demo, session.person), 401, 'contact.contact_missing'],
      [openWeb3InitDataOf(app, demo, session.person), 401, 'contact.contact_missing'],
    ];
    const before = await inventoryOf(app);
    for (const [contact, status, code] of attempts)
      expectProblem(await session.post('/v1/me/contact', { contact }), status, code);
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('is not a sign-in', async () => {
    expectProblem(
      await app.postSignIn({
        applicationId: demo.applicationId,
        initData: contactOf(aPerson().id, '+4930123456'),
      }),
      401,
      'init_data.signature_missing',
    );
  });

  it('is refused where the application does not ask for the number, and for third parties', async () => {
    const curious = await app.createApplication();
    const third = await app.createApplication({
      trust: 'third-party',
      settings: { dataNeeds: ['name', 'phone'] },
    });
    const [one, other] = [await signInPerson(app, curious), await signInPerson(app, third)];
    const contact = (session: PersonSession, from: Demo) => ({
      contact: contactOf(session.person.id, '+4930123456', from),
    });

    expectProblem(await one.post('/v1/me/contact', contact(one, curious)), 403, 'account.data_not_needed');
    expectProblem(await other.post('/v1/me/contact', contact(other, third)), 403, 'auth.assurance_too_low');
    expect(await phoneOf(one)).toBeUndefined();
  });
});
