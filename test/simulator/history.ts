import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from './act';
import { acts } from './acts';
import { readList } from './lists';
import { Model } from './model';
import { given, pickAt } from './random';
import type { Stage } from './stage';
import { compare, readTables, rowsNaming, type Difference } from './tables';
import type { World } from './world';
import { candidatesOf, unexpected, type Candidate, type Asked } from './candidates';

const WRITTEN_AFTER = 60;

/** So that no two steps fall into the same second. */
const PAUSE = 2;

const AHEAD_SECONDS = 30;

/** Less than what a transaction waits for a lock. */
const FROZEN_MS = 150;

export interface Failure {
  readonly invariant: string;
  /** Of the step. */
  readonly index: number;
  readonly at: Date;
  readonly differences: readonly Difference[];
  readonly last: readonly string[];
  /** The last error that each replica logged. */
  readonly logged: readonly string[];
}

class Broken extends Error {
  constructor(readonly differences: readonly Difference[]) {
    super('an invariant is broken');
  }
}

/** Plays steps on a stage and compares every answer and every row with the model. */
export class History {
  private model = new Model();
  private backup: Model | null = null;
  /** Accounts that the ledger knows as erased: a restored backup has them again. */
  private readonly ledger = new Set<string>();
  private readonly deaf = new Set<number>();
  private readonly lines: string[] = [];
  private readonly hash = createHash('sha256');
  private isWritten = true;
  skipped = 0;

  constructor(
    private readonly stage: Stage,
    private readonly world: World,
    private readonly counts: Map<string, number>,
  ) {}

  get trace(): string {
    return this.hash.copy().digest('hex').slice(0, 16);
  }

  /** @returns the first failure */
  async play(steps: readonly Step[]): Promise<Failure | null> {
    this.model.now = this.stage.now;
    for (let index = 0; index < steps.length;) {
      const { race } = given(steps[index]);
      const group =
        race === undefined ? [given(steps[index])] : steps.slice(index).filter((step) => step.race === race);
      try {
        await this.take(index, group);
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        const { differences } = error;
        return {
          invariant: differences[0]?.invariant ?? 'unknown',
          index: index + group.length - 1,
          at: this.stage.clock.now(),
          differences,
          last: this.lines.slice(-20),
          logged: this.stage.replicas.flatMap(({ logLines }) => logLines.slice(-1)),
        };
      }
      index += group.length;
    }
    return null;
  }

  private async take(index: number, group: readonly Step[]): Promise<void> {
    const [first] = group;
    if (!first) return;
    const since = this.stage.now;
    this.stage.advance(first.minutes * 60 + PAUSE);
    this.model.now = this.stage.now;
    this.model.added = {};
    this.isWritten = first.minutes * 60 >= WRITTEN_AFTER;
    if (this.isWritten) {
      for (const replica of this.stage.replicas) await replica.flushSlides();
      this.model.writeSlides();
    }
    const upkeep = this.upkeep[first.act];
    const candidates = upkeep ? await upkeep(first) : await this.ask(group);
    if (candidates === null) this.skipped += 1;
    const names = await this.check(candidates ?? [{ model: this.model, names: [] }], since);
    for (const name of names) this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    const done = group.map(({ act, who }) => `${act} (${who})`).join(' | ');
    const line = `${index} ${this.stage.clock.now().toISOString()} ${done}: ${names.join(', ') || 'skipped'}`;
    this.lines.push(line);
    this.hash.update(`${line} ${JSON.stringify(this.model.added)}\n`);
    if (process.env['SIMULATOR_TRACE']) process.stdout.write(`${line}\n`);
  }

  /** Calls at the same time, and what may have become of them. @returns null where none of them has a target */
  private async ask(group: readonly Step[]): Promise<readonly Candidate[] | null> {
    const asked: Asked[] = [];
    for (const step of group) {
      const prepared = await acts[step.act]?.prepare(this.world, this.model, step);
      const answer = { status: 0, code: null, body: {} };
      if (prepared) asked.push({ step, prepared, answer, isUnknown: false });
    }
    if (asked.length === 0) return null;
    for (const { step } of asked) this.arm(step);
    const called = asked.map(async (each) => {
      each.answer = await this.world.call(each.step.replica, each.prepared.call);
    });
    // What stands still goes on when the others are answered, unless they wait for it.
    const others = called.filter((_, index) => asked[index]?.step.fault?.kind !== 'freeze');
    if (others.length < called.length) {
      await Promise.race([Promise.all(others), sleep(FROZEN_MS)]);
      for (const replica of this.stage.replicas) replica.disarm();
    }
    await Promise.all(called);
    const faults = [];
    for (const each of asked) faults.push(...(await this.disarm(each)));
    for (const { prepared, answer } of asked) prepared.learn?.(answer);
    await this.stage.settle(faults.length > 0);
    const candidates = candidatesOf({ model: this.model, names: faults }, asked);
    if (faults.some((name) => name.startsWith('fault: kill')))
      for (const { model } of candidates) model.loseSlides();
    if (candidates.length > 0) return candidates;
    throw new Broken(asked.map((each) => unexpected(this.model, each)));
  }

  private arm({ fault, replica: index }: Step): void {
    if (!fault) return;
    const replica = this.stage.replica(index);
    if (fault.kind === 'clock') replica.databaseClock.setAhead(AHEAD_SECONDS);
    else if (fault.kind === 'freeze') replica.freeze();
    else replica.arm(fault.how, fault.commit, this.kills(fault));
  }

  /** @returns the names of faults that happened */
  private async disarm(asked: Pick<Asked, 'step' | 'answer' | 'isUnknown'>): Promise<readonly string[]> {
    const { fault, replica: index } = asked.step;
    if (!fault) return [];
    const replica = this.stage.replica(index);
    replica.disarm();
    replica.databaseClock.setAhead(0);
    if (fault.kind === 'clock') return [`fault: a wrong clock, answered ${asked.answer.status}`];
    if (!replica.hasCut) return [];
    if (fault.kind === 'freeze') return ['fault: frozen before a commit'];
    asked.isUnknown = asked.answer.status === 0 || asked.answer.status === 503;
    if (this.kills(fault)) await this.replace(index);
    return [`fault: ${this.kills(fault) ? 'kill' : 'cut'} ${fault.how} a commit`];
  }

  /** Without the ledger a replica does not start. */
  private kills({ kind }: NonNullable<Step['fault']>): boolean {
    return kind === 'kill' && !this.stage.isLedgerAway;
  }

  private async replace(index: number): Promise<void> {
    await this.stage.replace(index);
    this.deaf.delete(index);
    this.model.loseSlides();
  }

  /** @returns the names of the outcomes that the tables confirm */
  private async check(candidates: readonly Candidate[], since: number): Promise<readonly string[]> {
    const tables = await readTables(
      this.stage.queryAll.bind(this.stage),
      since,
      this.world.visits.applicationId,
    );
    const applications = this.world.applications.map(({ id }) => id);
    let first: readonly Difference[] | null = null;
    for (const { model, names } of candidates) {
      const differences = compare(model, tables, applications, this.isWritten);
      if (differences.length === 0) {
        await this.checkErased(this.model, model);
        this.model = model;
        return names;
      }
      first ??= differences;
    }
    throw new Broken(first ?? []);
  }

  private async checkErased(before: Model, after: Model): Promise<void> {
    for (const user of after.users) {
      if (!user.isErased || user.isMerged || user.id === null || this.ledger.has(user.id)) continue;
      for (const id of [user.id, ...user.aliases]) this.ledger.add(id);
      const places = await rowsNaming(this.stage.query.bind(this.stage), user.id);
      const what = `rows of the erased account ${user.id}, of ${before.users.length} accounts`;
      if (places.length > 0)
        throw new Broken([{ invariant: 'erased-is-gone', what, expected: [], found: places }]);
    }
  }

  /** What happens to replicas, to the database and beside calls. @returns null where it has no target */
  private readonly upkeep: Readonly<Record<string, (step: Step) => Promise<readonly Candidate[] | null>>> = {
    'a thief takes a copy': ({ who, choice }) => {
      const device = this.world.device(who);
      const [person = ''] = who.split('/');
      // Some launches are captured before their own page uses them.
      const proof = choice < 0.4 ? this.world.launch(person, device.application) : device.proof;
      this.world.loot.push({ ...device, proof });
      return Promise.resolve(this.as('a thief takes a copy'));
    },
    'a job runs': async ({ replica: index, choice }) => {
      const { jobs } = this.stage.replica(index);
      const job = pickAt(jobs, choice);
      return this.runJob(index, job.name);
    },
    'erasures are due': (step) =>
      step.fault ? this.disturbErasures(step) : this.runJob(step.replica, 'erasure-upkeep'),
    'webhooks are delivered': async (step) => {
      const { result, faults } = await this.disturbed(step, () =>
        this.world.webhooks.deliver(this.stage.replica(step.replica), step.choice),
      );
      return result && this.reported(result.name, await result.check(faults.length > 0), faults);
    },
    'the ring is rotated': async (step) => {
      const { result, faults } = await this.disturbed(step, () =>
        this.stage.ring.rotate(this.stage, this.stage.replica(step.replica), step.choice),
      );
      return result && this.reported(result.name, faults.length > 0 ? [] : result.differences, faults);
    },
    'an operator reads a list': async (step) => this.listRead(step, true),
    'a person reads a list': async (step) => this.listRead(step, false),
    'somebody comes by another way': async ({ replica, choice }) => {
      const { name, error } = await this.world.visits.visit(replica, choice);
      await this.stage.settle(false);
      if (error === null) return this.as(`visit: ${name}`);
      throw new Broken([
        {
          invariant: 'visits',
          what: name,
          expected: 'it works',
          found: String((error as Error).stack ?? error),
        },
      ]);
    },
    'sessions are removed': (step) => this.runJob(step.replica, 'session-upkeep'),
    'the audit trail is checked': async (step) => {
      await this.runJob(step.replica, 'audit-sign');
      return this.runJob(step.replica, 'audit-verify');
    },
    'a replica is killed': async ({ replica }) => {
      if (this.stage.isLedgerAway) return null;
      await this.replace(replica);
      return this.as('a replica is killed while it is idle');
    },
    'a replica hears nothing': async ({ replica }) => {
      if (this.deaf.has(replica)) return null;
      await this.stage.replica(replica).deafen();
      this.deaf.add(replica);
      return this.as('a replica hears no notifications');
    },
    'all replicas hear': async () => {
      for (const index of this.deaf) await this.stage.replica(index).hear();
      this.deaf.clear();
      await this.stage.settle(true);
      return this.as('replicas hear notifications again');
    },
    'the ledger is away': async () => {
      if (this.stage.isLedgerAway) return null;
      await this.stage.cutLedger();
      return this.as('the ledger of erasures is away');
    },
    'the ledger is back': async () => {
      if (!this.stage.isLedgerAway) return null;
      await this.stage.restoreLedger();
      return this.as('the ledger of erasures is back');
    },
    'a backup is made': async () => {
      if (this.stage.isLedgerAway) return null;
      await this.stage.backUp();
      this.deaf.clear();
      // Replicas that stop in order write all uses.
      this.model.writeSlides();
      this.backup = this.model.clone();
      return this.as('a backup is made');
    },
    'the backup is restored': async () => {
      const { backup } = this;
      // The ledger may have an erasure that has begun.
      const hasBegun = this.model.users.some(({ erasure }) => erasure?.isStarted);
      if (!backup || this.stage.isLedgerAway || hasBegun) return null;
      const isAsked = await this.stage.restore();
      this.world.forgetPublishedKeys();
      this.deaf.clear();
      this.model = this.restored(backup, isAsked);
      return this.as(
        `a backup is restored${this.model.added['user.erased'] ? ', and erasures repeated' : ''}`,
      );
    },
  };

  private as(name: string, faults: readonly string[] = []): readonly Candidate[] {
    return [{ model: this.model, names: [...faults, name] }];
  }

  private reported(
    name: string,
    differences: readonly Difference[],
    faults: readonly string[] = [],
  ): readonly Candidate[] {
    if (differences.length > 0) throw new Broken(differences);
    return this.as(name, faults);
  }

  /**
   * The backup, after the operator's answer to the ledger: erasures are repeated, and sessions and proofs of the backup count no
   * more. Devices still have the tokens of the lost days.
   */
  private restored(backup: Model, isAsked: boolean): Model {
    const model = backup.clone();
    model.now = this.model.now;
    model.added = {};
    for (const [token, chain] of this.model.families) model.families.set(token, chain);
    const repeated = model.users.filter(
      ({ id, isErased, erasure }) => id !== null && !isErased && !erasure?.isStarted && this.ledger.has(id),
    );
    for (const user of repeated) model.erase(user);
    if (!isAsked) return model;
    model.proofsNotBefore = model.now;
    for (const user of model.users) if (!user.isErased) model.keepOut(user, 'revoked');
    return model;
  }

  private async listRead(step: Step, byOperator: boolean): Promise<readonly Candidate[] | null> {
    const read = await readList(this.world, this.model, step, byOperator);
    return read && this.reported(read.name, read.differences);
  }

  private async runJob(index: number, name: string): Promise<readonly Candidate[] | null> {
    const job = this.stage.replica(index).jobs.find((each) => each.name === name);
    if (!job) throw new Error(`there is no job ${name}`);
    const due = name === 'erasure-upkeep' ? this.model.users.filter((user) => this.model.isDue(user)) : [];
    const isAway = this.stage.isLedgerAway && due.length > 0;
    const error: unknown = await job.run().then(
      (verdict: unknown) => (verdict === 'missing' || verdict === 'differs' ? verdict : null),
      (reason: unknown) => reason,
    );
    const isExcused = this.stage.isLedgerAway && String(error).includes('ledger');
    if (isAway ? error === null : error !== null && !isExcused)
      throw new Broken([
        {
          invariant: 'jobs-run',
          what: `the job ${name}`,
          expected: isAway ? 'it waits' : 'it runs',
          found: String(error),
        },
      ]);
    await this.stage.settle(false);
    if (due.length === 0) return this.as(`job: ${name}`);
    if (isAway) return this.started(due.map(({ key }) => key));
    for (const user of due) this.model.erase(user);
    return this.as('erasure: completed');
  }

  /** Work of a replica that no call begins. */
  private async disturbed<T>(step: Step, work: () => Promise<T>) {
    this.arm(step);
    const result = await work();
    const answer = { status: 200, code: null, body: {} };
    const faults = await this.disarm({ step, answer, isUnknown: false });
    await this.stage.settle(faults.length > 0);
    return { result, faults };
  }

  /** Each erasure that is due waits, has begun, or is completed. */
  private async disturbErasures(step: Step): Promise<readonly Candidate[] | null> {
    const due = this.model.users.filter((user) => this.model.isDue(user)).map(({ key }) => key);
    if (due.length === 0 || due.length > 4 || this.stage.isLedgerAway)
      return this.runJob(step.replica, 'erasure-upkeep');
    const job = this.stage.replica(step.replica).jobs.find(({ name }) => name === 'erasure-upkeep');
    const { faults } = await this.disturbed(step, () =>
      given(job)
        .run()
        .catch(() => undefined),
    );
    let candidates: readonly Candidate[] = [{ model: this.model, names: faults }];
    for (const key of due)
      candidates = candidates.flatMap(({ model, names: earlier }) => {
        const [begun, completed] = [model.clone(), model.clone()];
        const { erasure } = given(begun.users[key]);
        if (erasure) erasure.isStarted = true;
        completed.erase(given(completed.users[key]));
        return [
          { model: completed, names: [...earlier, 'erasure: completed'] },
          { model: begun, names: [...earlier, 'erasure: begun, and disturbed'] },
          { model, names: [...earlier, 'erasure: waits'] },
        ];
      });
    return candidates;
  }

  /** Without the ledger one of the erasures that are due may begin, and none is completed. */
  private started(keys: readonly number[]): readonly Candidate[] {
    const names = ['erasure: waits for the ledger'];
    const begun = keys.map((key) => {
      const model = this.model.clone();
      const { erasure } = given(model.users[key]);
      if (erasure) erasure.isStarted = true;
      return { model, names };
    });
    return [{ model: this.model, names }, ...begun];
  }
}
