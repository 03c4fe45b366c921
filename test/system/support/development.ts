import { SMALL_CACHES } from '../../support/test-database';
import { freePort, readableFolder, startScript } from './program';

export interface Development {
  /** Where a browser finds it. */
  readonly address: string;
  stop(): Promise<void>;
}

/** What `npm start` runs, in a folder of its own: a private PostgreSQL, the demo application, the playground. */
export async function startDevelopment(): Promise<Development> {
  const folder = await readableFolder();
  const [port, gatewayPort, adminPort] = [await freePort(), await freePort(), await freePort()];
  const { child, ended } = await startScript(
    ['scripts/start.mjs'],
    {
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
    '"listening"',
  );
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await folder.remove();
  };
  return { address: `http://127.0.0.1:${port}`, stop };
}
