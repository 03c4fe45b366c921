import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditService, AuditSigner, operator } from '@countersign/audit';
import { SECOND } from '@countersign/clock';
import { KEY_PURPOSES, KeyRing, type KeyPurpose } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { Logger } from '@countersign/observability';
import { BringsToActiveKey, type KeyWork } from './key-work';
import { sealedColumns } from './sealed-columns';
import { SealedWork } from './sealed-work';
import { KeyChecksRepository } from './store/key-checks.repository';
import { SealedValuesRepository } from './store/sealed-values.repository';

const BATCH = 500;
const BATCHES_PER_SECOND = 4;
const MAX_PASSES = 5;

/** What `keys rewrap` did with one kind of values. */
export interface Rewrapped {
  /** `users.data_key` */
  readonly work: string;
  readonly done: number;
  /** Rows that were locked, or cannot be opened. */
  readonly remaining: number;
}

/** Brings everything that is stored to the first keys of the ring, a bounded number of rows per second. */
@Injectable()
export class Rewrapping {
  private readonly extensions;

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
  ) {
    this.extensions = BringsToActiveKey.in(discovery);
  }

  /** The ring may leave out the other keys of a purpose of which nothing remains. */
  async run(): Promise<readonly Rewrapped[]> {
    await this.audit.prepare();
    const results: Rewrapped[] = [];
    for (const purpose of KEY_PURPOSES) {
      const work = this.work.filter((one) => one.purpose === purpose);
      const keyId = this.keyRing.active(purpose).id;
      const found = [
        ...(await inTurn(work, (one) => this.passes(one, keyId))),
        ...(purpose === 'index' ? [await this.auditTail(keyId)] : []),
      ];
      results.push(...found);
      if (found.every(({ remaining }) => remaining === 0)) await this.end(purpose, keyId, work);
    }
    return results;
  }

  /** How many values are under other keys than the first ones. Changes nothing. */
  async count(): Promise<readonly Omit<Rewrapped, 'done'>[]> {
    const found = await inTurn(this.work, async (work) => ({
      work: work.name,
      remaining: await this.countBehind(work, this.keyRing.active(work.purpose).id),
    }));
    return [...found, await this.auditTail(this.keyRing.active('index').id)];
  }

  /** All work, in a fixed order. */
  private get work(): readonly KeyWork[] {
    const sealed = sealedColumns(this.dataSource).map(
      (column) => new SealedWork(column, this.values, this.keyRing, this.logger),
    );
    return [...sealed, ...this.extensions.all].toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }

  /** Several, where rows are locked for a moment. */
  private async passes(work: KeyWork, keyId: string): Promise<Rewrapped> {
    let done = 0;
    let remaining = await this.countBehind(work, keyId);
    for (let pass = 1; pass <= MAX_PASSES && remaining > 0; pass += 1) {
      for (let at = { position: '', isEnd: false }; !at.isEnd;) {
        const after = at.position;
        const step = await this.database.transaction((tx) => work.step(tx, { after, limit: BATCH }));
        done += step.done;
        at = step;
        await sleep(SECOND / BATCHES_PER_SECOND);
      }
      remaining = await this.countBehind(work, keyId);
    }
    return { work: work.name, done, remaining };
  }

  private countBehind(work: KeyWork, keyId: string): Promise<number> {
    return this.database.read((manager) => work.countBehind(manager, keyId));
  }

  /** The next block is built upon the last one, whose key has to be in the ring. */
  private async auditTail(keyId: string): Promise<Rewrapped> {
    const [last] = await this.signer.list(null, 1);
    return { work: 'audit_blocks', done: 0, remaining: last && last.keyId !== keyId ? 1 : 0 };
  }

  private async end(purpose: KeyPurpose, keyId: string, work: readonly KeyWork[]): Promise<void> {
    for (const one of work)
      while ((await this.database.transaction((tx) => one.deleteOthers(tx, keyId, BATCH))) === BATCH)
        await sleep(SECOND / BATCHES_PER_SECOND);
    await this.database.transaction((tx) => this.forgetOthers(tx, purpose, keyId));
  }

  private async forgetOthers(tx: EntityManager, purpose: KeyPurpose, keyId: string): Promise<void> {
    await this.checks.lock(tx);
    const former = (await this.checks.findAll(tx)).filter(
      (key) => key.purpose === purpose && key.keyId !== keyId,
    );
    await this.checks.forgetOthers(tx, purpose, keyId);
    for (const { keyId: subject } of former)
      await this.audit.record(tx, 'ring_key.retired', {
        actor: operator(),
        subject,
        details: { purpose },
      });
  }
}

async function inTurn<T, R>(all: readonly T[], run: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const one of all) results.push(await run(one));
  return results;
}
