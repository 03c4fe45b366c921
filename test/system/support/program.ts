import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
export { freePort } from '@countersign/private-postgres';
import { patience } from '../../runner/patience.cjs';

const REPOSITORY = join(__dirname, '../../..');
/** Debian keeps servers in folders that only root has on the PATH. */
const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };

/** In characters. */
const MAX_OUTPUT = 20_000;

export const isRoot = process.getuid?.() === 0;

/** Runs a program to its end. */
export async function run(
  program: string,
  options: readonly string[],
  timeout: number,
): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(program, options, { env: environment, timeout, maxBuffer: 2 ** 26 });
}

export interface RunningScript {
  readonly child: ChildProcess;
  /** Its exit code, once its output has ended too. */
  readonly ended: Promise<number | null>;
  /** What it had written when it was ready. */
  readonly output: string;
}

/**
 * Starts a script of the repository, and waits until its output has a text.
 * @throws Error with the output when it ends before
 */
export async function startScript(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  text: string,
): Promise<RunningScript> {
  const child = spawn(process.execPath, words, { cwd: REPOSITORY, env });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  let output = '';
  const isReady = new Promise<boolean>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString('utf8')).slice(-MAX_OUTPUT);
        if (output.includes(text)) resolve(true);
      });
  });
  if (!(await Promise.race([isReady, ended.then(() => false)])))
    throw new Error(`${words.join(' ')} ended before "${text}": ${output}`);
  return { child, ended, output };
}

/** A folder that the user a server changes to may read; `remove` deletes it. */
export async function readableFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'countersign-system-'));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export interface Server {
  stop(): Promise<void>;
}

/** Keeps the server until its own input ends: then we are done, or gone without a word. */
const WHILE_WE_LIVE = '"$@" & read -r _; kill -9 $!; wait';
const POLL_MS = 50;
const PATIENCE_MS = 10_000 * patience;

/** Starts a server and waits until it listens. */
export async function startServer(
  program: string,
  options: readonly string[],
  port: number,
): Promise<Server> {
  const server = spawn('/bin/sh', ['-c', WHILE_WE_LIVE, 'sh', program, ...options], { env: environment });
  let output = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (text: Buffer) => (output += text.toString('utf8')));
  const stop = async (): Promise<void> => {
    server.stdin.end();
    if (server.exitCode === null) await once(server, 'exit');
  };
  for (const deadline = performance.now() + PATIENCE_MS; !(await listens(port)); await sleep(POLL_MS)) {
    if (performance.now() < deadline) continue;
    await stop();
    throw new Error(`${program} does not listen: ${output}`);
  }
  return { stop };
}

/** Whether a program accepts connections on the port. */
export async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
