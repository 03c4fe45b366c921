import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BrowserContext } from 'playwright-core';
import type { Example } from './example';
import { freePort, startServer, type Server } from './program';

const REPOSITORY = join(__dirname, '../../..');
const PAGE = 'docs/quick-start.md';
const MINI_APP = join(REPOSITORY, 'examples/mini-app');

export interface QuickStart {
  readonly server: Server;
  /** What `link.js` prints: the page's address, with init data of a made-up person. */
  readonly link: string;
}

/**
 * Serves the page that docs/quick-start.md has its readers type, as it tells them to, with what the Mini App has installed.
 * Requests to the Mini App's address get there, which is what a tunnel does.
 */
export async function serveQuickStart(example: Example, context: BrowserContext): Promise<QuickStart> {
  const text = await readFile(join(REPOSITORY, PAGE), 'utf8');
  const [, applicationId = ''] = /Application: (\S+)/.exec(example.output) ?? [];
  // Emptied by the next build.
  const folder = join(MINI_APP, 'dist/quick-start');
  await mkdir(folder, { recursive: true });
  for (const name of ['index.html', 'vite.config.js', 'main.jsx', 'link.js'])
    await writeFile(
      join(folder, name),
      fileOf(text, name)
        .replace('http://127.0.0.1:3000', `http://127.0.0.1:${example.port + 3}`)
        .replace('http://127.0.0.1:5173', `http://127.0.0.1:${example.port}`)
        .replace(/(?<=applicationId: ')[^']+/, applicationId),
    );
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'link.js')]);
  const port = await freePort();
  const vite = join(MINI_APP, 'node_modules/vite/bin/vite.js');
  const server = await startServer(
    process.execPath,
    [vite, folder, '--port', String(port), '--strictPort'],
    port,
  );
  const origin = `http://127.0.0.1:${example.port}`;
  await context.route(`${origin}/**`, async (route) => {
    const { pathname, search } = new URL(route.request().url());
    await route.fulfill({
      response: await route.fetch({ url: `http://127.0.0.1:${port}${pathname}${search}` }),
    });
  });
  return { server, link: stdout.trim() };
}

/** The first block of code after the first mention of the file. */
function fileOf(text: string, name: string): string {
  const [, block] = /^```\w+\n([^]*?)^```$/m.exec(text.slice(text.indexOf(`\n\`${name}\``))) ?? [];
  if (block === undefined) throw new Error(`${PAGE} has no ${name}`);
  return block;
}
