export interface FixtureOptions<T> {
  readonly close?: (made: T) => unknown;
  /** Made once for the enclosing block, or anew for each test in it. */
  readonly per?: 'block' | 'test';
  /** Says what failed, in the error that a use throws after `make` has failed. */
  readonly failure?: string;
  readonly timeoutMs?: number;
}

interface Stoppable {
  stop(): Promise<void>;
}

/** Fixtures that have been started, the latest last. */
const started: Stoppable[] = [];

/** What a use of a fixture throws after `make` has failed; the cause is the error of `make`. */
class FixtureFailedError extends Error {}

/**
 * Makes an object before the tests of the enclosing `describe` (or file) and closes it after them, also when a later
 * hook fails. The result can be named at once, but only be used in hooks and tests: there it is the object.
 * Fixtures are closed in the reverse of their order.
 */
export function useFixture<T extends object>(
  make: () => T | Promise<T>,
  { per = 'block', close, failure = 'a fixture could not be made', timeoutMs }: FixtureOptions<T> = {},
): T {
  const fixture = new Fixture(make, close, failure);
  const [before, after] = per === 'test' ? [beforeEach, afterEach] : [beforeAll, afterAll];
  before(() => fixture.start(), timeoutMs);
  after(() => closeBackTo(fixture), timeoutMs);
  return lateBound(() => fixture.value);
}

class Fixture<T extends object> implements Stoppable {
  private making: Promise<T> | undefined;
  private made: T | undefined;
  private error: unknown;

  constructor(
    private readonly make: () => T | Promise<T>,
    private readonly close: ((made: T) => unknown) | undefined,
    private readonly failure: string,
  ) {}

  get value(): T {
    if (this.made) return this.made;
    if (this.error) throw new FixtureFailedError(this.failure, { cause: this.error });
    throw new Error('a fixture can be used in hooks and tests only, after its start and before its end');
  }

  async start(): Promise<void> {
    started.push(this);
    this.error = undefined;
    this.making = (async () => this.make())();
    try {
      this.made = await this.making;
    } catch (error) {
      this.error = error;
      // The hook of the fixture that failed has reported it: once more would hide it.
      if (!(error instanceof FixtureFailedError)) throw error;
    }
  }

  /** Also after the hook's timeout: waits for what is being made. */
  async stop(): Promise<void> {
    const made = await this.making?.catch(() => undefined);
    this.making = this.made = undefined;
    if (made) await this.close?.(made);
  }
}

/** jest runs `afterAll` hooks in the order of their definition: the first one closes what was made after it. */
async function closeBackTo(fixture: Stoppable): Promise<void> {
  const place = started.indexOf(fixture);
  if (place < 0) return;
  const errors: unknown[] = [];
  for (const each of started.splice(place).reverse())
    await each.stop().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors);
}

function lateBound<T extends object>(read: () => T): T {
  return new Proxy({} as T, {
    get: (_, key) => {
      const value = read();
      const found: unknown = Reflect.get(value, key);
      return typeof found === 'function' ? (found.bind(value) as unknown) : found;
    },
    set: (_, key, value) => Reflect.set(read(), key, value),
    has: (_, key) => Reflect.has(read(), key),
    ownKeys: () => Reflect.ownKeys(read()),
    // The properties are none of the Proxy's target, for which only configurable ones may be reported.
    getOwnPropertyDescriptor: (_, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(read(), key);
      return descriptor && { ...descriptor, configurable: true };
    },
    getPrototypeOf: () => Reflect.getPrototypeOf(read()),
  });
}
