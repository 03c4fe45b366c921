import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Database, firstRow, KeyChecks, MIGRATE_COMMAND, Schema } from '@countersign/database';

export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Shorter than the two seconds within which an orchestrator is told that the database is away. */
const CHECK_TIMEOUT_MS = 1_500;
const MOST_SKEW_MS = 5_000;

/** Answers whether this replica can serve. */
@Injectable()
export class HealthService {
  private areKeysVerified = false;

  constructor(
    private readonly database: Database,
    private readonly schema: Schema,
    private readonly keyChecks: KeyChecks,
    private readonly clock: Clock,
  ) {}

  async readiness(): Promise<readonly HealthCheck[]> {
    const database = await this.check('database', 'cannot be reached', () => this.checkClock());
    if (!database.ok) return [database];
    const schema = await this.check('schema', 'cannot be read', () => this.checkSchema());
    if (!schema.ok) return [database, schema];
    return [
      database,
      schema,
      await this.check('keys', 'do not belong to this database', () => this.checkKeys()),
    ];
  }

  private async check(
    name: string,
    failure: string,
    work: () => Promise<string | null>,
  ): Promise<HealthCheck> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<string>((resolve) => {
      timer = setTimeout(() => {
        resolve('does not answer');
      }, CHECK_TIMEOUT_MS);
    });
    try {
      const problem = await Promise.race([work(), timeout]);
      return { name, ok: problem === null, detail: problem ?? 'ok' };
    } catch {
      return { name, ok: false, detail: failure };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Deadlines are compared with instants of other replicas: a clock that is off would end or revive sessions. */
  private async checkClock(): Promise<string | null> {
    const answer = await this.database.read((manager) =>
      firstRow<{ now: Date }>(manager, 'SELECT clock_timestamp() AS now'),
    );
    const skew = Math.abs((answer?.now.getTime() ?? 0) - this.clock.now().getTime());
    return skew > MOST_SKEW_MS
      ? `differs by ${Math.round(skew / 1_000)} s from the clock of this machine`
      : null;
  }

  private async checkSchema(): Promise<string | null> {
    const missing = await this.schema.missing();
    return missing.length > 0 ? `is ${missing.length} migration(s) behind: run ${MIGRATE_COMMAND}` : null;
  }

  private async checkKeys(): Promise<null> {
    if (!this.areKeysVerified) await this.keyChecks.verify();
    this.areKeysVerified = true;
    return null;
  }
}
