import { randomUUID } from 'node:crypto';
import { RapidpaceSecrets } from '@countersign/rapidpace-door';
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
  without,
  type PlayerRecord,
} from '../support/rapidpace';
import { statementsOf } from '../support/statement-count';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const PROFILE = { dataNeeds: ['name', 'username', 'language'] };
const UNKNOWN_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

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

  it.each([
    ['an old call', 1_400_000_000],
    ['a call of the future', 99_999_999_999],
    ['an empty date', ''],
    ['no date', null],
  ])('has no age limit: it takes %s', async (_name, authDate) => {
    expect((await register(app, casino, aRecord(app, { auth_date: authDate }))).status).toBe(201);
  });

  it('needs nothing but the Telegram id', async () => {
    const { telegram_id } = aRecord(app);

    expect((await register(app, casino, { telegram_id: telegram_id ?? 0 })).status).toBe(201);
  });

  describe('null, empty and absent', () => {
    it('signs null and empty text alike, and tells them from absent', async () => {
      const { applicationId } = await aRapidpaceApplication(app, { secret: SEED.secret });
      const body = JSON.parse(SEED.body) as PlayerRecord;
      const [empty, absent] = [
        'ucGhyoaxL8tnfdCI1BsuDf4It/4RjzGf1erdOjZj+Ps=',
        'rOW9QATBB5MEhEv9lYzN5ZDbqnl0waB5JSF3ym1+M/I=',
      ];
      const statusOf = async (record: PlayerRecord, hmac: string): Promise<number> =>
        (await postPlayer(app, applicationId, record, hmac)).status;

      for (const record of [
        { ...body, last_name: null },
        { ...body, last_name: '' },
      ]) {
        expect([200, 201]).toContain(await statusOf(record, empty));
        expect(await statusOf(record, absent)).toBe(401);
      }
      expect(await statusOf(without(body, 'last_name'), absent)).toBe(200);
      expect(await statusOf(without(body, 'last_name'), empty)).toBe(401);
      expect(await statusOf({ ...body, last_name: 'null' }, empty)).toBe(401);
    });

    it('takes a number and its digits for the same', async () => {
      const record = aRecord(app);
      const asText = {
        ...record,
        telegram_id: String(record['telegram_id']),
        auth_date: String(record['auth_date']),
      };

      const first = await register(app, casino, record);
      const second = await register(app, casino, asText);

      expect([first.status, second.status]).toEqual([201, 200]);
      expect(second.body).toEqual(first.body);
    });
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

    it.each(['9007199254740993', '007'])(
      'refuses the id %s, signed as it is and as a parser would round it',
      async (id) => {
        const before = await inventoryOf(app);
        for (const signed of [id, String(Number(id))])
          for (const written of id === '007' ? [`"${id}"`] : [id, `"${id}"`])
            expectProblem(
              await post(`{"telegram_id":${written}}`, { telegram_id: signed }),
              400,
              'rapidpace.telegram_id_invalid',
            );
        expect(await inventoryOf(app)).toEqual(before);
      },
    );

    it.each([
      ['rapidpace.malformed', 400, '[]'],
      ['request.malformed_json', 400, '{'],
      ['request.invalid', 400, '{"telegram_id":1,"telegram_id":2}'],
      ['rapidpace.telegram_id_missing', 400, '{}'],
      ['rapidpace.key_invalid', 400, '{"telegram_id":1,"__proto__":{"username":"x"}}'],
      ['rapidpace.value_type_invalid', 400, '{"telegram_id":[1]}'],
      ['rapidpace.control_character', 400, '{"telegram_id":1,"first_name":"a\\nb"}'],
      ['rapidpace.malformed', 400, '{"telegram_id":1,"first_name":"\\ud800"}'],
      ['rapidpace.too_long', 400, `{"telegram_id":1${' '.repeat(8_200)}}`],
      ['request.too_large', 413, `{"telegram_id":1${' '.repeat(65 * 1024)}}`],
    ])('answers %s (%#), whatever the signature', async (code, status, body) => {
      const before = await inventoryOf(app);

      expectProblem(await post(body, { telegram_id: 1 }), status, code);
      expect(await inventoryOf(app)).toEqual(before);
    });

    it('refuses bytes that are not UTF-8, and media types that are not JSON', async () => {
      const broken = Buffer.concat([
        Buffer.from('{"telegram_id":1,"first_name":"'),
        Buffer.from([0xff]),
        Buffer.from('"}'),
      ]);
      const hmac = sign({ telegram_id: 1 }, casino.secret);
      const send = (body: string | Buffer, headers?: Record<string, string>): ReturnType<typeof postPlayer> =>
        postPlayer(app, casino.applicationId, body, hmac, headers);

      expectProblem(await send(broken), 400, 'request.malformed_utf8');
      for (const type of [
        'application/x-www-form-urlencoded',
        'text/plain',
        'application/json; charset=utf-16',
      ])
        expectProblem(
          await send('{"telegram_id":1}', { 'content-type': type }),
          415,
          'request.unsupported_media_type',
        );
    });

    it('answers a call without any body', async () => {
      const answer = await app.http
        .post(`/v1/rapidpace/${casino.applicationId}/players`)
        .set('x-urm-hmac', SEED.hmac);

      expectProblem(answer, 400, 'rapidpace.malformed');
    });
  });

  describe('the signature', () => {
    it.each([
      ['none', undefined, 'rapidpace.hmac_missing'],
      ['an empty one', '', 'rapidpace.hmac_missing'],
      ['another spelling of its last bits', SEED.hmac.replace('pc=', 'pd='), 'rapidpace.hmac_malformed'],
      ['that of another record', SEED.hmac, 'rapidpace.hmac_mismatch'],
    ])('is refused: %s', async (_name, hmac, code) => {
      const before = await inventoryOf(app);

      expectProblem(await postPlayer(app, casino.applicationId, aRecord(app), hmac), 401, code);
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

  describe('the application', () => {
    it.each([UNKNOWN_ID, 'x', '%20', "'%20OR%201=1"])('must exist: %s', async (applicationId) => {
      const record = aRecord(app);

      expectProblem(
        await postPlayer(app, applicationId, record, sign(record, casino.secret)),
        404,
        'application.not_found',
      );
    });

    it('is found by its id in capitals too', async () => {
      const record = aRecord(app);

      const answer = await postPlayer(
        app,
        casino.applicationId.toUpperCase(),
        record,
        sign(record, casino.secret),
      );

      expect(answer.status).toBe(201);
    });

    it('needs a secret', async () => {
      const { applicationId, secretId } = await aRapidpaceApplication(app);
      await app.nest.get(RapidpaceSecrets).remove(applicationId, secretId);
      const record = aRecord(app);

      expectProblem(
        await postPlayer(app, applicationId, record, sign(record, '')),
        409,
        'rapidpace.not_configured',
      );
    });

    it('needs no front URL', async () => {
      const own = await aRapidpaceApplication(app, { rapidpace: { frontUrl: null } });

      expect((await register(app, own, aRecord(app))).status).toBe(201);
    });

    it('may not be a third party’s', async () => {
      const other = await aRapidpaceApplication(app, { trust: 'third-party' });
      const before = await inventoryOf(app);

      expectProblem(await register(app, other, aRecord(app)), 403, 'auth.assurance_too_low');
      expect(await inventoryOf(app)).toEqual(before);
    });

    it('decides which web pages may call', async () => {
      const record = aRecord(app);
      const origin = 'https://evil.example';

      expectProblem(
        await postPlayer(app, casino.applicationId, record, sign(record, casino.secret), { origin }),
        403,
        'request.origin_not_allowed',
      );
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
    it('is the one of init data with the same Telegram id, whoever comes first', async () => {
      const { botId, botToken } = await app.addBot(casino.applicationId);
      const demo = { applicationId: casino.applicationId, botId, botToken };
      const [early, late] = [aPerson(), aPerson()];

      const registered = await register(app, casino, aRecord(app, { telegram_id: early.id }));
      const signedIn = await app.signIn(demo, early);
      expect(signedIn).toMatchObject({ ...(registered.body as object), isNewUser: false });

      const known = await app.signIn(demo, late);
      const answer = await register(app, casino, aRecord(app, { telegram_id: late.id }));
      expect({ status: answer.status, body: answer.body as unknown }).toEqual({
        status: 200,
        body: { userId: known.userId },
      });
    });

    it('keeps what Telegram said, also that it is empty', async () => {
      const { casino: own, demo } = await aCasinoWithBot(app, { settings: PROFILE });
      const { last_name: _, username: __, language_code: ___, ...person } = aPerson({ first_name: 'Ada' });
      const { accessToken } = await app.signIn(demo, person);
      const said = { firstName: 'Ada', lastName: null, username: null, languageCode: null };
      expect(await profileOf(accessToken)).toMatchObject(said);
      app.clock.advance(60);

      const record = aRecord(app, { telegram_id: person.id, username: 'ceo_official', language_code: 'ru' });
      expect((await register(app, own, record)).status).toBe(200);
      await enter(app, own.applicationId, queryOf(record, own.secret));

      expect(await profileOf(accessToken)).toMatchObject(said);
    });

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

    it('is named by Telegram as soon as it speaks, whatever date the call had', async () => {
      const own = await aRapidpaceApplication(app);
      const bot = await app.addBot(own.applicationId);
      const person = aPerson({ first_name: 'Ada', last_name: 'Byron', username: 'ada_byron' });
      await register(app, own, aRecord(app, { telegram_id: person.id, auth_date: 99_999_999_999 }));

      const { accessToken } = await app.signIn({ applicationId: own.applicationId, ...bot }, person);

      expect(await profileOf(accessToken)).toMatchObject({
        firstName: 'Ada',
        lastName: 'Byron',
        username: 'ada_byron',
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

  it('does not take other methods, nor other paths', async () => {
    const path = `/v1/rapidpace/${randomUUID()}/players`;

    expectProblem(await app.http.get(path), 405, 'request.method_not_allowed');
    expectProblem(await app.http.post(`${path}/`), 404, 'request.route_not_found');
  });
});
