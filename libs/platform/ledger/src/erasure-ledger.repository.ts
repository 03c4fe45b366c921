import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'pg';
import { Configuration } from '@countersign/config';

const TIMEOUT_MS = 5_000;
const BATCH = 1_000;
/** Two replicas may create the table at once. */
const LOCK = 4_221_771_947;

const TABLE = `
  SELECT pg_advisory_xact_lock(${LOCK});
  CREATE TABLE IF NOT EXISTS countersign_erasures (
    user_id uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL
  )`;

export class LedgerAwayError extends Error {
  override readonly name = 'LedgerAwayError';
}

/**
 * Erasures, remembered in a second PostgreSQL (`ERASURE_LEDGER`): a restored backup has erased accounts again. It holds ids of
 * accounts and instants, nothing else. Without the variable nothing is remembered.
 */
@Injectable()
export class ErasureLedger implements OnApplicationShutdown {
  private readonly pool: Pool | null;
  private prepared: Promise<unknown> | null = null;

  constructor(@Inject(Configuration) { erasureLedger, patience }: Configuration) {
    const limit = TIMEOUT_MS * patience;
    this.pool =
      erasureLedger === null
        ? null
        : new Pool({
            connectionString: erasureLedger,
            application_name: 'countersign-ledger',
            max: 2,
            idleTimeoutMillis: TIMEOUT_MS,
            connectionTimeoutMillis: limit,
            query_timeout: limit,
            statement_timeout: limit,
            allowExitOnIdle: true,
          });
    this.pool?.on('error', () => undefined);
  }

  get isStored(): boolean {
    return this.pool !== null;
  }

  /** Durable when it resolves. Repeated for known ids it changes nothing. @throws LedgerAwayError */
  async record(userIds: readonly string[], at: Date): Promise<void> {
    await this.run(
      `INSERT INTO countersign_erasures (user_id, erased_at) SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING`,
      [userIds, at],
    );
  }

  /** All ids, in batches. @throws LedgerAwayError */
  async *erased(): AsyncGenerator<readonly string[]> {
    let after: string | null = null;
    for (let size = BATCH; size === BATCH;) {
      const batch: readonly { id: string }[] = await this.run<{ id: string }>(
        `SELECT user_id AS id FROM countersign_erasures WHERE $1::uuid IS NULL OR user_id > $1
         ORDER BY user_id LIMIT ${BATCH}`,
        [after],
      );
      if (batch.length > 0) yield batch.map(({ id }) => id);
      size = batch.length;
      after = batch.at(-1)?.id ?? null;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.end();
  }

  private async run<Row extends object>(statement: string, parameters: readonly unknown[]): Promise<Row[]> {
    if (!this.pool) return [];
    try {
      this.prepared ??= this.pool.query(TABLE);
      await this.prepared;
      return (await this.pool.query<Row>(statement, [...parameters])).rows;
    } catch (error) {
      this.prepared = null;
      throw new LedgerAwayError('The ledger of erasures (ERASURE_LEDGER) cannot be used.', { cause: error });
    }
  }
}
