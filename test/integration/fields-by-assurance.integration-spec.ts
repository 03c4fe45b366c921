import { aPerson, type Person, type SignInBody } from '../factories';
import { contactOf } from '../support/proofs';
import { sessionOf, signInByWidget, signInPerson, type PersonSession } from '../support/person-session';
import { aCasinoWithBot, aRecord, enter, queryOf, register } from '../support/rapidpace';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const FIELDS = [
  'firstName',
  'lastName',
  'username',
  'photoUrl',
  'languageCode',
  'phoneNumber',
  'premium',
] as const;
const NONE: readonly string[] = [];

type Profile = Readonly<Record<string, unknown>>;

describe('fields of proofs, by the assurance at which they were given', () => {
  const app = useTestApp();
  const place = useFixture(() =>
    aCasinoWithBot(app, {
      settings: { dataNeeds: ['name', 'username', 'photo', 'language', 'phone', 'premium'] },
    }),
  );

  const someone = (): Person =>
    aPerson({
      first_name: 'Ada',
      last_name: 'Byron',
      username: 'countess',
      photo_url: 'https://t.me/i/1.svg',
      language_code: 'en',
      is_premium: true,
    });

  /** Sessions by each assurance; each signs in once, so a widget's or vendor's own proof adds nothing to the others. */
  const ways = {
    platform: (person: Person) => signInPerson(app, place.demo, person),
    'bot-token': (person: Person) => signInByWidget(app, place.demo, person),
    vendor: async (person: Person): Promise<PersonSession> => {
      const { casino } = place;
      const record = aRecord(app, { telegram_id: person.id });
      expect((await register(app, casino, record)).status).toBeLessThan(300);
      const body: SignInBody = await enter(app, casino.applicationId, queryOf(record, casino.secret));
      return sessionOf(app, body, person, () => ({}));
    },
  } as const;
  type Way = keyof typeof ways;

  async function addPhone(session: PersonSession): Promise<void> {
    const contact = contactOf(app, place.demo, session.person);
    expect((await session.post('/v1/me/contact', { contact })).status).toBeLessThan(300);
  }

  const shownIn = (profile: Profile) => FIELDS.filter((field) => (profile[field] ?? null) !== null);
  const shownTo = async (session: PersonSession) =>
    shownIn(((await session.get('/v1/me')).body as { profile: Profile }).profile);

  it.each<[Way, Way, readonly string[]]>([
    ['platform', 'platform', FIELDS],
    ['platform', 'bot-token', NONE],
    ['platform', 'vendor', NONE],
    ['bot-token', 'bot-token', ['firstName', 'lastName', 'username', 'photoUrl']],
    // The vendor's own hint.
    ['bot-token', 'vendor', ['languageCode']],
    ['vendor', 'vendor', ['firstName', 'lastName', 'username', 'languageCode']],
    ['vendor', 'bot-token', ['firstName', 'lastName', 'username', 'photoUrl', 'languageCode']],
  ])('given at %s, shown at %s', async (given, read, shown) => {
    const person = someone();
    const giver = await ways[given](person);
    if (given === 'platform') await addPhone(giver);

    expect(await shownTo(given === read ? giver : await ways[read](person))).toEqual(shown);
  });
});
