import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ErasureService, LedgerStart } from '@countersign/account';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { isLive, signInPerson, type PersonSession } from '../support/person-session';
import { Countersign } from '../support/run-countersign';
import { TestApp, type Demo } from '../support/test-app';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { useFixture } from '../support/use-fixture';

const OPERATIONS = join(__dirname, '../../docs/operations.md');

/** The commands of a section of docs/operations.md, in their order. */
function commandsOf(heading: string): readonly string[] {
  const [, section = ''] = readFileSync(OPERATIONS, 'utf8').split(`### ${heading}\n`);
  const [own = ''] = section.split(/^##/m);
  return [...own.matchAll(/^countersign (.+)$/gm)].map(([, words = '']) => words);
}

/** A production with its ledger, where one person is erased after a backup of both. */
class Production {
  readonly started: TestApp[] = [];

  private constructor(
    readonly app: TestApp,
    readonly ledger: TestDatabase,
    readonly demo: Demo,
    readonly people: readonly [gone: PersonSession, remaining: PersonSession],
    readonly backups: readonly [TestDatabase, TestDatabase],
    readonly folder: string,
  ) {}

  static async make(): Promise<Production> {
    const [database, ledger] = [await createTestDatabase(), await createTestDatabase({ isEmpty: true })];
    const environment = { ERASURE_LEDGER: ledger.directUrl };
    const first = await TestApp.start({ database, environment });
    const demo = await first.createApplication();
    const people = [await signInPerson(first, demo), await signInPerson(first, demo)] as const;
    await first.close();
    const backups = [await database.copy(), await database.copy()] as const;
    const { keys, clock, telegram } = first;
    const app = await TestApp.start({ database, keys, clock, telegram, environment });
    const folder = mkdtempSync(join(tmpdir(), 'countersign-ledger-'));
    const made = new Production(app, ledger, demo, people, backups, folder);
    made.started.push(app);
    await app.nest.get(ErasureService).eraseFor(people[0].userId, 'ticket-1', true);
    return made;
  }

  /** Another installation with the keys of this one. */
  async start(database: TestDatabase, ledger: string): Promise<TestApp> {
    const { keys, clock, telegram } = this.app;
    clock.advance(1);
    const app = await TestApp.start({
      database,
      keys,
      clock,
      telegram,
      environment: { ERASURE_LEDGER: ledger },
    });
    this.started.push(app);
    return app;
  }

  async drop(): Promise<void> {
    for (const app of this.started) await app.close();
    for (const database of [this.app.database, ...this.backups, this.ledger]) await database.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe('the procedures of docs/operations.md', () => {
  const production = useFixture(() => Production.make(), { close: (made) => made.drop() });

  const usersOf = ({ database }: Pick<TestApp, 'database'>) =>
    database.query<{ id: string }>('SELECT id FROM users ORDER BY id');
  const entriesOf = () => production.ledger.query('SELECT * FROM countersign_erasures ORDER BY number');
  const readinessOf = async (app: TestApp) => (await app.http.get('/health/ready').expect(200)).text;
  const erase = (app: TestApp, { userId }: PersonSession) =>
    app.nest.get(ErasureService).eraseFor(userId, 'ticket-2', true);

  it('make a copy an installation of its own, which does nothing to production', async () => {
    const [gone, remaining] = production.people;
    const ledger = `file://${production.folder}/erasures`;
    const [migrate = '', list = '', foreign = '', ...others] = commandsOf('A copy of production');
    expect(others).toEqual([]);
    const countersign = new Countersign(
      { database: production.backups[0], keys: production.app.keys },
      { ERASURE_LEDGER: ledger },
    );

    expect((await countersign.run(migrate)).exitCode).toBe(0);
    const copy = await production.start(production.backups[0], ledger);
    expect(await readinessOf(copy)).toContain('the ledger lacks entries');
    await signInPerson(copy, production.demo, gone.person);
    await expect(erase(copy, gone)).rejects.toMatchObject({ code: 'account.erasures_wait' });
    const digest = /[0-9a-f]{64}/.exec((await countersign.run(list)).output)?.[0] ?? '';
    expect((await countersign.run(foreign.replace('<digest>', digest))).exitCode).toBe(0);

    expect(await readinessOf(copy)).not.toContain('ledger');
    const [users, entries] = [await usersOf(production.app), await entriesOf()];
    expect(await erase(copy, remaining)).toEqual({ userId: remaining.userId, erasesAt: null });
    // As at a start, which moves the mark.
    await production.app.nest.get(LedgerStart).start();
    expect(await readinessOf(production.app)).not.toContain('ledger');
    expect(await usersOf(production.app)).toEqual(users);
    expect((await entriesOf()).slice(0, -1)).toEqual(entries);
    expect(await isLive(production.app, remaining)).toBe(true);
  });

  it('rehearse a restore on copies', async () => {
    const [gone, remaining] = production.people;
    const [list = '', restored = '', ...others] = commandsOf('Rehearse a restore');
    expect(others).toEqual([]);
    const before = await entriesOf();
    const copied = await production.ledger.copy();
    const countersign = new Countersign(
      { database: production.backups[1], keys: production.app.keys },
      { ERASURE_LEDGER: copied.directUrl },
    );
    try {
      const rehearsal = await production.start(production.backups[1], copied.directUrl);
      expect(await readinessOf(rehearsal)).toContain('entries that this database does not know');
      expect(await isLive(rehearsal, remaining)).toBe(false);
      const { output } = await countersign.run(list);
      expect(output).toContain(gone.userId);
      expect(output).not.toContain(remaining.userId);
      const digest = /[0-9a-f]{64}/.exec(output)?.[0] ?? '';
      expect((await countersign.run(restored.replace('<digest>', digest))).exitCode).toBe(0);

      const operator = await anOperator(rehearsal);
      expectProblem(await operator.get(`/v1/admin/users/${gone.userId}`), 404, 'user.not_found');
      const back = await signInPerson(rehearsal, production.demo, remaining.person);
      expect(back.userId).toBe(remaining.userId);
      expect(await entriesOf()).toEqual(before);
    } finally {
      for (const app of production.started.splice(1)) await app.close();
      await copied.drop();
    }
  });
});
