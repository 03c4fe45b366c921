import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Response } from 'supertest';
import { Metrics } from '@countersign/runtime';
import { aPerson, type SignInBody } from '../factories';
import { callsOf, callWith } from '../support/call-everything';
import { inlined } from '../support/inlined-document';
import { anOidcApplication, Browser, exchange, LANDING, useFakeOidc } from '../support/oidc';
import { loginOf, openWeb3InitDataOf, postTo } from '../support/proofs';
import { findCanaries, formsOf } from '../support/search-bytes';
import { dumpOfTables } from '../support/table-dump';
import type { Demo } from '../support/test-app';
import { testServer } from '../support/test-server';
import { until } from '../support/until';
import { useTestApp, useTestDatabase } from '../support/use-test-app';

const PERSON = {
  ...aPerson(),
  id: 7_316_204_958_241,
  first_name: 'Канарейкина-Ольга',
  last_name: 'Ščekatá鳥籠',
  username: 'canary_username_9157',
  photo_url: 'https://t.me/i/userpic/320/canaryPhoto6623.svg',
  language_code: 'xx-canarie',
  phone_number: '971588123406',
};
const DEVICE = 'Телефон canary-device-8892';
const NEEDS = ['name', 'username', 'photo', 'language', 'phone'];

/** As an operator might set it to find slow statements: every statement with all of its parameters. */
const LOG_EVERYTHING = {
  log_min_duration_statement: '0',
  log_min_error_statement: 'info',
  log_parameter_max_length: '-1',
  log_parameter_max_length_on_error: '-1',
};

async function documentOf(name: string): Promise<OpenAPIObject> {
  return inlined(JSON.parse(await readFile(`docs/openapi/${name}.json`, 'utf8')) as OpenAPIObject);
}

describe('of a person who called every endpoint, nothing readable', () => {
  const refusals: Response[] = [];
  const canaries = new Map<string, readonly Buffer[]>();
  const userIds: string[] = [];

  const oidc = useFakeOidc(() => app.clock.now());
  const database = useTestDatabase();
  const app = useTestApp(async () => {
    for (const [name, value] of Object.entries(LOG_EVERYTHING))
      await database.query(`ALTER DATABASE ${database.name} SET ${name} = '${value}'`);
    return { database, environment: { TELEGRAM_OIDC_ISSUER: oidc.issuer, JOBS: 'on' } };
  });

  function expectNever(name: string, value: string): void {
    canaries.set(`${name}, ${canaries.size}`, formsOf(value));
  }

  function watch(name: string, { status, body, text }: Response): SignInBody {
    if (status !== 200) throw new Error(`${name} answered ${status} ${text}`);
    const session = body as SignInBody;
    userIds.push(session.userId);
    expectNever(`access token of ${name}`, session.accessToken);
    expectNever(`refresh token of ${name}`, session.refreshToken);
    return session;
  }

  const signIn = async (demo: Demo): Promise<SignInBody> => {
    app.clock.advance(61);
    const initData = app.initDataOf(demo, PERSON);
    expectNever('init data', initData);
    return watch(
      'init data',
      await app.postSignIn({ applicationId: demo.applicationId, initData, deviceName: DEVICE }),
    );
  };

  /** Every way by which personal data comes in. */
  async function useEveryDoor(demo: Demo): Promise<void> {
    const { applicationId } = demo;
    const asMe = { authorization: `Bearer ${(await signIn(demo)).accessToken}` };
    const contact = app.telegram.signContact({
      botToken: demo.botToken,
      userId: PERSON.id,
      phoneNumber: `+${PERSON.phone_number}`,
      firstName: PERSON.first_name,
      authDate: app.clock.now(),
    });
    await app.http.post('/v1/me/contact').set(asMe).send({ contact }).expect(204);

    const widget = await postTo(app, 'telegram/login-widget', {
      applicationId,
      data: loginOf(app, demo, PERSON),
    });
    watch('login widget', widget);
    const im = await app.addOpenWeb3Bot(demo);
    const openWeb3 = { applicationId, initData: openWeb3InitDataOf(app, im, PERSON), botId: im.botId };
    watch('OpenWeb3', await postTo(app, 'openweb3/init-data', openWeb3));

    oidc.nextPerson = PERSON;
    const landing = await new Browser(app).logIn(demo, { state: PERSON.username });
    expectNever('one-time code', landing.searchParams.get('code') ?? '');
    watch('OpenID Connect', await exchange(app, demo, landing));
    // One that is left at Telegram, one whose code is not exchanged, and one in the database when it fails.
    await new Browser(app).start(demo, { state: PERSON.username });
    await new Browser(app).logIn(demo);
    await database.query(
      'ALTER TABLE identities ADD CONSTRAINT chk_broken CHECK (content IS NULL) NOT VALID',
    );
    const stranger = app.initDataOf(demo, { ...PERSON, id: 7_316_204_958_242 });
    refusals.push(await app.postSignIn({ applicationId, initData: stranger }).expect(500));
    await database.query('ALTER TABLE identities DROP CONSTRAINT chk_broken');
  }

  /** Canaries wherever a call takes a value: without a session, with one, and with the real application. */
  async function callEverything(demo: Demo): Promise<void> {
    const { applicationId, botId } = demo;
    const sides = [
      { http: () => app.http, document: await documentOf('public') },
      { http: () => app.gateway, document: await documentOf('gateway') },
    ];
    for (const { http, document } of sides)
      for (const call of callsOf(document)) {
        const { accessToken, refreshToken, sessionId } = await signIn(demo);
        const asMe = { authorization: `Bearer ${accessToken}` };
        const real = { applicationId, botId, sessionId, id: sessionId, redirectUri: LANDING };
        const send = async (...parameters: [string, Record<string, string>, object?]) => {
          const [value, headers, overrides] = parameters;
          const answer = await callWith({ http: http() }, call, value, headers, { ...overrides });
          if (answer.status >= 400) refusals.push(answer);
        };
        await send(PERSON.first_name, {});
        await send(PERSON.username, { authorization: `tma ${app.initDataOf(demo, PERSON)}` });
        await send(app.initDataOf(demo, PERSON), asMe, real);
        await send(accessToken, { ...asMe, dpop: accessToken }, real);
        await send(refreshToken, { authorization: `DPoP ${accessToken}` }, real);
        await send(PERSON.phone_number, asMe);
      }
  }

  beforeAll(async () => {
    const demo = await anOidcApplication(app, oidc, { settings: { dataNeeds: NEEDS } });
    for (const field of [
      'first_name',
      'last_name',
      'username',
      'photo_url',
      'language_code',
      'phone_number',
    ] as const)
      expectNever(field, PERSON[field]);
    expectNever('telegram id', String(PERSON.id));
    expectNever('device name', DEVICE);
    await useEveryDoor(demo);
    await callEverything(demo);
    await until(async () => {
      const found = await database.query('SELECT FROM jobs');
      return found.length > 0;
    });
  });

  it('is in an answer that refuses', () => {
    expect(refusals.length).toBeGreaterThan(100);
    for (const { text, headers, request } of refusals)
      expect({
        path: (request as { url?: string }).url,
        found: findCanaries(Buffer.from(text + JSON.stringify(headers)), canaries),
      }).toMatchObject({ found: [] });
  });

  it('is in the log', () => {
    expect(app.logLines.length).toBeGreaterThan(100);
    expect(findCanaries(Buffer.from(app.logLines.join('')), canaries)).toEqual([]);
  });

  it('is in the metrics', async () => {
    const text = await app.nest.get(Metrics).expose();

    expect(text).toContain('countersign_sign_ins_total');
    expect(findCanaries(Buffer.from(text), canaries)).toEqual([]);
  });

  it('is in any table', async () => {
    const tables = await dumpOfTables(database);
    expect([...tables.keys()]).toEqual(expect.arrayContaining(['public.identities', 'public.jobs']));
    for (const [table, dump] of tables) {
      const bytes = Buffer.from(`${dump}\n${dump.replaceAll(/\\\\x|\\x/g, ' ')}`);
      expect({ table, found: findCanaries(bytes, canaries) }).toEqual({ table, found: [] });
    }
  });

  it('is in the log of PostgreSQL, even where it has all parameters of slow and failed statements', async () => {
    const log = await readFile(join(testServer().folder, 'postgres.log'));

    expect(log.includes(`= '${userIds[0] ?? 'nobody'}'`)).toBe(true);
    expect(log.includes('violates check constraint "chk_broken"')).toBe(true);
    expect(findCanaries(log, canaries)).toEqual([]);
  });
});
