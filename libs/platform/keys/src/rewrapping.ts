import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock, plusSeconds, SECOND } from '@countersign/clock';
import { KeyRing } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { Recurring } from '@countersign/jobs';
import { Logger } from '@countersign/observability';
import { KeyProgressRepository, type KeyProgress } from './store/key-progress.repository';
import { KeyFeatures, type KeyWork } from './key-work';
import { RingKeysRepository, type RingKeyRow } from './store/ring-keys.repository';
import { SealedValuesRepository } from './store/sealed-values.repository';
import { sealedColumns } from './sealed-columns';
import { SealedWork } from './sealed-work';

const BATCH = 500;
const BATCHES_PER_SECOND = 4;
const MAX_PASSES = 5;
/** A run of the job ends before the next one starts. */
const RUN_MS = 45 * SECOND;
/** How long replicas may still use the former key. */
export const LAG_SECONDS = 60;

/** What a run did. */
interface RewrapResult {
  readonly done: number;
  /** Rows that were locked, or cannot be opened. */
  readonly remaining: number;
}

/** Brings everything that is stored to the active keys, a bounded number of rows per second. */
@Injectable()
@Recurring({ name: 'key-rewrap', cron: '* * * * *', everyMinutes: 1 })
export class Rewrapping {
  constructor(
    private readonly database: Database,
    private readonly dataSource: DataSource,
    private readonly features: KeyFeatures,
    private readonly ringKeys: RingKeysRepository,
    private readonly progress: KeyProgressRepository,
    private readonly values: SealedValuesRepository,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** All work, in a fixed order. */
  get work(): readonly KeyWork[] {
    const sealed = sealedColumns(this.dataSource).map(
      (column) => new SealedWork(column, this.values, this.keyRing, this.logger),
    );
    return [...sealed, ...this.features.work].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Goes on where the last run ended. @returns how many rows were changed. */
  async run(): Promise<number> {
    const deadline = performance.now() + RUN_MS;
    const { done } = await this.advance(deadline);
    return done;
  }

  /** All rows, from the first one, several times where rows are locked for a moment. */
  async runToEnd(): Promise<RewrapResult> {
    const result = { done: 0, remaining: 0 };
    for (let pass = 1; pass <= MAX_PASSES; pass += 1) {
      const { done, remaining } = await this.advance(Number.POSITIVE_INFINITY, true);
      result.done += done;
      result.remaining = remaining;
      if (remaining === 0) break;
      await sleep(SECOND / BATCHES_PER_SECOND);
    }
    return result;
  }

  private async advance(deadline: number, isAnew = false): Promise<RewrapResult> {
    const result = { done: 0, remaining: 0 };
    for (const work of this.work) {
      const before = await this.stateOf(work, isAnew);
      if (before === null) continue;
      const after = await this.pass(work, before, deadline);
      result.done += after.done - before.done;
      result.remaining += after.remaining;
      if (performance.now() >= deadline) return result;
    }
    await this.deleteRetired(deadline);
    return result;
  }

  /** Where to go on, or null when nothing is left to do. */
  private async stateOf({ name, purpose }: KeyWork, isAnew: boolean): Promise<KeyProgress | null> {
    const { known, all } = await this.database.read(async (manager) => ({
      known: await this.ringKeys.findAll(manager),
      all: await this.progress.findAll(manager),
    }));
    const active = known.find((row) => row.purpose === purpose && row.state === 'active');
    // A replica that has not heard of a rotation yet would work against it.
    if (this.keyRing.active(purpose).id !== active?.keyId) return null;
    const same = all.find((one) => one.work === name && one.keyId === active.keyId) ?? null;
    if (!isAnew && same) {
      if (!same.isComplete) return same;
      if (isFinal(same, active)) return null;
    }
    if (!isAnew && known.every((row) => row.purpose !== purpose || row.keyId === active.keyId)) return null;
    return this.newPass(name, active.keyId, same);
  }

  private newPass(work: string, keyId: string, before: KeyProgress | null): KeyProgress {
    return {
      work,
      keyId,
      position: '',
      done: before?.done ?? 0,
      remaining: before?.remaining ?? 0,
      isComplete: false,
      passStartedAt: this.clock.now(),
      changedAt: before?.changedAt ?? null,
    };
  }

  private async pass(work: KeyWork, from: KeyProgress, deadline: number): Promise<KeyProgress> {
    let at = from;
    if (at.position === '') at = await this.count(work, at, false);
    while (performance.now() < deadline) {
      const { next, isEnd } = await this.step(work, at);
      if (isEnd) return this.count(work, next, true);
      at = next;
      await sleep(SECOND / BATCHES_PER_SECOND);
    }
    return at;
  }

  /** The rows and the position change together, so that a killed run loses nothing. */
  private async step(
    work: KeyWork,
    at: KeyProgress,
  ): Promise<{ readonly next: KeyProgress; readonly isEnd: boolean }> {
    return this.database.transaction(async (tx) => {
      const { position, done, isEnd } = await work.step(tx, { after: at.position, limit: BATCH });
      const next = {
        ...at,
        position,
        done: at.done + done,
        remaining: Math.max(0, at.remaining - done),
        changedAt: done > 0 ? this.clock.now() : at.changedAt,
      };
      await this.progress.save(tx, next);
      return { next, isEnd };
    });
  }

  /** At the end of a pass: rows that were locked, or could not be opened, make another one necessary. */
  private async count(work: KeyWork, at: KeyProgress, isEnd: boolean): Promise<KeyProgress> {
    return this.database.transaction(async (tx) => {
      const remaining = await work.countBehind(tx, at.keyId);
      const counted = {
        ...at,
        remaining,
        position: isEnd ? '' : at.position,
        isComplete: isEnd && remaining === 0,
      };
      await this.progress.save(tx, counted);
      return counted;
    });
  }

  private async deleteRetired(deadline: number): Promise<void> {
    const known = await this.database.read((manager) => this.ringKeys.findAll(manager));
    const retired = known.filter(({ purpose, state }) => purpose === 'index' && state === 'retired');
    const digests = this.work.filter(({ purpose }) => purpose === 'index');
    for (const { keyId } of retired)
      for (const work of digests)
        while (performance.now() < deadline) {
          const deleted = await this.database.transaction((tx) => work.deleteRetired(tx, keyId, BATCH));
          if (deleted < BATCH) break;
          await sleep(SECOND / BATCHES_PER_SECOND);
        }
  }
}

/** A pass that began when all replicas used the active key leaves no row behind. */
function isFinal({ passStartedAt }: KeyProgress, { changedAt }: RingKeyRow): boolean {
  return passStartedAt >= plusSeconds(changedAt, LAG_SECONDS);
}
