import type { INestApplicationContext } from '@nestjs/common';
import type { FakeClock } from './fake-clock';
import { startWithoutHttp } from './start-nest';
import { productOptionsOf, type TestAppOptions } from './test-app';
import type { TestDatabase } from './test-database';

/**
 * The real application without routes and listeners, for tests of its start, its services and its jobs. It costs 130 ms of CPU
 * time, and `TestApp.start` 200.
 */
export class TestWorker {
  private constructor(
    readonly nest: INestApplicationContext,
    readonly logLines: readonly string[],
    readonly database: TestDatabase,
    readonly keys: string,
    readonly clock: FakeClock,
  ) {}

  /** @throws what stops the start */
  static async start(
    options: TestAppOptions & { readonly database: TestDatabase; readonly keys: string },
  ): Promise<TestWorker> {
    const { database, keys } = options;
    const product = productOptionsOf(database, options);
    const nest = await startWithoutHttp(product);
    return new TestWorker(nest, product.logLines, database, keys, product.clock);
  }

  close(): Promise<void> {
    return this.nest.close();
  }
}
