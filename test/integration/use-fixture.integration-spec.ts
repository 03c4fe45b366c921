import { WrongKeyError } from '@countersign/keys';
import { FakeClock } from '../support/fake-clock';
import { asAdministrator } from '../support/administrator';
import type { TestDatabase } from '../support/test-database';
import { TestApp } from '../support/test-app';
import { useApplication, useReplica, useTestApp, useTestDatabase } from '../support/use-test-app';
import { useFixture } from '../support/use-fixture';
import { until } from '../support/until';

type Hook = () => Promise<void>;

/** Runs as jest does: every `beforeAll` in its order, after a failure too, then every `afterAll` in its order. */
async function inHooks(
  define: () => () => Promise<void> | void,
): Promise<{ readonly errors: readonly unknown[] }> {
  const hooks: Record<'before' | 'after', Hook[]> = { before: [], after: [] };
  const spies = [
    jest.spyOn(globalThis, 'beforeAll').mockImplementation((hook) => hooks.before.push(hook as Hook)),
    jest.spyOn(globalThis, 'afterAll').mockImplementation((hook) => hooks.after.push(hook as Hook)),
  ];
  const errors: unknown[] = [];
  const run = (hook: () => Promise<void> | void) =>
    Promise.resolve()
      .then(hook)
      .catch((error: unknown) => errors.push(error));
  const test = define();
  for (const spy of spies) spy.mockRestore();
  for (const hook of [...hooks.before, test, ...hooks.after]) await run(hook);
  return { errors };
}

describe('a fixture', () => {
  class Counter {
    #count = 0;

    constructor(readonly name = 'a counter') {}

    get count(): number {
      return this.#count;
    }

    add(): void {
      this.#count += 1;
    }
  }

  it('is the object, for its getters, methods, spreads and comparisons', async () => {
    const { errors } = await inHooks(() => {
      const plain = useFixture<{ one: number; two?: number }>(() => ({ one: 1 }));
      const counter = useFixture(() => new Counter());
      return () => {
        counter.add();
        plain.two = 2;
        expect(counter.count).toBe(1);
        expect(counter).toBeInstanceOf(Counter);
        expect({ ...plain }).toStrictEqual({ one: 1, two: 2 });
        expect(plain).toEqual({ one: 1, two: 2 });
        expect(plain).not.toEqual({ one: 1, two: 3 });
        expect('two' in plain).toBe(true);
        expect('three' in plain).toBe(false);
        expect(Object.keys(counter)).toEqual(['name']);
      };
    });

    expect(errors).toEqual([]);
  });

  it('cannot be used before it is made', async () => {
    await inHooks(() => {
      const counter = useFixture(() => new Counter());
      expect(() => counter.count).toThrow('in hooks and tests only');
      return () => undefined;
    });
  });

  it('is closed before what was made earlier, each once, also when closing fails', async () => {
    const closed: string[] = [];
    const close = (counter: Counter) => {
      closed.push(counter.name);
      if (counter.name === 'second') throw new Error('it cannot be closed');
    };

    const { errors } = await inHooks(() => {
      for (const name of ['first', 'second', 'third']) useFixture(() => new Counter(name), { close });
      return () => expect(closed).toEqual([]);
    });

    expect(closed).toEqual(['third', 'second', 'first']);
    expect(errors).toEqual([new Error('it cannot be closed')]);
  });

  it('that cannot be made is reported once, and is the cause wherever it is used', async () => {
    const cause = new Error('the disk is full');
    const uses: unknown[] = [];
    let areTestsRun = false;

    const { errors } = await inHooks(() => {
      const broken = useFixture((): Promise<Counter> => Promise.reject(cause), { failure: 'no counter' });
      const dependent = useFixture(() => new Counter(broken.name), { failure: 'no dependent' });
      return () => {
        areTestsRun = true;
        for (const use of [() => broken.count, () => dependent.count])
          try {
            use();
          } catch (error) {
            uses.push(error);
          }
      };
    });

    expect(areTestsRun).toBe(true);
    expect(errors).toEqual([cause]);
    expect(uses).toEqual([
      expect.objectContaining({ message: 'no counter', cause }),
      expect.objectContaining({
        message: 'no dependent',
        cause: expect.objectContaining({ message: 'no counter', cause }),
      }),
    ]);
  });

  it('that was still being made when its hook timed out is closed all the same', async () => {
    let closed = 0;
    let finish: (counter: Counter) => void = () => undefined;
    const hooks: Hook[] = [];
    const spies = (['beforeAll', 'afterAll'] as const).map((name) =>
      jest.spyOn(globalThis, name).mockImplementation((hook) => hooks.push(hook as Hook)),
    );
    useFixture(() => new Promise<Counter>((resolve) => (finish = resolve)), { close: () => (closed += 1) });
    for (const spy of spies) spy.mockRestore();

    const [starting, closing] = hooks.map((hook) => hook());
    finish(new Counter());
    await Promise.all([starting, closing]);

    expect(closed).toBe(1);
  });
});

describe('the test application', () => {
  const outer = useTestApp();
  const demo = useApplication(outer);

  it('that does not start says why, and leaves no database', async () => {
    const before = await namesOfDatabases();

    const { errors } = await inHooks(() => {
      const app = useTestApp({ environment: { PUBLIC_URL: 'no URL' } });
      const never = useApplication(app);
      return () => expect(() => never.botId).toThrow('the application of the test could not be created');
    });

    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('PUBLIC_URL') })]);
    expect(await namesOfDatabases()).toEqual(before);
  });

  it.each([
    ['in its modules', () => new StoppedClock(0)],
    ['at its bootstrap', () => new StoppedClock(1)],
  ])('that fails half way, %s, leaves no database', async (_, aClock) => {
    const before = await namesOfDatabases();

    await expect(TestApp.start({ clock: aClock() })).rejects.toThrow('the clock has stopped');

    expect(await namesOfDatabases()).toEqual(before);
  });

  it('that fails half way leaves no connection to a database that it does not own', async () => {
    const { database } = outer;
    const before = await connectionsTo(database);

    await expect(TestApp.start({ database })).rejects.toThrow(WrongKeyError);

    await until(async () => (await connectionsTo(database)) <= before);
  });

  it('is closed when its application cannot be created', async () => {
    const before = await namesOfDatabases();

    const { errors } = await inHooks(() => {
      const app = useTestApp();
      useApplication(app, { settings: { unknown: true } });
      return () => undefined;
    });

    expect(errors).toEqual([expect.objectContaining({ code: 'request.unknown_field' })]);
    expect(await namesOfDatabases()).toEqual(before);
  });

  describe('beside another', () => {
    const database = useTestDatabase();
    const app = useTestApp(() => ({ database }));
    const replica = useReplica(app);
    const other = useApplication(app);

    it('has a database of its own, which its replicas share', async () => {
      const session = await replica.signIn(other);

      expect((await app.getMe(session.accessToken)).status).toBe(200);
      expect((await outer.getMe(session.accessToken)).status).toBe(401);
      expect((await outer.getMe((await outer.signIn(demo)).accessToken)).status).toBe(200);
      expect(replica.database.name).toBe(database.name);
      expect(outer.database.name).not.toBe(database.name);
    });
  });
});

/** Works for a number of calls. */
class StoppedClock extends FakeClock {
  constructor(private remaining: number) {
    super();
  }

  override now(): Date {
    this.remaining -= 1;
    if (this.remaining < 0) throw new Error('the clock has stopped');
    return super.now();
  }
}

/** Of the service. */
async function connectionsTo(database: TestDatabase): Promise<number> {
  const rows = await database.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'countersign%'`,
  );
  return rows.length;
}

/** Of this worker: others create and drop theirs at the same time. */
async function namesOfDatabases(): Promise<readonly string[]> {
  const { rows } = await asAdministrator((client) =>
    client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1) ORDER BY datname',
      [`countersign_test_${process.env['JEST_WORKER_ID'] ?? '0'}_`],
    ),
  );
  return rows.map(({ datname }) => datname);
}
