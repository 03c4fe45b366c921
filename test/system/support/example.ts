import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { SMALL_CACHES } from '../../support/test-database';
import { freePort, readableFolder } from './program';

const REPOSITORY = join(__dirname, '../../..');

export interface Example {
  /** The first of its seven ports. */
  readonly port: number;
  /** What it printed: addresses, and a link for each person. */
  readonly output: string;
  /** Ctrl-C. @returns the exit code */
  interrupt(): Promise<number | null>;
}

/** What `npm run example` runs, with a folder for its data and ports of its own. */
export async function startExample(): Promise<Example> {
  const folder = await readableFolder();
  const port = await freeRow();
  const example = spawn(process.execPath, ['scripts/example.mjs', '--port', String(port)], {
    cwd: REPOSITORY,
    env: { ...process.env, ...SMALL_CACHES, PATIENCE: undefined, COUNTERSIGN_DATA_DIR: folder.path },
  });
  const ended = once(example, 'close') as Promise<[number | null]>;
  const interrupt = async (): Promise<number | null> => {
    example.kill('SIGINT');
    const [code] = await ended;
    await folder.remove();
    return code;
  };
  let output = '';
  const told = new Promise<void>((resolve) => {
    for (const stream of [example.stdout, example.stderr])
      stream.on('data', (text: Buffer) => {
        output += text.toString('utf8');
        if (output.includes('Ctrl-C ends everything.')) resolve();
      });
  });
  const failure = ended.then(() => Promise.reject(new Error(`it ended before it was up: ${output}`)));
  await Promise.race([told, failure]);
  failure.catch(() => undefined);
  return { port, output, interrupt };
}

/** Below those that are given out to clients, and far from the end. */
async function freeRow(): Promise<number> {
  return 10_000 + ((await freePort()) % 2_000) * 10;
}

export function linkOf(person: string, { output }: Example): string {
  const [, link] = new RegExp(`${person}:\\s+(http\\S+)`).exec(output) ?? [];
  if (link === undefined) throw new Error(`no link for ${person}: ${output}`);
  return link;
}

/** What telegram-web-app.js does that the page needs, with a note that the page has called it. */
export const TELEGRAM = `
  const initData = new URLSearchParams(location.hash.slice(1)).get('tgWebAppData') ?? '';
  const told = [];
  window.Telegram = { WebApp: { initData, told, ready: () => told.push('ready'), expand() {}, close: () => told.push('close') } };
`;

export async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isOpen;
}
