import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  deriveInitDataKey,
  deriveLoginWidgetKey,
  parseJwks,
  publicKeyFromHex,
  verifyContact,
  verifyIdToken,
  verifyInitData,
  verifyLoginWidget,
} from '@countersign/telegram';
import { FakeTelegramServer, keepFakeTelegramKeys } from '..';
import { client, getCode, landing, openAuth, redeem } from '../../testing/sign-in';

const now = new Date(1_760_000_000_000);
const botToken = '123456789:AAF-some-token';
const age = { now, maxAgeSeconds: 60 };
const server = new FakeTelegramServer({ now: () => now });

beforeAll(() => server.start());
afterAll(() => server.stop());

async function post(path: string, body: unknown): Promise<Response> {
  return fetch(`${server.issuer}${path}`, { method: 'POST', body: JSON.stringify(body) });
}

async function signed<T>(path: string, body: object): Promise<T> {
  const answer = await post(path, { botToken, ...body });
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}

function verdictOn(initData: string): ReturnType<typeof verifyInitData> {
  const [botId = '', key = ''] = server.environmentFor(['123456789']).DEMO_TELEGRAM_KEY.split(':');
  return verifyInitData(initData, {
    hmacKeys: [deriveInitDataKey(botToken)],
    signature: { botId, publicKey: publicKeyFromHex(key), policy: 'required' },
    ...age,
  });
}

describe('what the fake Telegram signs', () => {
  it('is init data with hash and signature, of whoever it is told', async () => {
    const user = { id: 42, first_name: 'Grace', is_premium: true };
    const { initData } = await signed<{ initData: string }>('/init-data', { user, startParam: 'campaign' });

    expect(verdictOn(initData)).toMatchObject({
      ok: true,
      value: {
        signatureVerified: true,
        initData: { user: { id: '42', firstName: 'Grace' }, startParam: 'campaign', authDate: now },
      },
    });
  });

  it('is init data of another instant, with further fields, or without a signature', async () => {
    const { initData } = await signed<{ initData: string }>('/init-data', {
      authDate: '2025-10-09T08:00:00Z',
      queryId: 'q',
      extra: { chat_type: 'group' },
      omitSignature: true,
    });

    expect(Object.fromEntries(new URLSearchParams(initData))).toMatchObject({
      auth_date: '1759996800',
      query_id: 'q',
      chat_type: 'group',
    });
    expect(verdictOn(initData)).toMatchObject({ code: 'init_data.signature_missing' });
  });

  it('is a login in the three forms of the widget', async () => {
    const { data, query, tgAuthResult } = await signed<{ data: object; query: string; tgAuthResult: string }>(
      '/login-widget',
      {},
    );
    const policy = { keys: [deriveLoginWidgetKey(botToken)], ...age };

    for (const input of [
      { kind: 'object', data } as const,
      { kind: 'query', query } as const,
      { kind: 'tgAuthResult', tgAuthResult } as const,
    ])
      expect(verifyLoginWidget(input, policy)).toMatchObject({
        ok: true,
        value: { user: { id: '7000000002' } },
      });
  });

  it('is a contact', async () => {
    const { contact } = await signed<{ contact: string }>('/contact', {
      user: { id: 42, first_name: 'Grace' },
      phoneNumber: '+79001234567',
    });

    expect(verifyContact(contact, { keys: [deriveInitDataKey(botToken)], ...age })).toMatchObject({
      ok: true,
      value: { userId: '42', phoneNumber: '+79001234567' },
    });
  });

  it('is an id token of the server’s own name, with claims of one’s choice', async () => {
    const answer = await post('/id-token', { clientId: '123456789', algorithm: 'ES256K', claims: { x: 1 } });
    const { idToken } = (await answer.json()) as { idToken: string };
    const jwks: unknown = await (await fetch(`${server.issuer}/.well-known/jwks.json`)).json();
    const address = { issuer: server.issuer, clientId: '123456789', nonce: null };

    expect(verifyIdToken(idToken, { keys: parseJwks(jwks), now, ...address })).toMatchObject({
      ok: true,
      value: { subject: '7000000002', algorithm: 'ES256K' },
    });
  });

  it.each([
    ['/init-data', { botToken, startparam: 'x' }, 'the body has no "startparam": it takes botToken,'],
    ['/init-data', { botToken, authDate: 'today' }, 'authDate of the body must be an instant'],
    ['/contact', { botToken }, 'phoneNumber of the body must be a text'],
    ['/id-token', { clientId: '1', algorithm: 'none' }, 'algorithm must be one of RS256'],
  ])('is nothing where %s is sent %j', async (path, body, sentence) => {
    const answer = await post(path, body);

    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: expect.stringContaining(sentence) as string },
    ]);
  });

  it('is nothing for a body that is not JSON, or too large', async () => {
    const send = (body: string) => fetch(`${server.issuer}/init-data`, { method: 'POST', body });

    expect((await send('{')).status).toBe(400);
    expect((await send(' '.repeat(70_000))).status).toBe(400);
    expect((await fetch(`${server.issuer}/init-data`)).status).toBe(404);
  });
});

describe('Log In With Telegram, at the same address', () => {
  it('goes from registration to an id token', async () => {
    expect((await post('/oidc/clients', client)).status).toBe(204);
    expect(
      (await post('/oidc/person', { id: 42, first_name: 'Grace', phone_number: '79001234567' })).status,
    ).toBe(204);

    const code = await getCode(server.oidc, { scope: 'openid phone' });
    const { id_token } = (await (await redeem(server.oidc, code)).json()) as { id_token: string };
    const claims: unknown = JSON.parse(Buffer.from(id_token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ iss: server.issuer, id: 42, phone_number: '79001234567' });
  });

  it('has somebody at the browser before it is told whom', () => {
    expect(new FakeTelegramServer().oidc.nextPerson).toMatchObject({ id: 7_000_000_002, first_name: 'Ada' });
  });

  it('is declined by nobody at the browser', async () => {
    await post('/oidc/clients', client);
    await post('/oidc/person', null);

    expect(landing(await openAuth(server.oidc)).searchParams.get('error')).toBe('access_denied');
  });

  it('breaks on purpose, and ends what hangs when it stops', async () => {
    server.oidc.breakEndpoint('jwks', { kind: 'answer', status: 503 });
    expect((await fetch(`${server.issuer}/.well-known/jwks.json`)).status).toBe(503);

    server.oidc.breakEndpoint('jwks', { kind: 'hang' });
    const before = server.oidc.requests.jwks;
    const asked = fetch(`${server.issuer}/.well-known/jwks.json`).then(
      () => 'answered',
      () => 'cut off',
    );
    while (server.oidc.requests.jwks === before) await new Promise(setImmediate);
    const { issuer } = server;
    await server.stop();
    expect(await asked).toBe('cut off');

    server.oidc.breakEndpoint('jwks', null);
    await server.start();
    expect(server.issuer).toBe(issuer);
    expect((await fetch(`${issuer}/.well-known/jwks.json`)).status).toBe(200);
  });
});

describe('the keys of a fake Telegram', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fake-telegram-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are made once, for their owner only, and sign as before', async () => {
    const file = join(folder, 'keys.json');
    const made = new FakeTelegramServer({ keys: await keepFakeTelegramKeys(file) });
    const again = new FakeTelegramServer({ keys: await keepFakeTelegramKeys(file) });

    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(again.keys).toEqual(made.keys);
    expect(again.telegram.publicKeyHex).toBe(made.telegram.publicKeyHex);
    expect(new FakeTelegramServer().telegram.publicKeyHex).not.toBe(made.telegram.publicKeyHex);
  });

  it.each(['', '{}', '{"initData":"hidden"}'])('are not read from a file that holds %j', async (text) => {
    const file = join(folder, 'other.json');
    writeFileSync(file, text);

    await expect(keepFakeTelegramKeys(file)).rejects.toThrow('does not hold the keys');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
