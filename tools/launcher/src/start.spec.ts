import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { KeyRing } from '@countersign/crypto';
import { databaseUrlFile, freePort } from '@countersign/private-postgres';
import type { Product } from './product';
import { Settings } from './settings';
import { start } from './start';
import { UndoStack } from './undo-stack';

const applicationId = '01a1f846-3492-7069-aa62-9bfa02b55190';
const environment = { ...process.env };
const folder = mkdtempSync(join(tmpdir(), 'launcher '));

interface Run {
  readonly steps: string[];
  readonly output: string;
  readonly undo: UndoStack;
}

/** A product that only writes down what is done with it. */
function recorder(steps: string[]): Product {
  return {
    migrate: async () => void steps.push('migrate'),
    startCustody: (given) => {
      steps.push(`custody with ${Object.keys(given).toSorted().join(', ')}`);
      const close = async () => void steps.push('close custody');
      return { socket: '/custody', consentSocket: '/consent', close };
    },
    startConsentPage: async (socket) => {
      steps.push(`consent page at ${socket}`);
      return { port: 1, logger: {} as never, close: async () => void steps.push('close consent page') };
    },
    startApi: async (playground) => {
      steps.push(playground ? `start with bot ${playground.settings.botToken.split(':', 1)[0]}` : 'start');
      if (playground) playground.settings.applicationId = applicationId;
      return { close: async () => void steps.push('close') };
    },
  };
}

async function startIn(
  settings: Record<string, string>,
  check: (steps: string[]) => void = () => undefined,
  product: Partial<Product> = {},
): Promise<Run> {
  const steps: string[] = [];
  const undo = new UndoStack();
  const lines: string[] = [];
  const write = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => lines.push(String(text)) > 0);
  try {
    await start(Settings.of({ COUNTERSIGN_DATA_DIR: folder, ...settings }), {
      command: 'npm start',
      undo,
      ending: { check: () => check(steps) },
      load: async () => ({ ...recorder(steps), ...product }),
    });
  } catch (error) {
    await undo.run();
    throw error;
  } finally {
    write.mockRestore();
  }
  return { steps, output: lines.join(''), undo };
}

async function freePorts(): Promise<{ PORT: string; GATEWAY_PORT: string }> {
  return { PORT: String(await freePort()), GATEWAY_PORT: String(await freePort()) };
}

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

afterEach(() => {
  process.env = { ...environment };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('start', () => {
  it('brings up database, keys and demo, prints how to log in, and ends with the database', async () => {
    process.env['NODE_ENV'] = 'development';
    process.env['COUNTERSIGN_USE'] = 'embedded-wallets,wallets,console';
    const ports = await freePorts();
    const { steps, output, undo } = await startIn(ports);

    expect(steps).toEqual([
      'migrate',
      expect.stringMatching(
        /^custody with CUSTODY_API_DATABASE_URL, CUSTODY_COPY, CUSTODY_DATABASE_URL, CUSTODY_KEYS_FILE, CUSTODY_RULES, LOG_LEVEL(, PATIENCE)?$/,
      ),
      'consent page at /consent',
      'start with bot 7000000001',
    ]);
    expect(
      Object.keys(process.env).filter((name) => name.startsWith('CUSTODY_') && process.env[name]),
    ).toEqual(['CUSTODY_SOCKET']);
    expect(read('custody-socket')).toBe('/custody');
    expect(read('use')).toBe('embedded-wallets,wallets,console');
    expect(output).toContain(`\nAPI page    http://127.0.0.1:${ports.PORT}/docs\nTo sign Ada in`);
    expect(
      output.split('\n-- Countersign is running.')[1]?.split('\n-- Data:')[0]?.split('\n').slice(1),
    ).toHaveLength(6);
    expect(output).toContain(`\nPlayground  http://127.0.0.1:${ports.PORT}/playground\n`);
    expect(output).toMatch(/\nConsole {5}http:\/\/127\.0\.0\.1:3002\/console\/developer#[\w-]{43} {3}/);
    expect(output).toContain(`Log: ${join(folder, 'service.log')}`);
    expect(output.match(/^curl .*$/gm)).toHaveLength(1);
    expect(process.env).toMatchObject({
      ...ports,
      HOST: '127.0.0.1',
      WEBHOOK_ALLOWED_TARGETS: 'localhost,127.0.0.0/8,::1',
      KEYS_FILE: join(folder, 'keys.json'),
      DATABASE_URL: readFileSync(databaseUrlFile(join(folder, 'postgres')), 'utf8').trim(),
    });
    expect(() => KeyRing.parse(read('keys.json'))).not.toThrow();

    const client = new Client({ connectionString: process.env['DATABASE_URL'] });
    await client.connect();
    const lost = new Promise((resolve) => client.on('error', resolve));
    await undo.run();
    await lost;
    expect(steps.slice(-3)).toEqual(['close', 'close consent page', 'close custody']);
  });

  it.each([
    ['production', { NODE_ENV: 'production' }],
    ['a console of another machine', { CONSOLE_URL: 'https://console.example.com' }],
    ['a port for the network', { ADMIN_HOST: '0.0.0.0' }],
  ])('makes no sign-in to the console for %s', async (_, variables) => {
    Object.assign(process.env, { NODE_ENV: 'development', ...variables });
    const given: unknown[] = [];
    const { output, undo } = await startIn(await freePorts(), undefined, {
      startApi: async (playground) => {
        given.push(playground?.keys);
        return { close: async () => undefined };
      },
    });
    await undo.run();

    expect(given).toEqual([null]);
    expect(output).not.toContain('/console/developer');
  });

  it('keeps a principal for commands while it runs, for its owner only, with the address of the administration API', async () => {
    Object.assign(process.env, { NODE_ENV: 'development', ADMIN_HOST: '::1', ADMIN_PORT: '3999' });
    const file = join(folder, 'operator.json');
    symlinkSync(join(folder, 'elsewhere'), file);
    const { undo } = await startIn(await freePorts(), undefined, {
      startApi: async (playground) => {
        playground?.settings.keepPrincipal?.('id:secret');
        return { close: async () => undefined };
      },
    });

    expect(JSON.parse(read('operator.json'))).toEqual({ url: 'http://[::1]:3999', principal: 'id:secret' });
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(join(folder, 'elsewhere'))).toBe(false);
    await undo.run();
    expect(existsSync(file)).toBe(false);
  });

  it('makes keys, bot token and fake Telegram once, for their owner only', async () => {
    const secrets = ['keys.json', 'demo-bot-token', 'fake-telegram.pem'];
    const before = secrets.map(read);

    await (await startIn(await freePorts())).undo.run();

    expect(secrets.map(read)).toEqual(before);
    expect(secrets.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
    expect(read('demo-bot-token')).toMatch(/^7000000001:[\w-]{35}$/);
  });

  it('makes no demo beside a database of somebody’s own', async () => {
    const { steps, output, undo } = await startIn({
      ...(await freePorts()),
      DATABASE_URL: 'postgresql://elsewhere/x',
    });
    await undo.run();

    expect(steps).toEqual(['migrate', 'start', 'close']);
    expect(output).not.toContain('curl');
    expect(process.env['DEMO_TELEGRAM_KEY']).toBeUndefined();
  });

  it('never writes over a key file, not even a damaged one', async () => {
    const own = read('keys.json');
    writeFileSync(join(folder, 'keys.json'), 'mine');

    await (await startIn(await freePorts())).undo.run();

    expect(read('keys.json')).toBe('mine');
    writeFileSync(join(folder, 'keys.json'), own);
  });
});
