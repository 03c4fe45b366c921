import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Lib {
  assertFreePorts(env: object, command: string): Promise<void>;
  dataFolder(folder: string, start: string): string;
  startFolder(folder: string, start: string, prepareFolder: (folder: string) => void): string;
  readDataDir(): void;
  contentHash(folder: string, paths: readonly string[]): string;
  withPrivateSettings(env: object, folder: string, words: readonly string[], start: string): object;
}

const { dataFolder, readDataDir, startFolder } = jest.requireActual<Lib>('./lib/data-folder.mjs');
const { assertFreePorts } = jest.requireActual<Lib>('./lib/free-ports.mjs');
const { contentHash } = jest.requireActual<Lib>('./lib/content-hash.mjs');
const { withPrivateSettings } = jest.requireActual<Lib>('./lib/private-settings.mjs');

const folder = mkdtempSync(join(tmpdir(), 'countersign-setup-'));
afterAll(() => rmSync(folder, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('a data folder', () => {
  const { env, argv, getuid } = process;
  let home: string;
  let data: string;

  beforeEach(() => {
    const root = realpathSync(mkdtempSync(join(folder, 'root-')));
    [home, data] = [join(root, 'home'), join(root, 'checkout', '.countersign')];
    mkdirSync(dirname(data));
    process.env = { ...env, NODE_ENV: 'development', HOME: home, COUNTERSIGN_DATA_DIR: '' };
    // Root has another default.
    delete process.getuid;
  });
  afterEach(() => Object.assign(process, { env, argv, getuid }));

  const start = (): string =>
    startFolder(data, 'npm start', (path) => void mkdirSync(path, { recursive: true }));
  const command = (): string => dataFolder(data, 'npm start');

  it('is used by commands once a start has recorded it, privately and by one line', () => {
    expect([start(), start(), command()]).toEqual([data, data, data]);

    const record = join(home, '.config/countersign/data-folders');
    expect(readFileSync(record, 'utf8').split('\n')).toHaveLength(2);
    expect(statSync(record).mode & 0o777).toBe(0o600);
  });

  it('is not used by a command or a start where another person has prepared it', () => {
    start();
    const prepared = join(dirname(dirname(data)), 'another', '.countersign');
    cpSync(data, prepared, { recursive: true });
    data = prepared;

    for (const use of [start, command])
      expect(use).toThrow(`run "COUNTERSIGN_DATA_DIR=${prepared} npm start" once`);
  });

  it.each([
    ['another folder', () => mkdirSync(data)],
    ['its copy', () => cpSync(`${data}-away`, data, { recursive: true })],
    ['a link to another folder', () => symlinkSync(mkdtempSync(join(folder, 'theirs-')), data)],
  ])('is not used where %s replaces it', (_, replace) => {
    start();
    renameSync(data, `${data}-away`);
    replace();

    expect(command).toThrow('is not used');
  });

  it('is used by a link to it', () => {
    const link = join(home, 'link');
    start();
    symlinkSync(data, link);

    expect(dataFolder(link, 'npm start')).toBe(link);
  });

  it('that is named is used without a record, and a start records it where it is the default', () => {
    mkdirSync(data);
    const named = join(folder, 'named');
    process.env['COUNTERSIGN_DATA_DIR'] = named;
    expect([start(), command()]).toEqual([named, named]);
    process.env['COUNTERSIGN_DATA_DIR'] = data;
    start();
    process.env['COUNTERSIGN_DATA_DIR'] = '';

    expect(command()).toBe(data);
  });

  it('is not used by the record of another user', () => {
    start();
    process.getuid = () => 4_711;

    expect(command).toThrow('is not used');
  });

  it.each([
    ['', 'HOME must be an absolute path'],
    ['.', 'HOME must be an absolute path'],
    ['/dev/null', 'cannot be written (ENOTDIR)'],
  ])('is not made by a start that cannot record it, with HOME=%s', (given, sentence) => {
    process.env['HOME'] = given;
    expect(start).toThrow(sentence);
    expect(existsSync(data)).toBe(false);
    process.env['COUNTERSIGN_DATA_DIR'] = data;

    expect(start()).toBe(data);
  });

  it.each([
    [['--data-dir', 'd', 'bot', 'list']],
    [['bot', '--data-dir=d', 'list']],
    [['bot', 'list', '--data-dir', 'd']],
  ])('is named by an option: %j', (words) => {
    process.argv = ['node', 'countersign', ...words];
    readDataDir();

    expect(process.argv).toEqual(['node', 'countersign', 'bot', 'list']);
    expect(process.env['COUNTERSIGN_DATA_DIR']).toBe('d');
  });

  it.each([
    [['--data-dir'], {}, 'needs a folder'],
    [['--data-dir='], {}, 'needs a folder'],
    [['--data-dir', 'd'], { NODE_ENV: 'production' }, 'is for development'],
  ])('is not named by %j in %j', (words, more, sentence) => {
    process.argv = ['node', 'countersign', ...words];
    Object.assign(process.env, more);

    expect(readDataDir).toThrow(sentence);
  });
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
  expect(() => withPrivateSettings({}, folder, ['ledger', 'list'], 'npm start')).toThrow('private database');
  expect(() => settingsOf({})).toThrow('run "npm start" first');
  expect(() => settingsOf({})).toThrow('If it runs with COUNTERSIGN_DATA_DIR, set the same here');
});
