import { randomUUID } from 'node:crypto';
import { RapidpaceSecrets } from '@countersign/partner-apis';
import { aPerson, countBy, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { FakeClock } from '../support/fake-clock';
import { inventoryOf } from '../support/inventory';
import { loginOf, postTo } from '../support/proofs';
import {
  aCasinoWithBot,
  aRapidpaceApplication,
  aRecord,
  enter,
  postPlayer,
  queryOf,
  register,
  SEED,
  sign,
  type PlayerRecord,
  type RapidpaceApplication,
} from '../support/rapidpace';
import { statementsOf } from '../support/statement-count';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const PROFILE = { dataNeeds: ['name', 'username', 'language'] };

const app = useTestApp({ clock: new FakeClock(SEED.day) });
const casino = useFixture(() => aRapidpaceApplication(app));

interface Profile {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly languageCode: string | null;
}

async function profileOf(accessToken: string): Promise<Profile> {
  return ((await app.getMe(accessToken)).body as { profile: Profile }).profile;
}

describe('POST /v1/rapidpace/{applicationId}/players', () => {
  it('takes the example of Rapidpace’s document as printed: 201 first, 200 after', async () => {
    const { applicationId } = await aRapidpaceApplication(app, { secret: SEED.secret });

    const first = await postPlayer(app, applicationId, SEED.body, SEED.hmac);
    const again = await postPlayer(app, applicationId, SEED.body, SEED.hmac);

    expect(first.status).toBe(201);
    expect(first.body).toEqual({ userId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(again.headers['cache-control']).toBe('no-store');
  });

  it('opens no session, and says in the audit log who vouched', async () => {
    const before = await inventoryOf(app);

    const { status } = await register(app, casino, aRecord(app));

    expect(status).toBe(201);
    const counts = before as Record<string, number>;
    expect(await inventoryOf(app)).toEqual({
      ...counts,
      users: (counts['users'] ?? 0) + 1,
      identities: (counts['identities'] ?? 0) + 1,
      identity_digests: (counts['identity_digests'] ?? 0) + 1,
      audit_records: (counts['audit_records'] ?? 0) + 1,
    });
    const [last] = await app.database.query<object>(
      'SELECT action, application_id, subject, details FROM audit_records ORDER BY id DESC LIMIT 1',
    );
    expect(last).toEqual({
      action: 'user.created',
      application_id: casino.applicationId,
      subject: null,
      details: { provider: 'telegram', environment: 'production', assurance: 'vendor' },
    });
  });

  it('writes nothing when repeated', async () => {
    const record = aRecord(app);
    await register(app, casino, record);
    const before = await inventoryOf(app);

    const statements = await statementsOf(app, () => register(app, casino, record));

    expect(statements).not.toHaveLength(0);
    expect(statements.filter((statement) => !/^\s*(SELECT|SET LOCAL)/.test(statement))).toEqual([]);
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('makes one user of ten simultaneous equal calls on two replicas, and answers 201 once', async () => {
    const record = aRecord(app);
    const before = (await inventoryOf(app)) as Record<string, number>;

    await app.withReplica(async (replica) => {
      const answers = await Promise.all(
        times(10, (index) => register(index % 2 === 0 ? app : replica, casino, record)),
      );

      expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 9, 201: 1 });
      expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    });
    const after = (await inventoryOf(app)) as Record<string, number>;
    expect([after['users'], after['identities'], after['audit_records']]).toEqual(
      [before['users'], before['identities'], before['audit_records']].map((count = 0) => count + 1),
    );
  });

  describe('the body as it was received', () => {
    const post = (body: string, signed: PlayerRecord): ReturnType<typeof postPlayer> =>
      postPlayer(app, casino.applicationId, body, sign(signed, casino.secret));

    it('verifies in whatever order, with whatever white space and escapes, behind a byte order mark', async () => {
      const id = aRecord(app)['telegram_id'] ?? 0;
      const body = `\ufeff\r\n{\t"username":"had\\u0069varp" , "telegram_id" : ${id},"first_name":"\\u0425ади"\n}`;

      expect((await post(body, { telegram_id: id, username: 'hadivarp', first_name: 'Хади' })).status).toBe(
        201,
      );
    });
  });

  describe('the signature', () => {
    it('is refused where it is that of another record', async () => {
      const before = await inventoryOf(app);

      expectProblem(
        await postPlayer(app, casino.applicationId, aRecord(app), SEED.hmac),
        401,
        'rapidpace.hmac_mismatch',
      );
      expect(await inventoryOf(app)).toEqual(before);
    });

    it('counts in the header only', async () => {
      const record = aRecord(app);
      const hmac = encodeURIComponent(sign(record, casino.secret));

      const answer = await app.http
        .post(`/v1/rapidpace/${casino.applicationId}/players?x-urm-hmac=${hmac}`)
        .send(record);

      expectProblem(answer, 401, 'rapidpace.hmac_missing');
    });
  });

  describe('the application of a call or a link', () => {
    const both = async (
      { applicationId, secret }: Pick<RapidpaceApplication, 'applicationId' | 'secret'>,
      origin?: string,
    ) => {
      const record = aRecord(app);
      const from = origin === undefined ? {} : { origin };
      const link = `/v1/rapidpace/${applicationId}/redirect?${queryOf(record, secret)}`;
      return [
        await postPlayer(app, applicationId, record, sign(record, secret), from),
        await app.http.get(link).set({ accept: 'application/json', ...from }),
      ];
    };

    it('exists, has a secret, is of the operator, and says which pages may call', async () => {
      const [bare, other] = [
        await aRapidpaceApplication(app),
        await aRapidpaceApplication(app, { trust: 'third-party' }),
      ];
      await app.nest.get(RapidpaceSecrets).remove(bare.applicationId, bare.secretId);
      const before = await inventoryOf(app);

      for (const [answers, status, code] of [
        [await both({ ...casino, applicationId: randomUUID() }), 404, 'application.not_found'],
        [await both(bare), 409, 'rapidpace.not_configured'],
        [await both(other), 403, 'auth.assurance_too_low'],
        [await both(casino, 'https://evil.example'), 403, 'request.origin_not_allowed'],
      ] as const)
        for (const answer of answers) {
          expectProblem(answer, status, code);
          expect(answer.headers).not.toHaveProperty('location');
        }
      expect(await inventoryOf(app)).toEqual(before);
    });

    it('needs no front URL for a call', async () => {
      const own = await aRapidpaceApplication(app, { rapidpace: { frontUrl: null } });

      expect((await register(app, own, aRecord(app))).status).toBe(201);
    });
  });

  it('refuses a player who is deactivated, and writes nothing', async () => {
    const record = aRecord(app);
    const { userId } = (await register(app, casino, record)).body as { userId: string };
    await app.accounts.setStatus(userId, 'deactivated');
    const before = await inventoryOf(app);

    expectProblem(await register(app, casino, record), 403, 'user.deactivated');
    expect(await inventoryOf(app)).toEqual(before);

    await app.accounts.setStatus(userId, 'active');
    expect((await register(app, casino, record)).body).toEqual({ userId });
  });

  describe('the person', () => {
    it('takes from Rapidpace what Telegram never spoke of, until it does', async () => {
      const { casino: own, demo } = await aCasinoWithBot(app, { settings: PROFILE });
      const { last_name: _, ...person } = aPerson({ first_name: 'Ada', language_code: 'de' });
      const { username } = person;
      // The Login Widget does not speak of the language.
      const login = { applicationId: own.applicationId, data: loginOf(app, demo, person) };
      const { accessToken } = (await postTo(app, 'telegram/login-widget', login)).body as SignInBody;
      const said = { firstName: 'Ada', lastName: null, username };
      expect(await profileOf(accessToken)).toMatchObject({ ...said, languageCode: null });

      for (const language_code of ['ru', 'en']) {
        app.clock.advance(60);
        const names = { first_name: 'Wrong', last_name: 'Person', username: 'ceo_official', language_code };
        const record = aRecord(app, { telegram_id: person.id, ...names });
        await register(app, own, record);
        await enter(app, own.applicationId, queryOf(record, own.secret));
        // The first word of a vendor stays.
        expect(await profileOf(accessToken)).toMatchObject({ ...said, languageCode: 'ru' });
      }

      const signedIn = await app.signIn(demo, person);
      expect(await profileOf(signedIn.accessToken)).toMatchObject({ ...said, languageCode: 'de' });
    });
  });

  it('has only the fields stored that the application needs', async () => {
    const own = await aRapidpaceApplication(app, { settings: { dataNeeds: ['language'] } });
    const { userId } = (await register(app, own, aRecord(app))).body as { userId: string };

    const rows = await app.database.query('SELECT stored_fields FROM identities WHERE user_id = $1', [
      userId,
    ]);

    expect(rows).toEqual([{ stored_fields: ['languageCode'] }]);
  });
});
