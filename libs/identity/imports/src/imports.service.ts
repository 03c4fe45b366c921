import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { createDataKey, KeyRing, unwrapDataKey } from '@countersign/crypto';
import { Database, LostRace } from '@countersign/database';
import { UserImports, type PersonToImport } from '@countersign/users';
import { batchesOf } from './lines/batches';
import { judge, notDecided, type Candidate, type Pending } from './lines/candidate';
import { digestKeyAad, ImportDigests, type DigestedPerson } from './lines/import-keys';
import type { ReadPerson } from './lines/import-line';
import type { RawLine } from './lines/raw-lines';
import type { ImportEntity } from './import.entity';
import { importError } from './imports.errors';
import { ImportsRepository } from './imports.repository';
import type { LineResult } from './lines/line-result';
import { SeenInFile } from './lines/seen-in-file';

interface ImportOptions {
  /** Names the import: the same name goes on with it. */
  readonly name: string;
  readonly environment: string;
  /** A second, at most. */
  readonly linesPerSecond: number;
  /** Writes nothing. */
  readonly isDryRun: boolean;
}

type ImportCounts = Readonly<Record<LineResult['outcome'], number>>;

interface ImportSummary extends ImportCounts {
  /** `null` for a dry run of a new import. */
  readonly importId: string | null;
  readonly isDryRun: boolean;
}

type ListedImport = Pick<ImportEntity, 'id' | 'name' | 'createdAt'>;

const PROVIDER = 'telegram';

type PersonKey = Pick<PersonToImport, 'provider' | 'environment' | 'subject'>;

/** An import that is running. */
interface Run {
  readonly importId: string | null;
  readonly digests: ImportDigests;
  readonly options: ImportOptions;
  /** Of a dry run, whose earlier lines are in no table. */
  readonly seen: SeenInFile | null;
}

/**
 * Creates accounts of people of an earlier system. They have proven nothing: no session, no verified field, no assurance. Existing
 * accounts are never changed.
 */
@Injectable()
export class ImportsService {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportsRepository,
    private readonly users: UserImports,
    private readonly audit: AuditService,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  async list(limit: number): Promise<readonly ListedImport[]> {
    return this.database.read((manager) => this.imports.list(manager, limit));
  }

  /**
   * Reports the results of lines when they are committed. Repeated after a failure it goes on: people whom it has created exist.
   * @param report false stops the import, which is not finished then
   * @throws AppError import.not_found when the import is undone meanwhile
   */
  async run(
    lines: AsyncIterable<RawLine>,
    options: ImportOptions,
    report: (results: readonly LineResult[]) => Promise<boolean>,
  ): Promise<ImportSummary> {
    const run = await this.start(options);
    const counts = { created: 0, exists: 0, conflict: 0, invalid: 0 };
    const digest = (person: ReadPerson): DigestedPerson => run.digests.of(person, options.environment);
    for await (const batch of batchesOf(lines, digest)) {
      const startedAt = performance.now();
      const results = await this.process(run, batch);
      for (const { outcome } of results) counts[outcome] += 1;
      if (!(await report(results))) return summaryOf(run, counts);
      const leastMs = (batch.length / options.linesPerSecond) * 1_000;
      await sleep(Math.max(0, leastMs - (performance.now() - startedAt)));
    }
    await this.finish(run, counts);
    return summaryOf(run, counts);
  }

  private async start(options: ImportOptions): Promise<Run> {
    const known = await this.database.read((manager) => this.imports.findByName(manager, options.name));
    const id = known?.id ?? uuidv7();
    const made = createDataKey(this.keyRing, digestKeyAad(id));
    if (options.isDryRun) {
      const key = known ? unwrapDataKey(this.keyRing, digestKeyAad(id), known.digestKey) : made.dataKey;
      const digests = new ImportDigests(key);
      return { importId: known?.id ?? null, digests, options, seen: new SeenInFile() };
    }
    await this.audit.prepare();
    const own = { id, name: options.name, digestKey: made.wrapped, createdAt: this.clock.now() };
    const found = await this.database.transaction(async (tx) => {
      if (!known) await this.imports.insertIfNew(tx, own);
      const current = await this.imports.findByName(tx, options.name);
      if (!current) throw importError('import.not_found');
      await this.audit.record(tx, 'import.started', { actor: operator(), subject: current.id });
      return current;
    });
    const key = unwrapDataKey(this.keyRing, digestKeyAad(found.id), found.digestKey);
    return { importId: found.id, digests: new ImportDigests(key), options, seen: null };
  }

  private async finish({ importId, options }: Run, counts: ImportCounts): Promise<void> {
    if (importId === null || options.isDryRun) return;
    await this.audit.prepare();
    const details = Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, String(count)]));
    await this.database.transaction((tx) =>
      this.audit.record(tx, 'import.finished', { actor: operator(), subject: importId, details }),
    );
  }

  private async process(run: Run, batch: readonly Pending[]): Promise<readonly LineResult[]> {
    const candidates = batch.filter((each) => 'person' in each);
    const decided = candidates.length === 0 ? [] : await this.decide(run, candidates);
    const byLine = new Map(decided.map((result) => [result.line, result]));
    return batch.map((each) => ('person' in each ? (byLine.get(each.line) ?? notDecided()) : each));
  }

  private async decide(run: Run, candidates: readonly Candidate[]): Promise<readonly LineResult[]> {
    const { importId, seen } = run;
    if (seen !== null)
      return this.database.read(async (manager) => {
        const results = await this.judgeAll(manager, run, candidates);
        return results.map((result, index) => seen.judge(candidates[index] ?? notDecided(), result));
      });
    return this.database.transaction(async (tx) => {
      if (importId === null || !(await this.imports.lock(tx, importId)))
        throw importError('import.not_found');
      const results = await this.create(tx, run, importId, candidates);
      const met = candidates.flatMap(({ subjectDigest }, index) => {
        const { outcome, userId } = results[index] ?? notDecided();
        return outcome === 'exists' && userId ? [{ subjectDigest, userId }] : [];
      });
      if (met.length > 0) await this.imports.mark(tx, importId, met);
      return results;
    });
  }

  private async create(
    tx: EntityManager,
    run: Run,
    importId: string,
    candidates: readonly Candidate[],
  ): Promise<readonly LineResult[]> {
    const results = await this.judgeAll(tx, run, candidates);
    const strangers = candidates.filter((_, index) => results[index]?.outcome === 'created');
    if (strangers.length === 0) return results;
    const accounts = await this.users.create(
      tx,
      strangers.map(({ person }) => ({ ...keyOf(person, run), imported: person.imported })),
    );
    const made = strangers.flatMap(({ line, subjectDigest, externalDigest }, index) => {
      const account = accounts[index];
      if (!account) return [];
      const { userId, identityId } = account;
      return [{ line, userId, row: { importId, subjectDigest, externalDigest, identityId } }];
    });
    await this.imports.insert(
      tx,
      made.map(({ row }) => row),
    );
    const userIds = new Map(made.map(({ line, userId }) => [line, userId]));
    const outrun = strangers.filter(({ line }) => !userIds.has(line));
    const judged = await this.judgeOutrun(tx, run, outrun);
    return results.map((result) => {
      const userId = userIds.get(result.line);
      return judged.get(result.line) ?? (userId === undefined ? result : { ...result, userId });
    });
  }

  /**
   * Those whose first sign-in was faster than the insertion. To repeat the transaction would not do: beside many sign-ins each
   * attempt meets another one.
   */
  private async judgeOutrun(
    tx: EntityManager,
    run: Run,
    outrun: readonly Candidate[],
  ): Promise<ReadonlyMap<number, LineResult>> {
    const judged = outrun.length === 0 ? [] : await this.judgeAll(tx, run, outrun);
    // The account is gone again.
    if (judged.some(({ outcome }) => outcome === 'created')) throw new LostRace();
    return new Map(judged.map((result) => [result.line, result]));
  }

  /** What is to become of each line. `created` stands for the accounts that are to be created. */
  private async judgeAll(
    manager: EntityManager,
    run: Run,
    candidates: readonly Candidate[],
  ): Promise<readonly LineResult[]> {
    const owners = await this.users.ownersOf(
      manager,
      candidates.map(({ person }) => keyOf(person, run)),
    );
    const imported =
      run.importId === null
        ? []
        : await this.imports.find(
            manager,
            run.importId,
            candidates.map(({ subjectDigest }) => subjectDigest),
            candidates.flatMap(({ externalDigest }) => externalDigest ?? []),
          );
    const bySubject = new Map(imported.map((row) => [textOf(row.subjectDigest), row]));
    const byExternal = new Map(imported.map((row) => [textOf(row.externalDigest), row]));
    return candidates.map((candidate, index) => {
      const own = bySubject.get(textOf(candidate.subjectDigest));
      const holder = candidate.externalDigest && byExternal.get(textOf(candidate.externalDigest));
      return judge(candidate, owners[index] ?? null, own, holder ?? undefined);
    });
  }
}

function summaryOf({ importId, options: { isDryRun } }: Run, counts: ImportCounts): ImportSummary {
  return { importId, isDryRun, ...counts };
}

function keyOf({ telegramId }: ReadPerson, { options: { environment } }: Run): PersonKey {
  return { provider: PROVIDER, environment, subject: telegramId };
}

function textOf(digest: Buffer | null): string {
  return digest?.toString('base64') ?? '';
}
