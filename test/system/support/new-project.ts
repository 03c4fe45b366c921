import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Example } from './example';
import { listens } from './program';

const CLONE = join(__dirname, '../../..');
/** Of the page and the service that `countersign init` writes. */
const PORTS = [5173, 8080];

/** A Mini App and a service by `countersign init`, installed and running against the example's Countersign. */
export async function startNewProject(example: Example) {
  const folder = join(await mkdtemp(join(tmpdir(), 'countersign-new-')), 'my-app');
  const [port, gatewayPort] = [3, 4].map((place) => String(example.port + place));
  const env = {
    ...process.env,
    ...{ NODE_ENV: 'development', DATABASE_URL: undefined, KEYS: undefined, KEYS_FILE: undefined },
    ...{ COUNTERSIGN_DATA_DIR: example.folder, PORT: port, GATEWAY_PORT: gatewayPort },
  };
  const run = promisify(execFile);
  const countersign = (...words: readonly string[]) =>
    run(process.execPath, [join(CLONE, 'scripts/countersign.mjs'), ...words], { env });
  await countersign('init', folder);
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder });
  await run(process.execPath, [join(folder, 'node_modules/typescript/bin/tsc')], { cwd: folder });
  const child = spawn('npm', ['run', 'dev'], { cwd: folder, detached: true, stdio: 'ignore' });
  while (!(await Promise.all(PORTS.map(listens))).every(Boolean))
    await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    page: `http://127.0.0.1:${PORTS[0]}`,
    countersign,
    async stop() {
      const ended = once(child, 'exit');
      process.kill(-(child.pid ?? 0), 'SIGTERM');
      await ended;
      await rm(join(folder, '..'), { recursive: true, force: true });
    },
  };
}
