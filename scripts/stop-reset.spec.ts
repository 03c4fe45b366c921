import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { startFolder } = jest.requireActual<{
  startFolder(folder: string, start: string, prepareFolder: (folder: string) => void): string;
}>('./lib/data-folder.mjs');
const { stopOrReset } = jest.requireActual<{
  stopOrReset(words: readonly string[], folder: string, start: string, locks: object): Promise<number>;
}>('./lib/stop-reset.mjs');

const { env, getuid, platform } = process;
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'countersign-stop-')));
const data = join(scratch, '.countersign');
// Reading `process.stdin` would open it.
const stdin = Object.getOwnPropertyDescriptor(process, 'stdin');
const lines: string[] = [];
let service: ChildProcess;

const isAlive = (): boolean => service.exitCode === null && service.signalCode === null;
const locks = {
  holderOf: async () => (isAlive() ? service.pid : null),
  lockFolder: async () => () => undefined,
};
const run = (...words: readonly string[]): Promise<number> =>
  stopOrReset(words, data, 'npx countersign start', locks);

beforeEach(async () => {
  process.env = { ...env, NODE_ENV: 'development', HOME: scratch, COUNTERSIGN_DATA_DIR: '' };
  // Root has another default.
  delete process.getuid;
  startFolder(data, 'npx countersign start', (path) => void mkdirSync(path, { recursive: true }));
  service = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(service, 'spawn');
  writeFileSync(join(data, 'process-id'), String(service.pid));
  lines.length = 0;
  jest.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  Object.defineProperty(process, 'stdin', { value: { isTTY: false }, configurable: true });
});
afterEach(() => {
  jest.restoreAllMocks();
  service.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
  Object.assign(process, { env, getuid });
  Object.defineProperty(process, 'platform', { value: platform, configurable: true });
  if (stdin) Object.defineProperty(process, 'stdin', stdin);
});
afterAll(() => rmSync(scratch, { recursive: true }));

describe('stop', () => {
  it('ends the service of the folder, leaves its data, and says when no service runs', async () => {
    expect(await run('stop')).toBe(0);
    expect(service.signalCode).toBe('SIGTERM');
    expect(await run('stop')).toBe(0);

    expect(existsSync(data)).toBe(true);
    expect(lines).toEqual([
      `Countersign has stopped. Its data stays in ${data}.\n`,
      `Countersign is not running with the data in ${data}.\n`,
    ]);
  });

  it('leaves a process alone that has the lock and did not write its id into the folder', async () => {
    rmSync(join(data, 'process-id'));

    await expect(run('stop')).rejects.toThrow(`Process ${service.pid} uses ${data}, but`);
    expect(isAlive()).toBe(true);
  });

  it('leaves the service running on Windows, where a signal would end it without its database', async () => {
    Object.defineProperty(process, 'platform', { value: 'win32', configurable: true });

    await expect(run('stop')).rejects.toThrow('On Windows, press Ctrl-C where it runs.');
    expect(isAlive()).toBe(true);
  });
});

describe('reset', () => {
  it('ends the service and deletes its data with --yes', async () => {
    expect(await run('reset', '--yes')).toBe(0);

    expect(service.signalCode).toBe('SIGTERM');
    expect(existsSync(data)).toBe(false);
  });

  it('deletes nothing without a terminal that answers its question', async () => {
    await expect(run('reset')).rejects.toThrow('In a script, add --yes.');

    expect(isAlive()).toBe(true);
    expect(existsSync(data)).toBe(true);
  });
});

describe.each(['stop', 'reset'])('%s', (command) => {
  const options = command === 'reset' ? ['--yes'] : [];

  it.each([
    ['that no start has recorded', { COUNTERSIGN_DATA_DIR: scratch }, 'does not have'],
    ['that does not exist', { COUNTERSIGN_DATA_DIR: join(scratch, 'nothing') }, 'There is no data'],
    ['in production', { NODE_ENV: 'production' }, 'is for development'],
  ])('uses no folder %s', async (_, variables, sentence) => {
    Object.assign(process.env, variables);

    await expect(run(command, ...options)).rejects.toThrow(sentence);
    expect(isAlive()).toBe(true);
    expect(existsSync(data)).toBe(true);
  });
});
