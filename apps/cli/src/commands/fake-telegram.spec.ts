import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError } from '../describe-error';
import { runCommand } from '../run-command';

let interrupt: () => void = () => undefined;

async function run(words: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  let output = '';
  await runCommand(words.split(' '), {
    environment,
    readInput: () => Promise.resolve(''),
    notify: () => undefined,
    onInterrupt: (listener) => {
      interrupt = listener;
    },
    write: (text) => {
      output += text;
    },
  });
  return output;
}

function failureOf(words: string, environment?: NodeJS.ProcessEnv): Promise<string> {
  return run(words, environment).then(() => 'it succeeded', describeError);
}

describe('countersign fake-telegram', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fake-telegram-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  interface Started {
    readonly issuer: string;
    readonly publicKey: string;
    readonly environment: Readonly<Record<string, string>>;
  }

  async function runJson(words: string): Promise<Started> {
    const output = await run(`${words} --json`);
    expect(output.trim().split('\n')).toHaveLength(1);
    return JSON.parse(output) as Started;
  }

  it('serves until it is interrupted, and says what Countersign is to be started with', async () => {
    const { issuer, publicKey, environment } = await runJson('fake-telegram --port 0 --bot 12 --bot 345');
    const discovery = await fetch(`${issuer}/.well-known/openid-configuration`);

    expect(await discovery.json()).toMatchObject({ issuer });
    expect(environment).toEqual({
      TELEGRAM_OIDC_ISSUER: issuer,
      DEMO_TELEGRAM_KEY: `12:${publicKey},345:${publicKey}`,
    });
    interrupt();
    await expect(fetch(issuer)).rejects.toThrow('fetch failed');
  });

  it.each([
    ['fake-telegram', { NODE_ENV: 'production' }, 'fake-telegram is for development only'],
    ['fake-telegram --port 65536', {}, '--port must be a whole number from 0 to 65535.'],
  ])('refuses "%s" in %j with a sentence', async (words, environment, sentence) => {
    expect(await failureOf(words, environment)).toContain(sentence);
  });
});
