import { aPerson, type Person, type SignInBody } from '../factories';
import { aCaller, anOidcApplication, Browser, exchange, useOidc } from '../support/oidc';
import { aRapidpaceApplication, aRecord, enter, queryOf, register } from '../support/rapidpace';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useReplica } from '../support/use-test-app';

const settings = { dataNeeds: ['name', 'username', 'photo', 'language'] };

/** What the vendor says of everybody. */
const HINTS = { first_name: 'Vendor', last_name: 'Said', username: 'so', language_code: 'ru' };

/** Whose first name is the only thing to say of them. */
function aTersePerson(): Person {
  const { id, first_name } = aPerson({ first_name: 'Ada' });
  return { id, first_name };
}

describe('a profile', () => {
  const { app, oidc } = useOidc();
  const demo = useFixture(() => anOidcApplication(app, oidc, { settings }));
  const casino = useFixture(() => aRapidpaceApplication(app, { settings }));

  async function profileOf({ accessToken }: Pick<SignInBody, 'accessToken'>): Promise<object> {
    return ((await app.getMe(accessToken)).body as { profile: object }).profile;
  }

  async function post(initData: string, replica = app): Promise<SignInBody> {
    const answer = await replica.postSignIn({ applicationId: demo.applicationId, initData });
    expect(answer.status).toBe(200);
    return answer.body as SignInBody;
  }

  const recordOf = ({ id }: Person) => aRecord(app, { telegram_id: id, ...HINTS });

  /** The ways that a vendor's hints come in. */
  const hintDoors = {
    'a registration': async (person: Person) => {
      expect([200, 201]).toContain((await register(app, casino, recordOf(person))).status);
    },
    'a link': async (person: Person) => {
      await enter(app, casino.applicationId, queryOf(recordOf(person), casino.secret));
    },
  };

  describe.each(Object.entries(hintDoors))('and what %s of a vendor hints at', (_, hint) => {
    it('is filled where no application has asked the platform for it', async () => {
      const curious = await app.createApplication({ settings: { dataNeeds: ['name'] } });
      const person = aTersePerson();
      await app.signIn(curious, person);

      await hint(person);

      const linked = await enter(app, casino.applicationId, queryOf(recordOf(person), casino.secret));
      expect(await profileOf(linked)).toMatchObject({
        // Telegram gave it at a higher assurance than a vendor's.
        firstName: null,
        lastName: null,
        username: HINTS.username,
        languageCode: HINTS.language_code,
      });
    });

    it.each([
      ['older', -60],
      ['newer', 60],
    ])('gives way to what the platform says, in %s init data too', async (_age, seconds) => {
      const person = { ...aTersePerson(), last_name: 'Byron', language_code: 'en' };
      const authDate = new Date(app.clock.now().getTime() + seconds * 1_000);
      await hint(person);
      app.clock.advance(Math.max(0, seconds));

      const session = await post(app.initDataOf(demo, person, { authDate }));

      expect(await profileOf(session)).toMatchObject({
        firstName: 'Ada',
        lastName: 'Byron',
        username: null,
        languageCode: 'en',
      });
    });
  });

  it('has the names of init data, also when a newer id token, which only hints at them, came in first', async () => {
    const person = aPerson({ first_name: 'Ada', last_name: 'Byron' });
    const initData = app.initDataOf(demo, person);
    app.clock.advance(5);
    oidc.nextPerson = aCaller({ ...person });
    const landing = await new Browser(app).logIn(demo);
    const first = (await exchange(app, demo, landing)).body as SignInBody;
    expect(await profileOf(first)).toMatchObject({ firstName: 'Ada Byron', lastName: null });

    const second = await post(initData);

    expect(second.userId).toBe(first.userId);
    const { language_code } = person;
    expect(await profileOf(second)).toMatchObject({
      firstName: 'Ada',
      lastName: 'Byron',
      languageCode: language_code ?? null,
    });
  });

  describe('when two proofs wait for each other', () => {
    const replica = useReplica(app);

    /** Starts `late` when `early`, on another replica, has locked the identity and has not committed yet. */
    async function oneBehindTheOther(early: () => Promise<unknown>, late: () => Promise<unknown>) {
      const hold = await app.database.hold('LOCK TABLE proofs IN SHARE MODE');
      const first = early();
      // A request that fails instead of waiting is the error to see.
      await Promise.race([first, until(() => app.isWaitingFor('INSERT INTO proofs'))]);
      const second = late();
      await until(() => app.isWaitingFor('FOR NO KEY UPDATE OF u'));
      await hold.commit();
      await Promise.all([first, second]);
    }

    it('keeps what the newer one says, which the older one waited for', async () => {
      const person = aPerson({ first_name: 'First' });
      const session = await post(app.initDataOf(demo, person));
      app.clock.advance(10);
      const older = app.initDataOf(demo, { ...person, first_name: 'Older' });
      app.clock.advance(10);
      const newer = app.initDataOf(demo, { ...person, first_name: 'Newer' });

      await oneBehindTheOther(
        () => post(newer, replica),
        () => post(older),
      );

      expect(await profileOf(session)).toMatchObject({ firstName: 'Newer' });
    });

    it.each(Object.entries(hintDoors))('keeps what the platform says before %s', async (_, hint) => {
      const person = aPerson({ first_name: 'Ada', last_name: 'Byron' });
      await register(app, casino, { telegram_id: person.id });
      const signingIn: Promise<SignInBody>[] = [];

      await oneBehindTheOther(
        () => {
          const session = post(app.initDataOf(demo, person), replica);
          signingIn.push(session);
          return session;
        },
        () => hint(person),
      );

      const [session] = await Promise.all(signingIn);
      expect(session && (await profileOf(session))).toMatchObject({ firstName: 'Ada', lastName: 'Byron' });
    });
  });
});
