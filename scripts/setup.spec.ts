import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Lib {
  assertFreePorts(env: object, command: string): Promise<void>;
  assertOwn(folder: string, uid?: number): void;
  contentHash(folder: string, paths: readonly string[]): string;
  withPrivateSettings(env: object, folder: string, words: readonly string[], start: string): object;
}

const { assertOwn } = jest.requireActual<Lib>('./lib/data-folder.mjs');
const { assertFreePorts } = jest.requireActual<Lib>('./lib/free-ports.mjs');
const { contentHash } = jest.requireActual<Lib>('./lib/content-hash.mjs');
const { withPrivateSettings } = jest.requireActual<Lib>('./lib/private-settings.mjs');

const folder = mkdtempSync(join(tmpdir(), 'countersign-setup-'));
afterAll(() => rmSync(folder, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('a data folder by default', () => {
  it.each([
    ['is used by who made it', folder, undefined],
    ['need not be there', join(folder, 'none'), 4_711],
  ])('%s', (_, path, uid) => expect(() => assertOwn(path, uid)).not.toThrow());

  it('is not used by others: its database and keys would be theirs', () =>
    expect(() => assertOwn(folder, 4_711)).toThrow('was made by another user'));
});

describe.each(['PORT', 'GATEWAY_PORT', 'ADMIN_PORT'])('the port of %s', (variable) => {
  const free = { PORT: '0', GATEWAY_PORT: '0' };

  it('is refused when another program listens on it, and the sentence names the variable', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;

    await expect(assertFreePorts({ ...free, [variable]: String(port) }, 'npm start')).rejects.toThrow(
      `Port ${port} is taken. Stop the program that uses it, or choose another port with ${variable}=${port + 10} npm start.`,
    );
    squatter.close();
    await once(squatter, 'close');
    await expect(
      assertFreePorts({ ...free, [variable]: String(port) }, 'npm start'),
    ).resolves.toBeUndefined();
  });
});

it.each([
  ['a source', 'apps/main.ts', false],
  ['a new source', 'apps/api/other.ts', false],
  ['a file that was named', 'lock.json', false],
  ['a test', 'apps/main.spec.ts', true],
  ['what is compiled', 'apps/dist/main.js', true],
])('what is built counts as current after a change of %s', (_, path, isCurrent) => {
  put('apps/main.ts', 'one');
  put('lock.json', '{}');
  const before = contentHash(folder, ['apps', 'lock.json', 'absent']);
  put(path, 'another');

  expect(contentHash(folder, ['apps', 'lock.json', 'absent']) === before).toBe(isCurrent);
});

it('the command line finds what `npm start` has made, unless the environment names another database', () => {
  const made = {
    'postgres/database-url': 'postgresql://private\n',
    'custody-socket': '/custody',
    use: 'none',
  };
  for (const [name, text] of Object.entries({ ...made, 'keys.json': '{}' })) put(name, text);
  const settingsOf = (env: object): object => withPrivateSettings(env, folder, ['migrate'], 'npm start');

  expect(settingsOf({})).toEqual({
    ...{ DATABASE_URL: 'postgresql://private', KEYS_FILE: join(folder, 'keys.json') },
    ...{ CUSTODY_SOCKET: '/custody', COUNTERSIGN_USE: 'none', PATIENCE: '10' },
  });
  const own = { DATABASE_URL: 'postgresql://own', KEYS: '{}' };
  expect(settingsOf(own)).toEqual({ ...own, PATIENCE: '10' });
  rmSync(join(folder, 'postgres'), { recursive: true });
  expect(() => settingsOf({})).toThrow('run "npm start" first');
  expect(() => settingsOf({})).toThrow('If it runs with COUNTERSIGN_DATA_DIR, set the same here');
});
