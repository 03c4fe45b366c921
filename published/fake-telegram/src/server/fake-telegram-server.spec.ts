import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveInitDataKey, publicKeyFromHex, verifyInitData } from '@countersign/proofs';
import { FakeTelegramServer, keepFakeTelegramKeys } from '..';

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
  it('has somebody at the browser before it is told whom', () => {
    expect(new FakeTelegramServer().oidc.nextPerson).toMatchObject({ id: 7_000_000_002, first_name: 'Ada' });
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
