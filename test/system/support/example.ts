import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, readableFolder, startScript } from './program';

export interface Example {
  /** The first of its eight ports. */
  readonly port: number;
  /** Of its data. */
  readonly folder: string;
  /** What only the server of its game has. */
  readonly game: { readonly boardId: string; readonly clientSecret: string };
  /** What it printed: addresses, and a link for each person. */
  readonly output: string;
  /** Ctrl-C. @returns the exit code */
  interrupt(): Promise<number | null>;
}

/** What `npm run example` runs, with a folder for its data and ports of its own. */
export async function startExample(): Promise<Example> {
  const folder = await readableFolder();
  const port = await freeRow();
  const { child, ended, output } = await startScript(
    ['scripts/example.mjs', '--port', String(port)],
    {
      ...process.env,
      PATIENCE: undefined,
      COUNTERSIGN_DATA_DIR: folder.path,
    },
    'Press Ctrl-C to stop everything.',
  );
  const game = JSON.parse(await readFile(join(folder.path, 'example-game.json'), 'utf8')) as Example['game'];
  const interrupt = async (): Promise<number | null> => {
    child.kill('SIGINT');
    const code = await ended;
    await folder.remove();
    return code;
  };
  return { port, folder: folder.path, output, game, interrupt };
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

/** Stands for telegram-web-app.js, and records which functions the page has called. */
export const TELEGRAM = `
  const initData = new URLSearchParams(location.hash.slice(1)).get('tgWebAppData') ?? '';
  const calls = [];
  window.Telegram = { WebApp: { initData, calls, ready: () => calls.push('ready'), expand() {}, close: () => calls.push('close') } };
`;
