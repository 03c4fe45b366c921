import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { SMALL_CACHES } from '../../support/test-database';
import { freePort, readableFolder } from './program';

export interface Development {
  /** Where a browser finds it. */
  readonly address: string;
  stop(): Promise<void>;
}

/** What `npm start` runs, in a folder of its own: a private PostgreSQL, the demo application, the playground. */
export async function startDevelopment(): Promise<Development> {
  const folder = await readableFolder();
  const [port, gatewayPort, adminPort] = [await freePort(), await freePort(), await freePort()];
  const service = spawn(process.execPath, ['scripts/start.mjs'], {
    cwd: join(__dirname, '../../..'),
    env: {
      ...process.env,
      PATIENCE: undefined,
      DATABASE_URL: undefined,
      ...SMALL_CACHES,
      NODE_ENV: 'development',
      COUNTERSIGN_DATA_DIR: folder.path,
      PORT: String(port),
      GATEWAY_PORT: String(gatewayPort),
      ADMIN_PORT: String(adminPort),
    },
  });
  const ended = once(service, 'close');
  const stop = async (): Promise<void> => {
    service.kill('SIGTERM');
    await ended;
    await folder.remove();
  };
  let output = '';
  const listening = new Promise<void>((resolve) => {
    for (const stream of [service.stdout, service.stderr])
      stream.on('data', (text: Buffer) => {
        output += text.toString('utf8');
        if (output.includes('"listening"')) resolve();
      });
  });
  const failure = ended.then(() => Promise.reject(new Error(`it ended before it listened: ${output}`)));
  await Promise.race([listening, failure]);
  failure.catch(() => undefined);
  return { address: `http://127.0.0.1:${port}`, stop };
}
