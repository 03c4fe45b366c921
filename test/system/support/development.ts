import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, readableFolder, startScript } from './program';

const REPOSITORY = join(__dirname, '../../..');

export interface Development {
  /** Where a browser finds it. */
  readonly address: string;
  /** Signs a developer in to the console, once. */
  readonly consoleLink: string;
  /** Runs `countersign` in another terminal. @returns what it prints as JSON */
  countersign<T>(words: string, input?: string): Promise<T>;
  stop(): Promise<void>;
}

/** What `npm start` runs, in a folder of its own: a private PostgreSQL, the demo application, the playground. */
export async function startDevelopment(environment: NodeJS.ProcessEnv = {}): Promise<Development> {
  const folder = await readableFolder();
  const [port, gatewayPort, adminPort] = [await freePort(), await freePort(), await freePort()];
  const { child, ended, output } = await startScript(
    ['scripts/start.mjs'],
    {
      ...process.env,
      PATIENCE: undefined,
      DATABASE_URL: undefined,
      NODE_ENV: 'development',
      COUNTERSIGN_DATA_DIR: folder.path,
      PORT: String(port),
      GATEWAY_PORT: String(gatewayPort),
      ADMIN_PORT: String(adminPort),
      ...environment,
    },
    '-- Data: ',
  );
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await folder.remove();
  };
  const countersign = async <T>(words: string, input = ''): Promise<T> => {
    const running = promisify(execFile)(
      process.execPath,
      ['scripts/countersign.mjs', ...words.split(' '), '--json'],
      {
        cwd: REPOSITORY,
        env: { ...process.env, COUNTERSIGN_DATA_DIR: folder.path, NODE_ENV: 'development', ...environment },
      },
    );
    running.child.stdin?.end(input);
    return JSON.parse((await running).stdout) as T;
  };
  return {
    address: `http://127.0.0.1:${port}`,
    consoleLink: /^Console +(\S+)/m.exec(output)?.[1] ?? '',
    countersign,
    stop,
  };
}
