import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { patience } from '../runner/patience.cjs';
import { freePort, isRoot, listens } from '../system/support/program';

const { installServer, packServer } = jest.requireActual<{
  packServer(scratch: string): Promise<string>;
  installServer(folder: string, archive: string): string;
}>('../../scripts/lib/server-package.mjs');

/** `nobody` of Debian, where the tests run as root. */
const USER = isRoot ? { uid: 65_534, gid: 65_534 } : {};
const START_MS = 240_000 * patience;

interface Running {
  readonly child: ChildProcess;
  readonly output: string;
}

interface SignIn {
  readonly userId: string;
  readonly accessToken: string;
  readonly isNewUser: boolean;
}

let folder: string;
let environment: NodeJS.ProcessEnv;
let address: string;
const started: ChildProcess[] = [];

beforeAll(async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'countersign-package-'));
  chmodSync(scratch, 0o755);
  folder = join(scratch, 'empty');
  mkdirSync(folder);
  installServer(folder, await packServer(scratch));
  if (isRoot) chownSync(folder, 65_534, 65_534);
  const [port, gatewayPort, adminPort] = [await freePort(), await freePort(), await freePort()];
  address = `http://127.0.0.1:${port}`;
  environment = {
    PATH: process.env['PATH'],
    HOME: folder,
    PORT: String(port),
    GATEWAY_PORT: String(gatewayPort),
    ADMIN_PORT: String(adminPort),
    // Nothing may be fetched: what npm does not find here is an error.
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
  };
}, START_MS);

afterAll(() => {
  for (const { pid } of started) endGroup(pid, 'SIGKILL');
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

/** Runs a command of the package to its end, and answers what it printed, also where it fails. */
async function countersign(...words: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const options = { cwd: folder, env: environment, ...USER };
  return promisify(execFile)('npx', ['countersign', ...words], options).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );
}

/** Starts a command that goes on, and waits until it printed a text. */
async function start(words: readonly string[], until: string): Promise<Running> {
  const child = spawn('npx', ['countersign', ...words], {
    cwd: folder,
    env: environment,
    detached: true,
    ...USER,
  });
  started.push(child);
  let output = '';
  const printed = new Promise<boolean>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
        if (output.includes(until)) resolve(true);
      });
  });
  const ended = once(child, 'close').then(() => false);
  if (!(await Promise.race([printed, ended]))) throw new Error(`it ended: ${output}`);
  return { child, output };
}

const startService = (): Promise<Running> => start(['start'], 'initData');

/** Runs the printed line that signs the person of the demo in. */
async function signIn({ output }: Running): Promise<SignIn> {
  const [line = ''] = /^curl .*$/m.exec(output) ?? [];
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', line]);
  return JSON.parse(stdout) as SignIn;
}

/** As Ctrl-C does. */
function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function me(accessToken: string): Promise<Response> {
  return fetch(`${address}/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } });
}

describe('the package of the service, in an empty folder', () => {
  it(
    'starts, signs in, has its data after it was killed, stops, and deletes its data',
    async () => {
      const first = await startService();
      const before = await signIn(first);
      expect(before).toMatchObject({ isNewUser: true });
      expect(first.output).toContain(`Playground  ${address}/playground`);
      expect(first.output).toContain(`Data: ${join(folder, '.countersign')}`);
      expect((await fetch(`${address}/playground`)).status).toBe(200);
      const ready = (await (await fetch(`${address}/health/ready`)).json()) as object;
      expect(ready).toMatchObject({
        checks: expect.arrayContaining([expect.objectContaining({ name: 'custody', ok: true })]) as unknown,
      });
      const { stdout } = await countersign('application', 'list', '--json');
      expect(JSON.parse(stdout)).toMatchObject({ name: 'Demo' });
      expect((await countersign('doctor')).stdout).toContain('database');
      expect((await countersign('init', 'my-app')).stderr).toContain('npm run dev');
      const { dependencies } = JSON.parse(readFileSync(join(folder, 'my-app/package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      const archive = dependencies['@countersign/client']?.replace('file:', '') ?? '';
      expect(existsSync(join(folder, 'my-app', archive))).toBe(true);

      endGroup(first.child.pid, 'SIGKILL');
      await once(first.child, 'close');
      const second = await startService();

      expect((await me(before.accessToken)).status).toBe(200);
      expect(await signIn(second)).toMatchObject({ userId: before.userId, isNewUser: false });
      const ended = once(second.child, 'close');
      expect((await countersign('stop')).stderr).toBe(
        `Countersign has stopped. Its data stays in ${folder}/.countersign.\n`,
      );
      await ended;
      expect(await listens(Number(environment['PORT']))).toBe(false);
      expect((await countersign('reset', '--yes')).stderr).toContain('was deleted');
      expect(existsSync(join(folder, '.countersign'))).toBe(false);
    },
    START_MS,
  );

  it('sends no secret to an address in a folder that another person has prepared', async () => {
    const asked: (string | undefined)[] = [];
    const theirs = createServer(({ url }, response) => {
      asked.push(url);
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(theirs, 'listening');
    const { port } = theirs.address() as AddressInfo;
    const checkout = join(folder, 'checkout');
    mkdirSync(join(checkout, '.countersign'), { recursive: true });
    const principal = '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10:x';
    const operator = JSON.stringify({ url: `http://127.0.0.1:${port}`, principal });
    writeFileSync(join(checkout, '.countersign', 'operator.json'), operator);
    if (isRoot) for (const each of ['', '.countersign']) chownSync(join(checkout, each), 65_534, 65_534);
    const program = join(folder, 'node_modules/.bin/countersign');
    const words = ['application', 'list'];
    const run = (env: NodeJS.ProcessEnv) =>
      promisify(execFile)(program, words, { cwd: checkout, env, ...USER }).catch((error: unknown) => error);

    const refused = (await run(environment)) as { stderr: string };

    expect(refused.stderr).toContain(`${checkout}/.countersign is not used`);
    expect(asked).toEqual([]);
    const named = (await run({ ...environment, COUNTERSIGN_DATA_DIR: '.countersign' })) as { stderr: string };
    expect(named.stderr).toContain(`are sent to http://127.0.0.1:${port}.`);
    expect(asked).toEqual(['/v1/admin/token', '/v1/admin/applications?limit=100']);
    theirs.close();
  });

  it('refuses to start in production without a database, and makes none', async () => {
    const options = { cwd: folder, env: { ...environment, NODE_ENV: 'production' }, ...USER };
    const failure = (await promisify(execFile)('npx', ['countersign', 'start'], options).catch(
      (error: unknown) => error,
    )) as { stderr: string };

    expect(failure.stderr).toContain('DATABASE_URL is missing');
    expect(existsSync(join(folder, '.countersign'))).toBe(false);
  });

  it('contains its packages, without the one that reports installations', () => {
    const modules = join(folder, 'node_modules/countersign/node_modules');
    expect(readFileSync(join(modules, 'swagger-ui-dist/package.json'), 'utf8')).not.toContain('scarf/');
    expect(existsSync(join(modules, '@scarf'))).toBe(false);
  });

  it.each([
    ['countersign-custody', 'CUSTODY_DATABASE_URL is missing'],
    ['countersign-consent', 'CUSTODY_CONSENT_SOCKET is missing'],
  ])('has %s behind the link that npm makes', async (name, problem) => {
    const program = join(folder, 'node_modules/.bin', name);
    const options = { cwd: folder, env: environment, ...USER };
    const failure = (await promisify(execFile)(program, [], options).catch((error: unknown) => error)) as {
      stderr: string;
    };

    expect(failure.stderr).toContain(problem);
  });
});
