import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as client from 'openid-client';
import { scopesInUse } from '@countersign/admin';
import { SECOND } from '@countersign/runtime';
import { exitCodes } from '../../apps/cli/src/errors';
import { aPerson, countBy, times, type Person } from '../factories';
import { CONSOLE_URL, cookieOf, sessionOf } from '../support/console';
import { expectProblem } from '../support/expect-problem';
import { useIssuer } from '../support/issuer';
import {
  acceptedBy,
  approveDevice,
  Browser,
  createClient,
  openPage,
  relyingParty,
  signedIn,
} from '../support/openid';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import type { Launching } from '../support/relaunch';
import { useCountersign } from '../support/run-countersign';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useApplication } from '../support/use-test-app';

/** The service is started with the ids of clients that are made later. */
const CLIENT = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';
const CONSOLE = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b43';
const TOKEN = '/v1/admin/console/token';

const { refused, usage } = exitCodes;

interface Stored {
  readonly accessToken: string;
  readonly refreshToken: string;
}

describe('countersign login', () => {
  const issuer = useIssuer((url) => ({
    CONSOLE_URL,
    CONSOLE_OIDC_ISSUER: url,
    CONSOLE_OIDC_CLIENT_ID: CONSOLE,
    CONSOLE_OIDC_DEVICE_CLIENT_ID: CLIENT,
    CONSOLE_OIDC_SCOPE: 'openid profile',
  }));
  const { app } = issuer;
  const demo = useApplication(app, {
    bot: { signaturePolicy: 'optional' },
    settings: { identityToken: { inAnswers: true } },
  });
  const countersign = useCountersign(app);
  const folder = useFixture(async () => ({ path: await mkdtemp(join(tmpdir(), 'countersign-login-')) }), {
    per: 'test',
    close: ({ path }) => rm(path, { recursive: true }),
  });

  beforeAll(async () => {
    const callback = `${CONSOLE_URL}/v1/admin/console/callback`;
    const redirectUrls = { [CLIENT]: [], [CONSOLE]: [callback] };
    for (const [id, urls] of Object.entries(redirectUrls)) {
      const wanted = { isPublic: true, redirectUrls: urls, algorithm: 'ES256' };
      const { clientId } = await createClient(app, demo, wanted);
      await app.database.query('UPDATE openid_clients SET id = $1 WHERE id = $2', [id, clientId]);
    }
  });

  // The provider's library signs by the real clock.
  beforeEach(() =>
    app.clock.advance(Math.max(0, Math.floor((Date.now() - app.clock.now().getTime()) / SECOND))),
  );

  const run = (words: string, write?: (text: string) => void) => {
    const { port } = app.adminServer.address() as AddressInfo;
    const environment = {
      NODE_ENV: 'test',
      COUNTERSIGN_ADMIN_URL: `http://127.0.0.1:${port}`,
      XDG_CONFIG_HOME: folder.path,
    };
    return countersign.run(words, '', { environment, ...(write && { write }) });
  };
  /** The person approves the code that the command shows. */
  const logIn = async (person: Person | Launching) => {
    let told = '';
    const running = run(`login --url ${issuer.url} --client ${CLIENT}`, (text) => (told += text));
    await Promise.race([running, until(() => told.includes('the code'))]);
    await approveDevice(app, demo, person, /Open (\S+)/.exec(told)?.[1] ?? told);
    return running.then(() => told);
  };
  /** A principal that the person signs in as. */
  const linked = async (person: Person, scopes: readonly string[] = ['applications:read']) => {
    const { userId } = await signInPerson(app, demo, person);
    const { principalId } = await anOperator(app, scopes);
    const administrator = await anOperator(app);
    const path = `/v1/admin/principals/${principalId}`;
    const change = await administrator.patch(path, { providerSubject: `${issuer.url} ${userId}` });
    expect(change.status).toBe(200);
    return { principalId, userId, path, administrator };
  };
  const configuration = () => join(folder.path, 'countersign');
  const fileOf = async () => join(configuration(), (await readdir(configuration())).join());
  const stored = async () => JSON.parse(await readFile(await fileOf(), 'utf8')) as Stored;
  /** As it is after five minutes. @returns what it was */
  const age = async (): Promise<Stored> => {
    const login = await stored();
    await anotherSecond();
    await writeFile(await fileOf(), JSON.stringify({ ...login, endsAt: 1 }));
    return login;
  };
  const present = (token: string) => app.admin.post(TOKEN).send({ idToken: token });
  /** That no command has used. */
  const idTokenOf = async (person: Person): Promise<string> => {
    await logIn(person);
    await anotherSecond();
    const party = await relyingParty(app, { clientId: CLIENT, clientSecret: null });
    const tokens = await client.refreshTokenGrant(party, (await stored()).refreshToken);
    return tokens.id_token ?? '';
  };
  const callWith = (accessToken: string, path = '/v1/admin/applications') =>
    app.admin.get(path).set({ authorization: `Bearer ${accessToken}` });
  const tokensOf = async (principalId: string): Promise<number> =>
    app.database
      .query('SELECT 1 FROM principal_tokens WHERE principal_id = $1', [principalId])
      .then((rows) => rows.length);
  const failing = (exitCode: number, text: string) => ({
    exitCode,
    message: expect.stringContaining(text) as string,
  });

  it('lets an operator act by their phone, refreshes, and ends with logout', async () => {
    const person = aPerson();
    const { principalId } = await linked(person);

    expect(await logIn(person)).toContain('applications:read');

    // Not that of the host `127.0.0.1-<port>`.
    expect(await fileOf()).toMatch(/127\.0\.0\.1%3A\d+\.json$/);
    expect((await stat(await fileOf())).mode & 0o777).toBe(0o600);
    expect((await stat(configuration())).mode & 0o777).toBe(0o700);
    expect((await run('application list')).output).toContain(demo.applicationId);
    await expect(run('user list')).rejects.toMatchObject(failing(refused, 'principal.scope_missing'));
    const trail = await (await anOperator(app)).get(`/v1/admin/audit?actor=principal:${principalId}`);
    expect(JSON.stringify(trail.body)).toContain('"by":"provider"');

    const first = await age();
    // Together: a refresh token is taken once.
    await Promise.all(times(3, () => run('application list')));
    const second = await stored();
    expect(second.refreshToken).not.toBe(first.refreshToken);
    for (const token of [first, second].flatMap((each) => [each.accessToken, each.refreshToken]))
      expect(app.logLines.join('\n')).not.toContain(token);

    expect((await callWith(second.accessToken)).status).toBe(200);
    expect((await run('logout')).output).toBe('You are signed out\n');
    expectProblem(await callWith(second.accessToken), 401, 'principal.unauthenticated');
    expect(await readdir(configuration())).toEqual([]);
    const party = await relyingParty(app, { clientId: CLIENT, clientSecret: null });
    const replay = client.refreshTokenGrant(party, second.refreshToken);
    await expect(replay).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(run('application list')).rejects.toMatchObject(failing(usage, 'countersign login'));
    expect((await run('logout')).output).toBe('You were not signed in\n');
  });

  it('refuses a person without a principal or a signature of Telegram, and one whose principal is disabled or whose session has ended', async () => {
    const person = aPerson();
    const noAccess = failing(refused, 'console.no_access');
    await expect(logIn(person)).rejects.toMatchObject(noAccess);
    expect(await readdir(folder.path)).toEqual([]);

    const { path, administrator } = await linked(person);
    // By the token of the bot alone.
    const launch = (startParam: string) => {
      const initData = app.initDataOf(demo, person, { startParam, omitSignature: true });
      return app.postSignIn({ applicationId: demo.applicationId, initData });
    };
    const attempt = logIn({ person, launch });
    await expect(attempt).rejects.toMatchObject(failing(refused, 'console.sign_in_failed'));
    await logIn(person);
    await administrator.patch(path, { status: 'disabled' });
    const ended = failing(refused, 'principal.unauthenticated');
    await expect(run('application list')).rejects.toMatchObject(ended);
    await age();
    await expect(run('application list')).rejects.toMatchObject(noAccess);
    await administrator.patch(path, { status: 'active' });
    await run('application list');

    await (await signInPerson(app, demo, person)).delete('/v1/me/sessions');
    await age();
    await expect(run('application list')).rejects.toMatchObject(failing(refused, 'invalid_grant'));
  });

  it('opens the console, too', async () => {
    const person = aPerson();
    const { principalId } = await linked(person, ['audit:read']);
    const started = await app.admin.get('/v1/admin/console/sign-in');
    const begun = await openPage(new Browser(app), started.headers['location'] ?? '');
    const { pathname, search } = await acceptedBy(app, demo, person, begun);

    const cookie = cookieOf(started, '__Host-console-sign-in');
    const ended = await app.admin.get(pathname + search).set({ cookie });

    expect(await sessionOf(app, cookieOf(ended))).toMatchObject({ principalId, scopes: ['audit:read'] });
  });

  it('takes an id token of its own client only, while it lasts, of a sign-in of the last 12 hours', async () => {
    const person = aPerson();
    await linked(person);
    const idToken = await idTokenOf(person);
    const { refreshToken } = await stored();

    const party = await relyingParty(app, await createClient(app, demo));
    const { tokens } = await signedIn(app, demo, party, person);
    const [header = '', payload = '', signature = ''] = idToken.split('.');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const { refreshToken: own } = await signInPerson(app, demo, person);
    const session = await app.http.post('/v1/auth/refresh').send({ refreshToken: own });
    const { identityToken } = session.body as { identityToken: string };
    for (const token of [
      tokens.id_token ?? '',
      tokens.access_token,
      identityToken,
      refreshToken,
      `${unsigned}.${payload}.`,
      `${header}.${payload.slice(0, -4)}AAAA.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      'x',
    ])
      expectProblem(await present(token), 401, 'console.sign_in_failed');

    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_000);
    expectProblem(await present(idToken), 401, 'console.sign_in_failed');
    now.mockRestore();
    app.clock.advance(12 * 3_600 + 60);
    expectProblem(await present(idToken), 401, 'console.sign_in_not_repeated');
    app.clock.advance(-12 * 3_600 - 60);
    expect((await present(idToken)).body).toMatchObject({ scopes: ['applications:read'] });
  });

  it('gives one token for an id token, however often it comes at once, in either form of its signature', async () => {
    const person = aPerson();
    const { principalId } = await linked(person);
    const idToken = await idTokenOf(person);
    const [header = '', payload = '', signature = ''] = idToken.split('.');
    const other = `${header}.${payload}.${otherFormOf(signature)}`;
    const before = await tokensOf(principalId);

    const answers = await Promise.all(times(20, (index) => present(index % 2 === 0 ? idToken : other)));

    expect(countBy(answers, ({ status }) => String(status))).toEqual({ 200: 1, 401: 19 });
    for (const answer of answers.filter(({ status }) => status === 401))
      expectProblem(answer, 401, 'console.id_token_used');
    expect(await tokensOf(principalId)).toBe(before + 1);
  });

  it('refuses an id token with an instant in the future', async () => {
    const person = aPerson();
    await linked(person);
    const idToken = await idTokenOf(person);

    // The clock of the service goes back.
    app.clock.advance(-120);
    expectProblem(await present(idToken), 401, 'console.sign_in_failed');
    app.clock.advance(120);
    expect((await present(idToken)).status).toBe(200);
  });

  it('needs an administrator with secrets to name a person, whose principal then has none', async () => {
    const person = aPerson();
    const { path, userId, administrator } = await linked(person, ['users:read']);
    expectProblem(await administrator.post(`${path}/secrets`, { name: 'own' }), 409, 'principal.of_provider');
    expect((await administrator.get(`${path}/secrets`)).body).toEqual({ items: [] });
    expect((await administrator.patch(path, { scopes: ['applications:read'] })).status).toBe(200);

    const other = await anOperator(app, ['users:read']);
    const providerSubject = `${issuer.url} ${userId}`;
    const of = ({ principalId }: { principalId: string }) => `/v1/admin/principals/${principalId}`;
    expectProblem(await administrator.patch(of(other), { providerSubject }), 409, 'principal.person_taken');
    expectProblem(await administrator.patch(of(other), { providerSubject: userId }), 400, 'request.invalid');
    // Nobody gives more than they have.
    const lesser = await anOperator(app, ['principals:write', 'users:read']);
    const greater = await anOperator(app, scopesInUse.names);
    const elsewhere = { providerSubject: `${issuer.url} another` };
    expectProblem(await lesser.patch(of(greater), elsewhere), 403, 'principal.exceeds_own_scopes');

    expect((await administrator.delete(path)).status).toBe(204);
    // One that names a person is no other administrator.
    const { principalId: named } = await linked(aPerson(), scopesInUse.names);
    const rest = [administrator.principalId, named];
    await app.database.query(`UPDATE principals SET status = 'disabled' WHERE id <> ALL($1)`, [rest]);
    for (const change of [elsewhere, { status: 'disabled' }])
      expectProblem(
        await administrator.patch(of(administrator), change),
        409,
        'principal.last_administrator',
      );
  });
});

/** Two id tokens of one second are the same but for the signature. */
async function anotherSecond(): Promise<void> {
  const second = (): number => Math.floor(Date.now() / 1_000);
  const now = second();
  await until(() => second() > now);
}

/** The order of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other valid signature of ES256 that anyone can compute: `s` as `n - s`. */
function otherFormOf(signature: string): string {
  const bytes = Buffer.from(signature, 'base64url');
  const other = (ORDER - BigInt(`0x${bytes.toString('hex', 32)}`)).toString(16).padStart(64, '0');
  return Buffer.concat([bytes.subarray(0, 32), Buffer.from(other, 'hex')]).toString('base64url');
}
