import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFrame } from '@countersign/custody-protocol';
import { createLogger } from '@countersign/runtime';
import { startConsentPage, type RunningConsentPage } from './consent-page';

describe('the consent page', () => {
  let page: RunningConsentPage;
  beforeAll(async () => {
    const logger = createLogger('silent');
    page = await startConsentPage({ socket: '/nowhere', host: '127.0.0.1', port: 0, logger });
  });
  afterAll(() => page.close());

  it.each([
    ['no JSON', '{', 400, 'malformed'],
    ['no launch', '{}', 400, 'malformed'],
    ['a body that is too large', ' '.repeat(1_048_576), 400, 'malformed'],
    ['a call while custody is away', '{"launch":"a"}', 503, 'away'],
  ])('answers %s', async (_, body, status, code) => {
    const answer = await fetch(`http://127.0.0.1:${page.port}/v1/own`, { method: 'POST', body });

    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ status, code });
  });
});

it('lets calls without a launch take four connections of custody, and others all that they need', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'consent-'));
  const socket = join(folder, 'socket');
  const waiting: Socket[] = [];
  const answer = (one: Socket) => one.end(encodeFrame({ ok: true }, Buffer.alloc(0)));
  const custody = createServer((one) =>
    one.once('data', (chunk) => (chunk.includes('"own"') ? answer(one) : waiting.push(one))),
  );
  await new Promise<void>((resolve) => custody.listen(socket, resolve));
  const logger = createLogger('silent');
  const page = await startConsentPage({ socket, host: '127.0.0.1', port: 0, logger });
  const call = (name: string) =>
    fetch(`http://127.0.0.1:${page.port}/v1/${name}`, { method: 'POST', body: '{"launch":""}' });
  const asked = Array.from({ length: 12 }, () => call('ask-way-out'));

  while (waiting.length < 4) await call('own');
  for (let count = 0; count < 5; count += 1) expect((await call('own')).status).toBe(200);
  expect(waiting).toHaveLength(4);
  let answered = 0;
  for (const one of asked) void one.then(() => (answered += 1));
  while (answered < asked.length) {
    for (const one of waiting.splice(0)) answer(one);
    await call('own');
    expect(waiting.length).toBeLessThanOrEqual(4);
  }
  await page.close();
  custody.close();
  rmSync(folder, { recursive: true });
});
