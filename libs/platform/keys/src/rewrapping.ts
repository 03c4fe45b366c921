import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditService, AuditSigner } from '@countersign/audit';
import { Clock, Logger, MINUTE, SECOND } from '@countersign/runtime';
import {
  KEY_PURPOSES,
  KeyRing,
  openBytes,
  sealBytes,
  type KeyPurpose,
  type Sealed,
} from '@countersign/crypto';
import { Database } from '@countersign/database';
import { BringsToActiveKey, unlessUnreadable, type KeyWork, type Step, type StepResult } from './key-work';
import {
  sealedColumns,
  type SealedColumn,
  SealedValuesRepository,
  type ResealedValue,
} from './store/sealed-values.repository';
import { NeedsFormerKey, type UntreatedRows } from './untreated-rows';
import { KeyChecksRepository, type KeyCheckRow } from './store/key-checks.repository';
import { keyEvents } from './keys.feature';

class SealedWork implements KeyWork {
  readonly purpose = 'sealing';
  readonly name: string;

  constructor(
    private readonly column: SealedColumn,
    private readonly repository: SealedValuesRepository,
    private readonly keyRing: KeyRing,
    private readonly logger: Logger,
  ) {
    this.name = `${column.table}.${column.column}`;
  }

  countBehind(manager: EntityManager, keyId: string): Promise<number> {
    return this.repository.countOthers(manager, this.column, keyId);
  }

  deleteOthers(): Promise<number> {
    return Promise.resolve(0);
  }

  async step(tx: EntityManager, step: Step): Promise<StepResult> {
    const found = await this.repository.lookAt(tx, this.column, this.keyRing.active('sealing').id, step);
    const resealed: ResealedValue[] = [];
    for (const { id, sealed } of found) {
      const next = sealed && (await this.reseal(id, sealed));
      if (next) resealed.push({ id, sealed, next });
    }
    const done = resealed.length === 0 ? 0 : await this.repository.replace(tx, this.column, resealed);
    return { position: found.at(-1)?.id ?? step.after, done, isEnd: found.length < step.limit };
  }

  private reseal(row: string, sealed: Sealed): Promise<Sealed | null> {
    const { table, column } = this.column;
    const aad = { table, column, row };
    return unlessUnreadable(this.logger, { work: this.name, row }, () =>
      sealBytes(this.keyRing, aad, openBytes(this.keyRing, aad, sealed)),
    );
  }
}

const BATCH = 500;
const BATCHES_PER_SECOND = 4;
const MAX_PASSES = 5;

interface Rewrapped {
  /** For example `users.data_key`. */
  readonly work: string;
  readonly done: number;
  /** Rows that were locked, or that cannot be opened. */
  readonly remaining: number;
}

interface RewrapResult {
  readonly works: readonly Rewrapped[];
  readonly untreated: readonly (UntreatedRows & { readonly purpose: KeyPurpose })[];
}

/** Moves all stored values to the first keys of the ring, with a bounded number of rows per second. */
@Injectable()
export class Rewrapping {
  /** A transaction on a replica with the old ring commits within this time. A later count covers all values. */
  static readonly graceMs: number = MINUTE;

  private readonly extensions;
  private readonly sources;

  constructor(
    private readonly database: Database,
    private readonly dataSource: DataSource,
    discovery: DiscoveryService,
    private readonly checks: KeyChecksRepository,
    private readonly values: SealedValuesRepository,
    private readonly keyRing: KeyRing,
    private readonly audit: AuditService,
    private readonly signer: AuditSigner,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {
    this.extensions = BringsToActiveKey.in(discovery);
    this.sources = NeedsFormerKey.in(discovery);
  }

  /** The ring may drop the other keys of a purpose if nothing remains under them, except for untreated rows. */
  async run(): Promise<RewrapResult> {
    const startedAt = performance.now();
    const results: Rewrapped[] = [];
    const moved: KeyPurpose[] = [];
    for (const purpose of KEY_PURPOSES) {
      const keyId = this.keyRing.active(purpose).id;
      const found = [
        ...(await inTurn(this.workOf(purpose), (one) => this.passes(one, keyId))),
        ...(purpose === 'index' ? [await this.auditTail(keyId)] : []),
      ];
      results.push(...found);
      if (found.every(({ remaining }) => remaining === 0)) moved.push(purpose);
    }
    const untreated = await this.untreated();
    const known = await this.database.read((manager) => this.checks.findAll(manager));
    const hasFormer = moved.some((purpose) => this.othersIn(known, purpose).length > 0);
    if (hasFormer) await sleep(Rewrapping.graceMs - (performance.now() - startedAt));
    const late = new Map<string, number>();
    for (const purpose of moved)
      for (const { work, remaining } of await this.end(purpose, hasFormer)) late.set(work, remaining);
    const works = results.map((one) => ({ ...one, remaining: late.get(one.work) ?? one.remaining }));
    return { works, untreated };
  }

  private async untreated(): Promise<RewrapResult['untreated']> {
    const declared = this.sources.declared.filter(
      ({ declaration: { purpose } }) => this.keyRing.all(purpose).length > 1,
    );
    const found = await inTurn(declared, async ({ provider, declaration: { purpose } }) => {
      const keyId = this.keyRing.active(purpose).id;
      return {
        purpose,
        ...(await this.database.read((manager) => provider.untreatedRows(manager, keyId))),
      };
    });
    return found.filter(({ count }) => count !== 0);
  }

  private workOf(purpose: KeyPurpose): readonly KeyWork[] {
    const sealed = sealedColumns(this.dataSource).map(
      (column) => new SealedWork(column, this.values, this.keyRing, this.logger),
    );
    return [...sealed, ...this.extensions.all]
      .filter((one) => one.purpose === purpose)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Makes several passes, because rows may be locked for a moment. */
  private async passes(work: KeyWork, keyId: string): Promise<Rewrapped> {
    let done = 0;
    const countBehind = () => this.database.read((manager) => work.countBehind(manager, keyId));
    let remaining = await countBehind();
    for (let pass = 1; pass <= MAX_PASSES && remaining > 0; pass += 1) {
      for (let at = { position: '', isEnd: false }; !at.isEnd;) {
        const after = at.position;
        const step = await this.database.transaction((tx) => work.step(tx, { after, limit: BATCH }));
        done += step.done;
        at = step;
        await sleep(SECOND / BATCHES_PER_SECOND);
      }
      remaining = await countBehind();
    }
    return { work: work.name, done, remaining };
  }

  /** The next block builds upon the last one, so the ring must have the key of the last one. */
  private async auditTail(keyId: string): Promise<Rewrapped> {
    const last = await this.signer.last();
    return { work: 'audit_blocks', done: 0, remaining: last && last.keyId !== keyId ? 1 : 0 };
  }

  /** @returns the values that were sealed under other keys meanwhile: these keys stay in use */
  private async end(purpose: KeyPurpose, hasFormer: boolean): Promise<readonly Omit<Rewrapped, 'done'>[]> {
    const work = this.workOf(purpose);
    const keyId = this.keyRing.active(purpose).id;
    const late = await this.database.transaction(async (tx) => {
      await this.checks.lock(tx);
      const found = await inTurn(work, async (one) => ({
        work: one.name,
        remaining: await one.countBehind(tx, keyId),
      }));
      if (purpose === 'index') found.push(await this.auditTail(keyId));
      const left = found.filter(({ remaining }) => remaining > 0);
      if (left.length === 0) await this.retireOthers(tx, purpose, keyId);
      return left;
    });
    if (late.length > 0) return late;
    // Ten seconds: a replica with a stalled LISTEN reads the retirement after two, and its transactions end within five
    // more.
    if (hasFormer && purpose === 'index') await sleep(Rewrapping.graceMs / 6);
    for (const one of work)
      while ((await this.database.transaction((tx) => one.deleteOthers(tx, keyId, BATCH))) === BATCH)
        await sleep(SECOND / BATCHES_PER_SECOND);
    return late;
  }

  private async retireOthers(tx: EntityManager, purpose: KeyPurpose, keyId: string): Promise<void> {
    const former = this.othersIn(await this.checks.findAll(tx), purpose);
    if (former.length === 0) return;
    await this.checks.retireOthers(tx, purpose, keyId, this.clock.now());
    for (const { keyId: subject } of former)
      await this.audit.recordByOperator(tx, keyEvents.keyRetired, { subject, details: { purpose } });
  }

  private othersIn(known: readonly KeyCheckRow[], purpose: KeyPurpose): readonly KeyCheckRow[] {
    const { id } = this.keyRing.active(purpose);
    return known.filter((key) => key.purpose === purpose && key.keyId !== id && !key.retiredAt);
  }
}

async function inTurn<T, R>(all: readonly T[], run: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const one of all) results.push(await run(one));
  return results;
}
