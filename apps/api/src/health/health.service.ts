import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { LedgerComparison } from '@countersign/account';
import { Configuration, SideTasks } from '@countersign/runtime';
import { AgreedClock, Database, GivesHealthHint, MIGRATE_COMMAND, Schema } from '@countersign/database';
import { RingCheck, WrongKeyError } from '@countersign/keys';

interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** The time for all checks. The probe of an orchestrator waits two seconds, so it gets the details. */
const TIMEOUT_MS = 1_500;
const WRONG_KEYS = 'do not belong to this database';

interface Check {
  readonly name: string;
  /** Returns the problem, or null. A check without `run` never fails: a replica can still answer requests. */
  readonly run?: () => Promise<string | null>;
  readonly hint?: () => Promise<string | null>;
}

@Injectable()
export class HealthService {
  private areKeysVerified = false;

  /** Each check needs the checks before it. */
  private readonly checks: readonly Check[];
  private readonly hints;

  constructor(
    database: Database,
    private readonly schema: Schema,
    private readonly ringCheck: RingCheck,
    private readonly clock: AgreedClock,
    private readonly configuration: Configuration,
    ledger: LedgerComparison,
    tasks: SideTasks,
    discovery: DiscoveryService,
  ) {
    const erasures: Check = {
      name: 'erasures',
      run: async () => (ledger.isReady ? null : 'are not compared with their ledger yet'),
      hint: () => ledger.hint(),
    };
    this.checks = [
      { name: 'database', run: () => database.ping().then(() => null) },
      { name: 'schema', run: () => this.compareSchema() },
      { name: 'keys', run: () => this.compareKeys() },
      { name: 'clock', run: () => this.compareClocks() },
      {
        name: 'side-tasks',
        hint: async () => (tasks.degraded.length === 0 ? null : `failing: ${tasks.degraded.join(', ')}`),
      },
      ...(ledger.isStored ? [erasures] : []),
    ];
    this.hints = GivesHealthHint.in(discovery);
  }

  async readiness(): Promise<readonly HealthCheck[]> {
    const done = new AbortController();
    const patience = sleep(TIMEOUT_MS * this.configuration.patience, 'does not answer', {
      signal: done.signal,
    });
    const results: HealthCheck[] = [];
    try {
      for (const { name, run, hint } of [...this.checks, ...this.checksOfFeatures()]) {
        const problem = run ? await Promise.race([run().catch(() => 'cannot be reached'), patience]) : null;
        const detail =
          problem ?? (await Promise.race([hint?.().catch(() => null), patience.then(() => null)]));
        results.push({ name, ok: problem === null, detail: detail ?? 'ok' });
        if (problem !== null) break;
      }
      return results;
    } finally {
      done.abort();
    }
  }

  async isReady(): Promise<boolean> {
    const checks = await this.readiness();
    return checks.every(({ ok }) => ok);
  }

  private checksOfFeatures(): readonly Check[] {
    return this.hints.declared
      .filter(({ provider }) => provider.isInUse)
      .map(({ provider, declaration: name }) => ({ name, hint: () => provider.healthHint() }));
  }

  private async compareSchema(): Promise<string | null> {
    const missing = await this.schema.missing();
    if (missing.length > 0) return `is ${missing.length} migration(s) behind: run ${MIGRATE_COMMAND}`;
    const unused = await this.schema.unused();
    return unused.length > 0
      ? `has tables of ${unused.join(', ')}: restart with them in COUNTERSIGN_USE`
      : null;
  }

  private async compareKeys(): Promise<string | null> {
    try {
      if (!this.areKeysVerified && !(await this.ringCheck.compare())) return 'are not recorded yet';
      this.areKeysVerified = true;
      return this.ringCheck.isWrong ? WRONG_KEYS : null;
    } catch (error) {
      if (error instanceof WrongKeyError) return WRONG_KEYS;
      throw error;
    }
  }

  /** Deadlines come from other replicas, so a wrong clock would end sessions or make ended ones valid. */
  private async compareClocks(): Promise<string | null> {
    const seconds = await this.clock.skewSeconds();
    return seconds === 0 ? null : `differs by ${seconds} s from the clock of the database`;
  }
}
