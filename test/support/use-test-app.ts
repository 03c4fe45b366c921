import { DatabaseLine } from './database-line';
import { TcpProxy } from './tcp-proxy';
import { TestApp, type ApplicationOptions, type Demo, type TestAppOptions } from './test-app';
import { createTestDatabase, type TestDatabase } from './test-database';
import { useFixture, type FixtureOptions } from './use-fixture';

/** @param options a function when they need other fixtures. */
export function useTestApp(
  options: TestAppOptions | (() => TestAppOptions | Promise<TestAppOptions>) = {},
): TestApp {
  return useFixture(async () => TestApp.start(typeof options === 'function' ? await options() : options), {
    close: (app) => app.close(),
    failure: 'the test application did not start',
  });
}

/** An application with one active Telegram bot. */
export function useApplication(app: TestApp, wanted?: ApplicationOptions): Demo {
  return useFixture(() => app.createApplication(wanted), {
    failure: 'the application of the test could not be created',
  });
}

/** The application with an OpenWeb3 bot of its own, beside what it has. */
export function useOpenWeb3Bot(app: TestApp, demo: Demo): Demo {
  return useFixture(() => app.addOpenWeb3Bot(demo), {
    failure: 'the OpenWeb3 bot of the test could not be added',
  });
}

/** Another process over the same database, as far as a test can tell. */
export function useReplica(app: TestApp): TestApp {
  return useFixture(() => app.startReplica(), {
    close: (replica) => replica.close(),
    failure: 'the replica did not start',
  });
}

/** A database that the application does not own. */
export function useTestDatabase(
  options: { readonly isEmpty?: boolean } = {},
  fixture: Pick<FixtureOptions<TestDatabase>, 'per'> = {},
): TestDatabase {
  return useFixture(() => createTestDatabase(options), {
    ...fixture,
    close: (database) => database.drop(),
    failure: 'the database of the test could not be created',
  });
}

/** A network between the application and a server, such as its database. */
export function useTcpProxy(url: () => string): TcpProxy {
  return useFixture(() => TcpProxy.start(url()), { close: (proxy) => proxy.cut() });
}

export function useDatabaseLine(database: TestDatabase): DatabaseLine {
  return useFixture(() => DatabaseLine.start(database), { close: (line) => line.cut() });
}
