import { PrincipalsService } from '@countersign/admin';
import { generateKeyRing } from '@countersign/crypto';
import { FakeTelegram } from '@countersign/fake-telegram';
import { DeveloperKeys, PlaygroundModule } from '../../tools/playground/src';
import { aConsoleSession, CONSOLE_URL, cookieOf, FROM_PAGE, sessionOf } from '../support/console';
import { TestApp } from '../support/test-app';
import { createTestDatabase } from '../support/test-database';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const PATH = '/console/developer';

describe('the sign-in of a developer to the console', () => {
  const links: string[] = [];
  const keys = new DeveloperKeys(CONSOLE_URL, (next) => links.push(next));
  const app = useFixture(
    async () => {
      const [database, ring] = [await createTestDatabase(), JSON.stringify(generateKeyRing())];
      const first = await TestApp.start({ database, keys: ring });
      const demo = await first.createApplication();
      await first.close();
      const address = 'http://127.0.0.1:3000';
      const addresses = { address, gatewayAddress: 'http://127.0.0.1:3001', consoleUrl: CONSOLE_URL };
      const settings = { ...demo, ...addresses, telegram: new FakeTelegram() };
      const modules = [PlaygroundModule.of(settings, keys)];
      const running = await TestApp.start({ database, keys: ring, environment: { CONSOLE_URL }, modules });
      return { running, database };
    },
    {
      close: async ({ running, database }) => {
        await running.close();
        await database.drop();
      },
    },
  );
  const keyOf = (link: string): string => new URL(link).hash.slice(1);
  const use = (key: string, headers: Record<string, string> = FROM_PAGE) =>
    app.running.admin.post(PATH).set(headers).send({ key });

  it('is for one use, and each use gives the next link', async () => {
    const key = keyOf(keys.link);
    const answers = await Promise.all(Array.from({ length: 8 }, async () => use(key)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      204,
      ...Array.from({ length: 7 }, () => 404),
    ]);

    const [signedIn] = answers.filter(({ status }) => status === 204);
    const cookie = signedIn && cookieOf(signedIn);
    const session = await sessionOf(app.running, cookie ?? '');
    expect(session.scopes).toContain('principals:write');
    await session.get('/v1/admin/principals').expect(200);
    expect(links).toEqual([keys.link]);

    // The next sign-in is of the same principal, and ends the session before.
    const next = await sessionOf(app.running, cookieOf(await use(keyOf(keys.link))));
    expect(next.principalId).toBe(session.principalId);
    await session.get('/v1/admin/principals').expect(401);
    await next.get('/v1/admin/principals').expect(200);
  });

  it('leaves a principal of an operator that is named developer as it is', async () => {
    const own = await app.running.nest
      .get(PrincipalsService)
      .create({ name: 'developer', scopes: ['users:read'] }, null);
    const { id } = own.principal;

    const session = await sessionOf(app.running, cookieOf(await use(keyOf(keys.link))));

    expect(session.principalId).not.toBe(id);
    const secret = own.secret.clientSecret;
    expect(await aConsoleSession(app.running, id, secret)).toMatchObject({ scopes: ['users:read'] });
  });

  it('tells no one the key: neither the page, nor a log, nor the audit trail', async () => {
    const key = keyOf(keys.link);
    const page = await app.running.admin.get(PATH).expect(200);
    expect(page.text).not.toContain(key);
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+';/,
    );
    await use(key).expect(204);
    const rows = await app.database.query('SELECT * FROM audit_records');
    expect([app.running.logLines.join(''), JSON.stringify(rows)].join('')).not.toContain(key);
  });

  it.each([
    ['a page of another origin', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a page of another port', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:3000' }],
    ['a program', {}],
  ])('refuses %s, and the key stays', async (_, headers) => {
    const key = keyOf(keys.link);
    await use(key, headers).expect(403);
    expect(keyOf(keys.link)).toBe(key);
  });

  it.each(['words.example.com', 'console.example.com'])('is not there by the name %s', async (host) => {
    const answer = await use(keyOf(keys.link), { ...FROM_PAGE, host });
    expect([404, 421]).toContain(answer.status);
  });

  it('is not on the public port, and refuses another key', async () => {
    await app.running.http.get(PATH).expect(404);
    await app.running.http
      .post(PATH)
      .set(FROM_PAGE)
      .send({ key: keyOf(keys.link) })
      .expect(404);
    for (const key of ['', 'A'.repeat(43), keyOf(keys.link).slice(1)]) await use(key).expect(404);
  });
});

describe('the service without a launcher', () => {
  const app = useTestApp({ environment: { CONSOLE_URL } });

  it('has no such sign-in', async () => {
    await app.admin.get(PATH).expect(404);
    await app.admin
      .post(PATH)
      .set(FROM_PAGE)
      .send({ key: 'A'.repeat(43) })
      .expect(404);
  });
});
