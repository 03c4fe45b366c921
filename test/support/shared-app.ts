import { SECOND } from '@countersign/clock';
import { TestApp } from './test-app';
import { testServer } from './test-server';
import { useFixture } from './use-fixture';

/** How far a file may move the clock of an application that the next file takes over. */
const MAX_AHEAD_MS = 600 * SECOND;

interface Shared {
  /** Applications by the server that they run on. */
  readonly apps: Map<string, TestApp>;
  /** Whether the file that runs has used one: its sockets stay open. */
  isUsed: boolean;
  close(): Promise<void>;
}

/** Also for the runner and the global teardown, which load other copies of this module. */
const HOLDER = globalThis as { [key: symbol]: Shared | undefined };
const KEY = Symbol.for('countersign.shared-app');

const shared: Shared = (HOLDER[KEY] ??= {
  apps: new Map<string, TestApp>(),
  isUsed: false,
  close: async () => {
    const apps = [...shared.apps.values()];
    shared.apps.clear();
    await Promise.all(apps.map((app) => app.close()));
  },
});

/**
 * The application with default options that files of a worker share, with what earlier files left in its database: a start costs
 * some 0.4 s of CPU time. For files that make the people, applications and operators of which they speak, look at those only, and
 * move the clock by minutes at most. Its log begins anew with each file.
 */
export function useSharedApp(): TestApp {
  return useFixture(take, { close: giveBack, failure: 'the shared application did not start' });
}

async function take(): Promise<TestApp> {
  shared.isUsed = true;
  const { url } = testServer();
  const app = shared.apps.get(url) ?? (await TestApp.start());
  shared.apps.set(url, app);
  app.forgetLog();
  const secondsBehind = Math.floor((Date.now() - app.clock.now().getTime()) / SECOND);
  if (secondsBehind > 0) app.clock.advance(secondsBehind);
  return app;
}

async function giveBack(app: TestApp): Promise<void> {
  app.endConnections();
  const isModuleKept = process.env['KEEP_MODULES'] !== 'off';
  if (isModuleKept && app.clock.now().getTime() < Date.now() + MAX_AHEAD_MS) return;
  for (const [url, each] of shared.apps) if (each.database === app.database) shared.apps.delete(url);
  await app.close();
}
