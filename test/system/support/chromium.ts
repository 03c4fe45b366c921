import { isRoot, readableFolder, run } from './program';

const LIMIT_MS = 60_000;
/** What a page gets to load and draw itself, in its own time. */
const PAGE_BUDGET_MS = 15_000;

export interface Page {
  /** The document after its scripts have run. */
  readonly dom: string;
  /** What scripts and the browser wrote to the console. */
  readonly console: readonly string[];
}

/** Opens a page in a browser that reaches nothing but this machine. */
export async function openPage(url: string): Promise<Page> {
  const profile = await readableFolder();
  try {
    const { stdout, stderr } = await run(
      'chromium',
      [
        '--headless',
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-background-networking',
        '--no-first-run',
        '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
        `--user-data-dir=${profile.path}`,
        `--virtual-time-budget=${PAGE_BUDGET_MS}`,
        '--enable-logging=stderr',
        '--dump-dom',
        url,
      ],
      LIMIT_MS,
    );
    return { dom: stdout, console: stderr.split('\n').filter((line) => line.includes(':CONSOLE')) };
  } finally {
    await profile.remove();
  }
}
