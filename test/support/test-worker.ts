import type { INestApplicationContext } from '@nestjs/common';
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
  ) {}

  /** @throws what stops the start */
  static async start(
    options: TestAppOptions & { readonly database: TestDatabase; readonly keys: string },
  ): Promise<TestWorker> {
    const product = productOptionsOf(options.database, options);
    return new TestWorker(await startWithoutHttp(product), product.logLines);
  }

  close(): Promise<void> {
    return this.nest.close();
  }
}
