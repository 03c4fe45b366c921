import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { transformFileSync } from '@swc/core';
import type { PrivatePostgresOptions } from '../src/start-private-postgres';
import { scratchFolder } from './scratch';

type Wanted = Omit<PrivatePostgresOptions, 'log'>;

/** What a child process says about its start. */
interface ChildStart {
  readonly url?: string;
  readonly refusal?: { readonly name: string; readonly message: string };
}

export interface Child {
  readonly pid: number;
  readonly started: Promise<ChildStart>;
  /** Lets a child that was made with `isPaused` begin. */
  begin(): void;
  /** As `kill -9` does; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Stops the server and ends. */
  stop(): Promise<void>;
}

const PROGRAM = `
  const { startPrivatePostgres } = require('./index.js');
  process.stdin.once('data', async () => {
    try {
      const postgres = await startPrivatePostgres({ ...JSON.parse(process.argv[2]), log: () => {} });
      process.on('SIGTERM', () => postgres.stop().then(() => process.exit()));
      console.log(JSON.stringify({ url: postgres.url }));
    } catch ({ name, message }) {
      console.log(JSON.stringify({ refusal: { name, message } }));
      process.exit(1);
    }
  });
`;

const children: ChildProcess[] = [];
let library: string | undefined;

/**
 * For the end of a file: kills children that a failed test left, and unloads the library, whose folder is
 * removed then.
 */
export function killChildren(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  library = undefined;
}

/** Starts a private PostgreSQL from a process of its own. `modules`: a folder to look for packages in first. */
export function startInChild(
  wanted: Wanted,
  { modules = '', isPaused = false }: { modules?: string; isPaused?: boolean } = {},
): Child {
  library ??= compileLibrary();
  const child = spawn(process.execPath, [join(library, 'child.js'), JSON.stringify(wanted)], {
    cwd: '/',
    env: {
      PATH: process.env['PATH'],
      NODE_PATH: [modules, join(__dirname, '../../../node_modules')].join(delimiter),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const gone = once(child, 'exit');
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await gone;
  };
  const begin = (): void => void child.stdin.write('begin\n');
  const started = Promise.race([lineOf(child), silentEnd(child)]);
  // A child that is killed before its first line is no failure, unless a test waits for that line.
  started.catch(() => undefined);
  if (!isPaused) begin();
  return {
    pid: child.pid ?? 0,
    started,
    begin,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

async function lineOf(child: ChildProcess & { stdout: Readable }): Promise<ChildStart> {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return JSON.parse(line) as ChildStart;
}

async function silentEnd(child: ChildProcess): Promise<never> {
  await once(child, 'close');
  throw new Error('the child ended without a word');
}

/** The library as plain JavaScript, for processes without jest. */
export function compileLibrary(): string {
  const sources = join(__dirname, '../src');
  const compiled = join(scratchFolder(), 'library');
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  for (const name of files.filter((each) => each.endsWith('.ts') && !each.endsWith('.spec.ts'))) {
    const { code } = transformFileSync(join(sources, name), {
      swcrc: false,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    const output = join(compiled, name.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, code);
  }
  writeFileSync(join(compiled, 'child.js'), PROGRAM);
  return compiled;
}
