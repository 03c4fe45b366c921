import type { Response } from 'supertest';
import { aBotToken, aPerson, type Person, type SignInBody } from '../factories';
import { bodyOf } from '../support/token';
import { filesOfServer, findCanaries, formsOf, readIfThere } from '../support/search-bytes';
import { dumpOfTables } from '../support/table-dump';
import type { Demo } from '../support/test-app';
import { until } from '../support/until';
import { eventsOf, subscribe } from '../support/told-events';
import { useTestApp } from '../support/use-test-app';

/** Recognisable, and long enough to occur nowhere by chance. */
const PERSON: Person = aPerson({
  id: 7_316_204_958_137,
  first_name: 'Каналейка-Фёдор',
  last_name: 'Ščekatý鳥居',
  username: 'canary_username_8461',
  photo_url: 'https://t.me/i/userpic/320/canaryPhoto5512.svg',
  language_code: 'xx-canary',
});
const DEVICE = 'Устройство canary-device-7781';

describe('nothing readable', () => {
  const answers: Response[] = [];
  const canaries = new Map<string, readonly Buffer[]>();

  function expectNever(name: string, value: string | Buffer): void {
    canaries.set(name, formsOf(value));
  }

  function watchTokens(name: string, { accessToken, refreshToken }: SignInBody): void {
    for (const [kind, token] of Object.entries({ accessToken, refreshToken })) {
      expectNever(`${name} ${kind}`, token);
      const body = Buffer.from(bodyOf(token), 'base64url');
      expectNever(`${name} ${kind}, secret bytes`, body.subarray(-40, -8));
    }
  }

  async function send(request: PromiseLike<Response>): Promise<Response> {
    const answer = await request;
    answers.push(answer);
    return answer;
  }

  async function useEverything(demo: Demo): Promise<void> {
    const { applicationId } = demo;
    const asMe = (token: string): [string, string] => ['authorization', `Bearer ${token}`];
    const initData = app.initDataOf(demo, PERSON, { startParam: 'canary-start-3317' });
    expectNever('init data', initData);
    expectNever('hash', /hash=([0-9a-f]{64})/.exec(initData)?.[1] ?? '');
    expectNever('start parameter', 'canary-start-3317');

    const first = (await app.postSignIn({ applicationId, initData, deviceName: DEVICE })).body as SignInBody;
    watchTokens('first', first);
    app.clock.advance(11);
    const renewed = (await app.postSignIn({ applicationId, initData })).body as SignInBody;
    watchTokens('renewed', renewed);
    const refreshed = (await app.refresh(renewed.refreshToken, { initData })).body as SignInBody;
    watchTokens('refreshed', refreshed);
    await app.getMe(refreshed.accessToken);
    await app.http.get('/v1/me/sessions').set(...asMe(refreshed.accessToken));

    const another = app.initDataOf(demo, aPerson());
    await send(app.refresh(refreshed.refreshToken, { initData: another }));
    await send(app.refresh(refreshed.refreshToken, { initData: `${initData}&first_name=x` }));
    await send(app.postSignIn({ applicationId, initData: initData.replace('canary-start', 'canary-stort') }));
    await send(app.postSignIn({ applicationId, initData: `${initData}&user=%7B%22id%22%3A1%7D` }));
    await send(app.postSignIn({ applicationId, initData, deviceName: `${DEVICE}\u0000` }));
    await send(app.postSignIn({ applicationId: PERSON.username, initData, deviceName: DEVICE.repeat(9) }));
    await send(app.http.post('/v1/auth/telegram/init-data').type('json').send(`{"initData": ${initData}`));
    await send(
      app.http.post(`/v1/auth/telegram/init-data?initData=${encodeURIComponent(initData)}`).send([initData]),
    );
    await send(app.http.get(`/${encodeURIComponent(PERSON.first_name)}?token=${first.accessToken}`));
    await send(
      app.http
        .get(`/v1/me/sessions?cursor=${refreshed.accessToken}&x=${PERSON.username ?? ''}`)
        .set(...asMe(refreshed.accessToken)),
    );
    await send(app.getMe(first.accessToken));
    await send(app.getMe(`${refreshed.accessToken}x`));
    await send(app.http.get('/v1/me').set('authorization', `Basic ${refreshed.accessToken}`));
    await app.database.query(
      'ALTER TABLE identities ADD CONSTRAINT chk_broken CHECK (content IS NULL) NOT VALID',
    );
    await send(
      app.postSignIn({ applicationId, initData: app.initDataOf(demo, { ...PERSON, id: 7_316_204_958_138 }) }),
    );
    await app.database.query('ALTER TABLE identities DROP CONSTRAINT chk_broken');

    const other = (
      await app.postSignIn({ applicationId, initData: app.initDataOf(demo, PERSON), deviceName: DEVICE })
    ).body as SignInBody;
    watchTokens('other', other);
    await app.http.delete(`/v1/me/sessions/${other.sessionId}`).set(...asMe(refreshed.accessToken));
    const third = (await app.postSignIn({ applicationId, initData: app.initDataOf(demo, PERSON) }))
      .body as SignInBody;
    watchTokens('third', third);
    await app.http.delete('/v1/me/sessions').set(...asMe(third.accessToken));
    await app.http.post('/v1/auth/logout').set(...asMe(third.accessToken));
    await send(app.http.delete(`/v1/me/sessions/${refreshed.accessToken}`).set(...asMe(third.accessToken)));
    await send(app.http.post('/v1/auth/logout').set('authorization', `Bearer ${refreshed.refreshToken}`));

    app.clock.advance(11);
    await send(app.refresh(renewed.refreshToken));
    await send(app.refresh(refreshed.refreshToken));
    await send(app.postSignIn({ applicationId, initData }));
    await app.accounts.setStatus(first.userId, 'deactivated');
    await send(app.postSignIn({ applicationId, initData: app.initDataOf(demo, PERSON) }));
    await app.bots.change(
      { provider: 'telegram', environment: 'production', botId: demo.botId },
      { status: 'disabled' },
    );
    await send(app.postSignIn({ applicationId, initData }));
  }

  const app = useTestApp();
  const botToken = aBotToken();

  beforeAll(async () => {
    const demo = await app.createApplication({
      bot: { token: botToken },
      settings: { dataNeeds: ['name', 'username', 'photo', 'language'] },
    });
    const { id, first_name, last_name, username, photo_url, language_code } = PERSON;
    for (const [name, value] of Object.entries({ first_name, last_name, username, photo_url, language_code }))
      expectNever(name, value ?? '');
    expectNever('telegram id', String(id));
    expectNever('device name', DEVICE);
    expectNever('bot token', botToken);
    expectNever('bot secret', botToken.slice(botToken.indexOf(':') + 1));
    for (const secret of app.keys.matchAll(/"secret":"([^"]+)"/g)) {
      expectNever(`key ${secret[1]?.slice(0, 2) ?? ''}`, secret[1] ?? '');
      expectNever(`key bytes ${secret[1]?.slice(0, 2) ?? ''}`, Buffer.from(secret[1] ?? '', 'base64url'));
    }
    await subscribe(app.database);
    await useEverything(demo);
    // So that the tables have some.
    expect((await eventsOf(app.database)).length).toBeGreaterThan(5);
  });

  it('finds what it looks for, in every form', async () => {
    const planted = 'посаженная-канарейка-9943';
    const forms = new Map([['planted', formsOf(planted)]]);
    await app.database.query('CREATE TABLE planted (text text)');
    // In the table and in the write-ahead log. PostgreSQL may rename a file of the log during the search: it is repeated.
    await until(async () => {
      await app.database.query('INSERT INTO planted VALUES ($1)', [`…${planted}…`]);
      await app.database.query('CHECKPOINT');
      const files = await filesOfServer(app.database);
      const contents = await Promise.all(files.map(readIfThere));
      return contents.filter((bytes) => bytes && findCanaries(bytes, forms).length > 0).length >= 2;
    });
    for (const spelling of ['hex', 'base64', 'base64url'] as const)
      for (const before of ['', 'x', 'xx'])
        expect(
          findCanaries(Buffer.from(Buffer.from(`${before}${planted};`).toString(spelling)), forms),
        ).toHaveLength(1);
    expect(findCanaries(Buffer.from(encodeURIComponent(planted)), forms)).toHaveLength(1);
    await app.database.query('DROP TABLE planted');
  });

  it('is in any table', async () => {
    const tables = await dumpOfTables(app.database);
    expect([...tables.keys()]).toEqual(
      expect.arrayContaining(['public.identities', 'public.sessions', 'public.events']),
    );
    for (const [table, dump] of tables) {
      const bytes = Buffer.from(`${dump}\n${dump.replaceAll(/\\\\x|\\x/g, ' ')}`);
      expect({ table, found: findCanaries(bytes, canaries) }).toEqual({ table, found: [] });
    }
  });

  it('is in the log', () => {
    expect(app.logLines.length).toBeGreaterThan(20);
    expect(findCanaries(Buffer.from(app.logLines.join('')), canaries)).toEqual([]);
  });

  it('is in an answer that refuses', () => {
    const refusals = answers.filter(({ status }) => status >= 400);
    expect(refusals).toHaveLength(answers.length);
    for (const { text, headers } of refusals)
      expect({ text, found: findCanaries(Buffer.from(text + JSON.stringify(headers)), canaries) }).toEqual({
        text,
        found: [],
      });
  });

  it('is in the files of the database, its write-ahead log and its own log', async () => {
    await app.database.query('CHECKPOINT');
    const files = await filesOfServer(app.database);
    for (const part of ['/base/', '/pg_wal/', '/postgres.log'])
      expect(files.some((file) => file.includes(part))).toBe(true);
    const holders: object[] = [];
    for (const file of files) {
      const bytes = await readIfThere(file);
      const found = bytes ? findCanaries(bytes, canaries) : [];
      if (found.length > 0) holders.push({ file, found });
    }
    expect(holders).toEqual([]);
  });
});
