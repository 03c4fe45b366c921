import { Pool } from 'pg';
import { ErasureLedger, type LedgerEntry, type LedgerMark, type LedgerRequest } from './erasure-ledger';

const TIMEOUT_MS = 5_000;
const BATCH = 1_000;

const TABLES = [
  `CREATE TABLE IF NOT EXISTS countersign_ledger_mark (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    lineage uuid NOT NULL,
    mark bigint NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS countersign_ledger_erasures (
    user_id uuid PRIMARY KEY,
    intended_at timestamptz NOT NULL,
    done_at timestamptz
  )`,
  `CREATE TABLE IF NOT EXISTS countersign_ledger_requests (
    user_id uuid PRIMARY KEY,
    kind text NOT NULL,
    reason text NOT NULL,
    assurance text,
    requested_at timestamptz NOT NULL,
    erase_at timestamptz NOT NULL,
    cancelled_at timestamptz
  )`,
];

/** Two replicas may create the tables at once. */
const LOCK = 4_221_771_947;

/** A PostgreSQL of another cluster. It makes its tables itself. */
export class PostgresLedger extends ErasureLedger {
  override readonly isStored = true;
  private readonly pool: Pool;
  private prepared: Promise<void> | null = null;

  /** @param patience multiplies the time limits */
  constructor(url: string, patience = 1) {
    super();
    const limit = TIMEOUT_MS * patience;
    this.pool = new Pool({
      connectionString: url,
      application_name: 'countersign-ledger',
      max: 2,
      idleTimeoutMillis: TIMEOUT_MS,
      connectionTimeoutMillis: limit,
      query_timeout: limit,
      statement_timeout: limit,
      allowExitOnIdle: true,
    });
    this.pool.on('error', () => undefined);
  }

  override async readMark(): Promise<LedgerMark | null> {
    const [row] = await this.run<{ lineage: string; mark: string }>(
      'SELECT lineage, mark FROM countersign_ledger_mark',
    );
    return row ? { lineage: row.lineage, mark: Number(row.mark) } : null;
  }

  override async writeMark({ lineage, mark }: LedgerMark): Promise<void> {
    await this.run(
      `INSERT INTO countersign_ledger_mark (lineage, mark) VALUES ($1, $2)
       ON CONFLICT (is_only) DO UPDATE SET lineage = excluded.lineage,
         mark = CASE WHEN countersign_ledger_mark.lineage = excluded.lineage
           THEN GREATEST(countersign_ledger_mark.mark, excluded.mark) ELSE excluded.mark END`,
      [lineage, mark],
    );
  }

  override async intend(userIds: readonly string[], at: Date): Promise<void> {
    await this.run(
      `INSERT INTO countersign_ledger_erasures (user_id, intended_at)
       SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING`,
      [userIds, at],
    );
  }

  override async finish(userIds: readonly string[], at: Date): Promise<void> {
    await this.run(
      `UPDATE countersign_ledger_erasures SET done_at = COALESCE(done_at, $2) WHERE user_id = ANY($1::uuid[])`,
      [userIds, at],
    );
  }

  override async request(requests: readonly Omit<LedgerRequest, 'cancelledAt'>[]): Promise<void> {
    for (const { userId, kind, reason, assurance, requestedAt, eraseAt } of requests)
      await this.run(
        `INSERT INTO countersign_ledger_requests AS known (user_id, kind, reason, assurance, requested_at, erase_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (user_id) DO UPDATE SET kind = excluded.kind, reason = excluded.reason,
           assurance = excluded.assurance, requested_at = excluded.requested_at, erase_at = excluded.erase_at
         WHERE known.requested_at <= excluded.requested_at`,
        [userId, kind, reason, assurance, requestedAt, eraseAt],
      );
  }

  override async cancel(userIds: readonly string[], at: Date): Promise<void> {
    await this.run(
      `UPDATE countersign_ledger_requests SET cancelled_at = GREATEST(cancelled_at, $2)
       WHERE user_id = ANY($1::uuid[])`,
      [userIds, at],
    );
  }

  override async *requests(): AsyncGenerator<readonly LedgerRequest[]> {
    let after: string | null = null;
    for (let size = BATCH; size === BATCH;) {
      const batch: readonly LedgerRequest[] = await this.run<LedgerRequest>(
        `SELECT user_id AS "userId", kind, reason, assurance, requested_at AS "requestedAt", erase_at AS "eraseAt",
           cancelled_at AS "cancelledAt"
         FROM countersign_ledger_requests WHERE $1::uuid IS NULL OR user_id > $1 ORDER BY user_id LIMIT $2`,
        [after, BATCH],
      );
      if (batch.length > 0) yield batch;
      size = batch.length;
      after = batch.at(-1)?.userId ?? null;
    }
  }

  override async *entries(): AsyncGenerator<readonly LedgerEntry[]> {
    let after: string | null = null;
    for (let size = BATCH; size === BATCH;) {
      const batch: readonly LedgerEntry[] = await this.run<LedgerEntry>(
        `SELECT user_id AS "userId", intended_at AS "intendedAt", done_at AS "doneAt"
         FROM countersign_ledger_erasures WHERE $1::uuid IS NULL OR user_id > $1 ORDER BY user_id LIMIT $2`,
        [after, BATCH],
      );
      if (batch.length > 0) yield batch;
      size = batch.length;
      after = batch.at(-1)?.userId ?? null;
    }
  }

  override async clusterId(): Promise<string | null> {
    const [row] = await this.run<{ id: string }>(
      'SELECT system_identifier::text AS id FROM pg_control_system()',
    ).catch(() => []);
    return row?.id ?? null;
  }

  override async close(): Promise<void> {
    await this.pool.end();
  }

  private async run<Row extends object>(
    statement: string,
    parameters: readonly unknown[] = [],
  ): Promise<Row[]> {
    this.prepared ??= this.prepare();
    try {
      await this.prepared;
    } catch (error) {
      this.prepared = null;
      throw error;
    }
    return (await this.pool.query<Row>(statement, [...parameters])).rows;
  }

  /** Statements in one string are one transaction, which a failure rolls back. */
  private async prepare(): Promise<void> {
    await this.pool.query([`SELECT pg_advisory_xact_lock(${LOCK})`, ...TABLES].join(';'));
  }
}
