import { generateKeyRing } from '@countersign/crypto';
import { FakeTelegram } from '@countersign/fake-telegram';
import { aBotToken, anInitData, aPerson, type Person, type SignInBody } from '../factories';
import { patience } from '../runner/patience.cjs';
import { createTestDatabase, databaseEnvironment, type TestDatabase } from '../support/test-database';
import { freePort, run, startScript, type RunningScript } from './support/program';

const MAX_TABLES = 35;
const MAX_OPERATIONS = 90;
const START_MS = 240_000 * patience;
/** Of features that are left out. */
const ABSENT_ROUTES = [
  '/v1/me/profile',
  '/v1/teams',
  '/v1/me/referrals',
  '/v1/listings',
  '/v1/wallets',
  '/v1/auth/wallets',
  '/v1/auth/wallets/challenges',
  '/v1/me/merges',
  '/v1/wallet-joins/a',
  '/v1/rapidpace/a/redirect',
  '/users-service/me',
];
const ABSENT_ROUTES_OF_OPERATORS = [
  '/v1/admin/teams',
  '/v1/admin/webhooks',
  '/v1/admin/wallets',
  '/v1/admin/chains',
  '/console',
];
const ABSENT_WORDS =
  /wallet|\bteams?\b|\bboards?\b|leaderboard|\blistings?\b|referral|invitation|\b(?:webhook|metapro|xellar|rapidpace|rapidpace_secret|send|profile|chain)\.[a-z]/i;

/** Fields and values of closed lists. */
const ABSENT_NAMES = /tonProof|^(?:ethereum|ton|metapro|rapidpace|xellar)$/i;

interface Document {
  readonly paths: Readonly<Record<string, object>>;
}

interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

interface Granted {
  readonly session: SignInBody;
  readonly grant: string;
}

/** What a stranger would start: the built service and its CLI, on an empty database. */
describe('login alone', () => {
  const telegram = new FakeTelegram();
  const botToken = aBotToken();
  const otherToken = aBotToken();
  const idOf = (token: string): string => token.split(':', 1).join();
  const ports = { public: 0, gateway: 0, admin: 0 };
  let database: TestDatabase;
  let environment: NodeJS.ProcessEnv;
  let service: RunningScript;
  let applicationId: string;
  let settings: object;

  beforeAll(async () => {
    database = await createTestDatabase({ isEmpty: true });
    for (const name of ['public', 'gateway', 'admin'] as const) ports[name] = await freePort();
    environment = {
      PATH: process.env['PATH'],
      TMPDIR: process.env['TMPDIR'],
      NODE_ENV: 'test',
      COUNTERSIGN_USE: 'none',
      ...databaseEnvironment(database),
      KEYS: JSON.stringify(generateKeyRing()),
      PORT: String(ports.public),
      GATEWAY_PORT: String(ports.gateway),
      ADMIN_PORT: String(ports.admin),
      DEMO_TELEGRAM_KEY: [botToken, otherToken]
        .map((token) => `${idOf(token)}:${telegram.publicKeyHex}`)
        .join(),
      ERASURE_DAYS: '0',
      PATIENCE: String(patience),
    };
    await countersign('migrate');
    service = await startScript(['dist/apps/api/src/main.js'], environment, '"listening"');
    const made = await countersign('principal', 'create', '--name', 'alice', '--all-scopes');
    const { principalId, clientSecret } = JSON.parse(made) as Record<string, string>;
    environment['COUNTERSIGN_PRINCIPAL'] = `${principalId}:${clientSecret}`;
    const created = await countersign('application', 'create', '--name', 'Login', '--for', 'openweb3');
    const { application } = JSON.parse(created) as {
      application: { applicationId: string; effectiveSettings: object };
    };
    applicationId = application.applicationId;
    settings = application.effectiveSettings;
    await countersign(
      ...['bot', 'add', '--application', applicationId, '--username', 'login_bot', '--token-stdin'],
    );
  }, START_MS);

  afterAll(async () => {
    service.child.kill('SIGTERM');
    await service.ended;
    await database.drop();
  }, START_MS);

  /** Standard input is the token of the bot. */
  async function countersign(...words: readonly string[]): Promise<string> {
    const shell = `printf %s "$0" | exec "$@"`;
    const program = [process.execPath, 'dist/apps/cli/src/main.js', ...words, '--json'];
    const assignments = Object.entries(environment).map(([name, value]) => `${name}=${value ?? ''}`);
    const options = ['-i', ...assignments, '/bin/sh', '-c', shell, botToken, ...program];
    return (await run('/usr/bin/env', options, START_MS)).stdout;
  }

  async function ask<Body = unknown>(
    path: string,
    { port = ports.public, ...init }: RequestInit & { readonly port?: number } = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Body,
    };
  }

  const post = <Body>(path: string, body: object, token?: string) =>
    ask<Body>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });

  const bearer = ({ accessToken }: SignInBody) => ({ headers: { authorization: `Bearer ${accessToken}` } });

  const signIn = (person: Person, launch: object = {}) =>
    post<SignInBody>('/v1/auth/telegram/init-data', {
      applicationId,
      initData: anInitData(telegram, botToken, person, { authDate: new Date(), ...launch }),
    });

  it(`has at most ${MAX_TABLES} tables and ${MAX_OPERATIONS} operations`, async () => {
    const tables = await database.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND NOT relispartition AND relname <> 'migrations' ORDER BY name`,
    );
    const documents = await Promise.all([
      ask<Document>('/openapi/public.json'),
      ask<Document>('/openapi/admin.json', { port: ports.admin }),
    ]);
    const operations = new Set(
      documents.flatMap(({ body }) =>
        Object.entries(body.paths).flatMap(([path, item]) =>
          Object.keys(item).map((method) => `${method} ${path}`),
        ),
      ),
    );

    expect(tables.length).toBeLessThanOrEqual(MAX_TABLES);
    expect(operations.size).toBeLessThanOrEqual(MAX_OPERATIONS);
  });

  /** The launch that a session asks for, with the grant for one act. */
  async function steppedUp(person: Person, { accessToken }: SignInBody, act: string): Promise<Granted> {
    const { body: asked } = await post<{ code: string }>('/v1/me/step-up/requests', { act }, accessToken);
    const { body } = await signIn(person, { startParam: `s_${asked.code}` });
    return { session: body, grant: (body as SignInBody & { stepUp: { grant: string } }).stepUp.grant };
  }

  const withGrant = ({ session, grant }: Granted) => ({
    ...bearer(session).headers,
    'x-step-up-grant': grant,
    'content-type': 'application/json',
  });

  it('signs in, refreshes, answers the gateway and erases', async () => {
    const person = aPerson();
    const { body: first, status } = await signIn(person);
    expect({ status, isNew: first.isNewUser }).toEqual({ status: 200, isNew: true });
    const { body: fresh } = await post<SignInBody>('/v1/auth/refresh', { refreshToken: first.refreshToken });
    const gateway = { ...bearer(fresh), port: ports.gateway };

    const checked = await ask('/v1/gateway/authorize', gateway);
    expect(checked.status).toBe(200);
    expect(checked.headers.get('x-user-id')).toBe(first.userId);

    const { body: preview } = await ask<{ confirm: string; forfeit: readonly string[] }>(
      '/v1/me/erasure',
      bearer(fresh),
    );
    expect(preview.forfeit).toEqual([]);
    const erased = await ask(`/v1/me?confirm=${preview.confirm}`, {
      method: 'DELETE',
      headers: withGrant(await steppedUp(person, fresh, 'account.erase')),
    });
    expect(erased.status).toBe(204);
    expect((await ask('/v1/gateway/authorize', gateway)).status).toBe(401);
    expect(await database.query('SELECT id FROM users WHERE id = $1', [first.userId])).toEqual([]);
    expect((await signIn(aPerson())).status).toBe(200);
  });

  it('refuses the sessions of a feature that is off, and takes their tokens when it is on again', async () => {
    const restart = async (use: string): Promise<void> => {
      service.child.kill('SIGTERM');
      await service.ended;
      environment['COUNTERSIGN_USE'] = use;
      service = await startScript(['dist/apps/api/src/main.js'], environment, '"listening"');
    };
    await restart('third-party-bots');
    await countersign('bot', 'allow', applicationId, '--bot-id', idOf(otherToken));
    const initData = anInitData(telegram, otherToken, aPerson(), { authDate: new Date() });
    const body = { applicationId, botId: idOf(otherToken), initData };
    const { body: session } = await post<SignInBody>('/v1/auth/telegram/third-party-init-data', body);
    const askAll = async () => [
      await ask('/v1/me', bearer(session)),
      await ask('/v1/gateway/authorize', { ...bearer(session), port: ports.gateway }),
      await ask('/v1/me', {
        headers: { authorization: `tma ${initData}`, 'x-countersign-application': applicationId },
      }),
    ];
    expect((await askAll()).map(({ status }) => status)).toEqual([200, 200, 200]);

    await restart('none');
    expect((await askAll()).map(({ status }) => status)).toEqual([401, 401, 401]);
    const refused = await post('/v1/auth/refresh', { refreshToken: session.refreshToken });
    expect(refused).toMatchObject({ status: 401, body: { code: 'session.method_off' } });
    const shown = JSON.parse(await countersign('session', 'show', session.sessionId)) as object;
    expect(shown).toMatchObject({ state: 'live', door: null });

    await restart('third-party-bots');
    expect((await askAll()).map(({ status }) => status)).toEqual([200, 200, 200]);
    const again = await post('/v1/auth/refresh', { refreshToken: session.refreshToken });
    expect(again.status).toBe(200);
    await restart('none');
    await countersign('session', 'end', session.sessionId);
    await restart('third-party-bots');
    expect((await askAll()).map(({ status }) => status)).toEqual([401, 401, 200]);
    await restart('none');
  });

  it('answers 404 where features would be, and no document names them', async () => {
    const { body: session } = await signIn(aPerson());
    const isNoRoute = { status: 404, body: { code: 'request.route_not_found' } };
    for (const path of ABSENT_ROUTES) expect(await ask(path, bearer(session))).toMatchObject(isNoRoute);
    for (const path of ABSENT_ROUTES_OF_OPERATORS)
      expect(await ask(path, { port: ports.admin })).toMatchObject(isNoRoute);
    expect((await ask('/docs/metapro')).status).toBe(404);

    for (const group of ['wallets', 'rapidpace', 'metapro', 'embeddedWallets'])
      expect(settings).not.toHaveProperty(group);
    expect(settings).toMatchObject({ perRequestInitData: { accept: true } });
    const errors = await ask<string>('/docs/errors.md');
    expect(ABSENT_WORDS.exec(errors.body)).toBeNull();
    const open = await ask<Document>('/openapi/public.json');
    const ofOperators = await ask<Document>('/openapi/admin.json', { port: ports.admin });
    for (const { body } of [open, ofOperators]) {
      expect(ABSENT_WORDS.exec(JSON.stringify(body))).toBeNull();
      expect(namesIn(body).filter((name) => ABSENT_NAMES.test(name))).toEqual([]);
    }
  });
});

function namesIn(document: Document): readonly string[] {
  const names: string[] = [];
  JSON.stringify(document, (key, value: unknown) => {
    names.push(key, ...(key === 'enum' ? (value as string[]) : []));
    return value;
  });
  return names;
}
