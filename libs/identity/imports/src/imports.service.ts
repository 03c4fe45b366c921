import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { type AuditedEvent, AuditService, defineEvents } from '@countersign/audit';
import { Database, LostRace } from '@countersign/database';
import { UserImports, type PersonToImport } from '@countersign/users';
import type { RawLine } from './lines/raw-lines';
import { type LineResult, readLine, type ReadPerson } from './lines/import-line';

export const importEvents = defineEvents({ started: 'import.started', finished: 'import.finished' });

interface Candidate {
  readonly line: number;
  readonly person: ReadPerson;
}

export type Pending = LineResult | Candidate;

/** Short, so that a sign-in of one of these people waits only for milliseconds. */
const LINES_PER_TRANSACTION = 200;

/** Keeps the order of lines. No two people of a batch have the same Telegram id. */
async function* batchesOf(lines: AsyncIterable<RawLine>): AsyncGenerator<readonly Pending[]> {
  let batch: Pending[] = [];
  const known = new Set<string>();
  let line = 0;
  for await (const raw of lines) {
    line += 1;
    const read = readLine(raw);
    const id = 'person' in read ? read.person.telegramId : null;
    if (batch.length === LINES_PER_TRANSACTION || (id !== null && known.has(id))) {
      yield batch;
      batch = [];
      known.clear();
    }
    if (id !== null) known.add(id);
    batch.push(
      'person' in read ? { line, person: read.person } : { line, outcome: 'invalid', ...read.refusal },
    );
  }
  if (batch.length > 0) yield batch;
}

interface ImportOptions {
  readonly environment: string;
  readonly linesPerSecond: number;
  readonly isDryRun: boolean;
}

/** The keys are Telegram ids. A dry run creates no accounts. */
interface Accounts {
  readonly known: ReadonlyMap<string, string>;
  readonly created?: ReadonlyMap<string, string>;
}

/**
 * Creates accounts of people of an earlier system. They have proven nothing, so they have no session, no verified field
 * and no assurance. Existing accounts are never changed.
 */
@Injectable()
export class ImportsService {
  constructor(
    private readonly database: Database,
    private readonly users: UserImports,
    private readonly audit: AuditService,
  ) {}

  /** One transaction per batch of lines, reported after the commit. @param report false stops the import, unfinished */
  async run(
    lines: AsyncIterable<RawLine>,
    options: ImportOptions,
    report: (results: readonly LineResult[]) => Promise<boolean>,
  ): Promise<Record<LineResult['outcome'], number> & { importId: string | null; isDryRun: boolean }> {
    const { isDryRun, linesPerSecond } = options;
    const importId = isDryRun ? null : uuidv7();
    const counts = { created: 0, exists: 0, invalid: 0 };
    await this.record(importEvents.started, importId);
    for await (const batch of batchesOf(lines)) {
      const startedAt = performance.now();
      const results = await this.process(batch, options);
      for (const { outcome } of results) counts[outcome] += 1;
      if (!(await report(results))) return { importId, isDryRun, ...counts };
      const leastMs = (batch.length / linesPerSecond) * 1_000;
      await sleep(Math.max(0, leastMs - (performance.now() - startedAt)));
    }
    const details = Object.entries(counts).map(([name, count]) => [name, String(count)] as const);
    await this.record(importEvents.finished, importId, Object.fromEntries(details));
    return { importId, isDryRun, ...counts };
  }

  private async record(
    event: AuditedEvent,
    importId: string | null,
    details: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    if (importId === null) return;
    await this.database.transaction((tx) =>
      this.audit.recordByOperator(tx, event, { subject: importId, details }),
    );
  }

  private async process(
    batch: readonly Pending[],
    { environment, isDryRun }: ImportOptions,
  ): Promise<readonly LineResult[]> {
    const people = batch.flatMap((each) => {
      if (!('person' in each)) return [];
      const { telegramId: subject, imported } = each.person;
      return [{ provider: 'telegram', environment, subject, imported }];
    });
    const accounts = isDryRun
      ? { known: await this.database.read((manager) => this.users.ownersOf(manager, people)) }
      : await this.database.transaction((tx) => this.create(tx, people));
    return batch.map((each) => ('person' in each ? resultOf(each, accounts) : each));
  }

  private async create(tx: EntityManager, people: readonly PersonToImport[]): Promise<Accounts> {
    const known = await this.users.ownersOf(tx, people);
    const strangers = people.filter(({ subject }) => !known.has(subject));
    if (strangers.length === 0) return { known };
    const created = await this.users.create(tx, strangers);
    // The first sign-in of these people was faster. Beside many sign-ins, each retry would conflict too.
    const outrun = strangers.filter(({ subject }) => !created.has(subject));
    const later = await this.users.ownersOf(tx, outrun);
    // The account was deleted meanwhile.
    if (later.size < outrun.length) throw new LostRace();
    return { known: new Map([...known, ...later]), created };
  }
}

function resultOf(
  { line, person: { telegramId, externalId } }: Candidate,
  { known, created }: Accounts,
): LineResult {
  const outcome = known.has(telegramId) ? 'exists' : 'created';
  const userId = known.get(telegramId) ?? created?.get(telegramId) ?? null;
  return { line, outcome, userId, ...(externalId !== null && { externalId }) };
}
