import { ErasureService, LedgerComparison } from '@countersign/account';
import { type Configuration, createLogger } from '@countersign/runtime';
import { KeyRing } from '@countersign/crypto';
import { ErasureLedger, type LedgerDraft } from '@countersign/ledger';
import { signInPerson, type PersonSession } from './person-session';
import { Countersign } from './run-countersign';
import { TestApp, type Demo } from './test-app';
import { createTestDatabase, type TestDatabase } from './test-database';

export const AWAY = 'postgresql://nobody@127.0.0.1:1/ledger';
const LATER_SECONDS = 5;

/** A database in which three people are signed in, and its ledger, as a backup has them. */
export class Backup {
  private constructor(
    readonly first: TestApp,
    readonly ledger: TestDatabase,
    readonly demo: Demo,
    readonly people: readonly [PersonSession, PersonSession, PersonSession],
  ) {}

  static async make(): Promise<Backup> {
    const [database, ledger] = [await createTestDatabase(), await createTestDatabase({ isEmpty: true })];
    const app = await TestApp.start({ database, environment: { ERASURE_LEDGER: ledger.directUrl } });
    const demo = await app.createApplication({ settings: { perRequestInitData: { accept: true } } });
    const signIn = () => signInPerson(app, demo);
    const people = [await signIn(), await signIn(), await signIn()] as const;
    await app.close();
    return new Backup(app, ledger, demo, people);
  }

  launch(app: TestApp, { person }: PersonSession, extra: object = {}) {
    const { applicationId } = this.demo;
    return app.postSignIn({ applicationId, initData: app.initDataOf(this.demo, person), ...extra });
  }

  async drop(): Promise<void> {
    await this.first.database.drop();
    await this.ledger.drop();
  }
}

interface ListedRow {
  readonly userId: string;
  readonly account: string;
  readonly run: string;
}

export interface List {
  readonly state: string;
  readonly digest: string;
  readonly erasures: readonly ListedRow[];
  readonly unverified: readonly { readonly userId: string | null }[];
}

/** What one test starts on copies of the backup. */
export class Installation {
  private readonly running = new Set<TestApp>();
  private readonly databases = new Set<TestDatabase>();
  private readonly commands: Countersign[] = [];

  private constructor(
    readonly backup: Backup,
    readonly ledger: TestDatabase,
  ) {
    this.databases.add(ledger);
  }

  static async of(backup: Backup): Promise<Installation> {
    return new Installation(backup, await backup.ledger.copy());
  }

  async copy(database = this.backup.first.database): Promise<TestDatabase> {
    const copied = await database.copy();
    this.databases.add(copied);
    return copied;
  }

  /** A replica. The clock is later than at the start before it. */
  async start(database: TestDatabase, { url = this.ledger.directUrl, keys = this.backup.first.keys } = {}) {
    const { clock, telegram } = this.backup.first;
    clock.advance(LATER_SECONDS);
    const app = await TestApp.start({
      database,
      keys,
      clock,
      telegram,
      environment: { ERASURE_LEDGER: url },
    });
    this.running.add(app);
    return app;
  }

  async stop(app: TestApp): Promise<void> {
    this.running.delete(app);
    await app.close();
  }

  async erase(app: TestApp, { userId }: PersonSession): Promise<void> {
    await app.nest.get(ErasureService).eraseFor(userId, 'ticket-1', true);
  }

  /** Production goes on after the backup, erases people, and is gone. */
  async eraseSince(...people: readonly PersonSession[]): Promise<TestDatabase> {
    const database = await this.copy();
    const production = await this.start(database);
    for (const person of people) await this.erase(production, person);
    await this.stop(production);
    return database;
  }

  /** Commands that share one start. */
  command({ database, keys }: Pick<TestApp, 'database' | 'keys'>, url = this.ledger.directUrl): Countersign {
    const app = { database, keys, catchUp: () => TestApp.catchUpOn(database) };
    const command = Countersign.keptOpen(app, { ERASURE_LEDGER: url });
    this.commands.push(command);
    return command;
  }

  /** By another process that has a key ring. */
  async append(keys: string, draft: LedgerDraft): Promise<void> {
    const configuration = { erasureLedger: this.ledger.directUrl, patience: 1 } as Configuration;
    const { clock } = this.backup.first;
    const ledger = new ErasureLedger(configuration, KeyRing.parse(keys), clock, createLogger('silent'));
    const [last] = (await this.rows()).toReversed();
    const behind = { last: last?.number ?? 0, taken: new Set<number>() };
    await ledger.append(last?.installation ?? '', behind, [draft]);
  }

  rows() {
    return this.ledger.query<{
      installation: string;
      kind: string;
      number: number;
      id: string;
      userId: string | null;
      macs: object;
    }>('SELECT * FROM countersign_erasures ORDER BY installation, number');
  }

  async drop(): Promise<void> {
    for (const command of this.commands) await command.close();
    for (const app of this.running) await app.close();
    for (const database of this.databases) await database.drop();
  }
}

export const usersOf = async ({ database }: Pick<TestApp, 'database'>): Promise<readonly string[]> =>
  (await database.query<{ id: string }>('SELECT id FROM users ORDER BY id')).map(({ id }) => id);
export const actsOf = async (
  { database }: Pick<TestApp, 'database'>,
  action: string,
): Promise<readonly object[]> =>
  (
    await database.query<{ details: object }>('SELECT details FROM audit_records WHERE action = $1', [action])
  ).map(({ details }) => details);
export const hintOf = (app: TestApp): Promise<string | null> => app.nest.get(LedgerComparison).hint();
export const stateOf = (app: TestApp): Promise<string> => app.nest.get(LedgerComparison).run();
