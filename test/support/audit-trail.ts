import { AcceptedBots } from '@countersign/applications';
import { auditActions } from '@countersign/audit';
import { type Clock, SystemClock } from '@countersign/runtime';
import { aRapidpaceApplication, type RapidpaceApplication } from './rapidpace';
import { CONSOLE_URL } from './console';
import type { TestCustody } from './custody';
import { environmentOf, useCustody } from './embedded-wallets';
import { systemOperator } from './audit-ways-of-operators';
import { Countersign } from './run-countersign';
import { expectTold } from './told-events';
import type { Demo, TestApp } from './test-app';
import type { TestDatabase } from './test-database';
import { useFixture } from './use-fixture';
import { useTestApp } from './use-test-app';

/** A record of the audit trail without its id and its instant. */
export interface AuditRecord {
  readonly action: string;
  readonly actor: string;
  readonly subject: string | null;
  readonly applicationId: string | null;
  readonly details: Readonly<Record<string, string>>;
}

/** An act that is about to happen. */
export interface Act {
  readonly database: TestDatabase;
  /** Of the process that records it. */
  readonly clock: Clock;
  /** Performs it, and answers every record that it has to leave. */
  readonly perform: () => Promise<readonly AuditRecord[]>;
  readonly cleanUp?: () => Promise<void>;
  /** An action whose records do not count. */
  readonly ignored?: string;
}

/** Makes everything ready for an act. */
export type Way = (stage: Stage) => Promise<Act>;

/** The ways of some actions, by what sets each of them apart. */
export type Ways<Actions extends string = string> = Readonly<Record<Actions, Readonly<Record<string, Way>>>>;

/** The service, an application with every door, and a command line. */
export class Stage {
  private constructor(
    readonly app: TestApp,
    readonly demo: Demo,
    /** The same application with its OpenWeb3 bot. */
    readonly im: Demo,
    readonly casino: RapidpaceApplication,
    readonly countersign: Countersign,
    readonly custody: TestCustody,
  ) {}

  static async set(app: TestApp, custody: TestCustody): Promise<Stage> {
    const demo = await app.createApplication({
      settings: {
        dataNeeds: ['name', 'phone'],
        perRequestInitData: { accept: true },
        initDataMaxAge: 600,
      },
    });
    const im = await app.addOpenWeb3Bot(demo);
    const bot = { provider: 'telegram', environment: 'production', botId: demo.botId } as const;
    await app.nest.get(AcceptedBots).allow(demo.applicationId, bot);
    const countersign = Countersign.keptOpen(app, { CUSTODY_SOCKET: custody.socket });
    // Makes the principal of its commands.
    await countersign.json('me show');
    return new Stage(app, demo, im, await aRapidpaceApplication(app), countersign, custody);
  }

  readonly http = (perform: Act['perform']): Act => {
    const { database, clock } = this.app;
    return { database, clock, perform };
  };

  /** An act by a command of the administration API: what it records as of the operator is of the principal of commands. */
  readonly cli = (perform: Act['perform']): Act => ({
    ...this.http(async () => {
      const actor = await this.countersign.actor();
      return (await perform()).map((record) =>
        record.actor === systemOperator ? { ...record, actor } : record,
      );
    }),
    // Each command gets a token.
    ignored: 'principal.authenticated',
  });

  /** An act by a command on the database, which has a clock of its own. */
  readonly local = (perform: Act['perform']): Act => {
    return { database: this.app.database, clock: new SystemClock(), perform };
  };

  /** How the audit trail names a person. */
  readonly pseudonymOf = async ({ userId }: { readonly userId: string }): Promise<string> => {
    const [user] = await this.app.database.query<{ pseudonym: string }>(
      'SELECT audit_pseudonym AS pseudonym FROM users WHERE id = $1',
      [userId],
    );
    if (!user) throw new Error('no such user');
    return `user:${user.pseudonym}`;
  };
}

export function useStage(): Stage {
  const custody = useCustody();
  const app = useTestApp(() => ({
    environment: { ...environmentOf(custody).environment, CONSOLE_URL },
  }));
  return useFixture(() => Stage.set(app, custody), { close: ({ countersign }) => countersign.close() });
}

/** Performs the act, and checks that it left these records, their events, and no others. */
export async function expectRecorded({
  database,
  clock,
  perform,
  cleanUp,
  ignored,
}: Act): Promise<readonly AuditRecord[]> {
  try {
    const before = await summaryOf(database, await idsOf(database));
    const from = clock.now();

    const expected = await expectTold(database, clock, perform);

    const added = (await recordsBeside(database, before.ids)).filter(({ action }) => action !== ignored);
    expect(sorted(added.map(({ at, ...record }) => record))).toEqual(sorted(expected));
    for (const { at } of added) {
      expect(at.getTime()).toBeGreaterThanOrEqual(from.getTime());
      expect(at.getTime()).toBeLessThanOrEqual(clock.now().getTime());
    }
    // None has gone, and none was written over.
    expect(await summaryOf(database, before.ids)).toEqual(before);
    return expected;
  } finally {
    await cleanUp?.();
  }
}

/** The rows of a table of ways, for `it.each`. */
export function rowsOf(ways: Ways): readonly (readonly [action: string, title: string, way: Way])[] {
  return Object.entries(ways).flatMap(([action, byTitle]) =>
    Object.entries(byTitle).map(([title, way]) => [action, title, way] as const),
  );
}

/** The actions that a table has no way of. */
export function missingFrom(ways: Ways): readonly string[] {
  const performed = new Set(rowsOf(ways).map(([action]) => action));
  return auditActions.filter((action) => !performed.has(action));
}

interface StoredRecord extends AuditRecord {
  readonly at: Date;
}

/** As an array of PostgreSQL: the trail grows with each test, and thousands of rows are slow to parse. */
async function idsOf(database: TestDatabase): Promise<string> {
  const [row] = await database.query<{ ids: string }>(
    'SELECT array_agg(id ORDER BY id)::text AS ids FROM audit_records',
  );
  return row?.ids ?? '{}';
}

/** The records with these ids, which ones they are and what they say. */
async function summaryOf(database: TestDatabase, ids: string): Promise<{ ids: string; digest: string }> {
  const [row] = await database.query<{ ids: string | null; digest: string }>(
    `SELECT array_agg(id ORDER BY id)::text AS ids, md5(string_agg(r::text, '' ORDER BY id)) AS digest
     FROM audit_records r WHERE id = ANY ($1::uuid[])`,
    [ids],
  );
  return { ids: row?.ids ?? '{}', digest: row?.digest ?? '' };
}

function recordsBeside(database: TestDatabase, ids: string): Promise<readonly StoredRecord[]> {
  return database.query<StoredRecord>(
    `SELECT occurred_at AS at, action, actor, subject, application_id AS "applicationId", details
     FROM audit_records WHERE id <> ALL ($1::uuid[]) ORDER BY id`,
    [ids],
  );
}

/** One statement writes several records in any order. */
function sorted(records: readonly AuditRecord[]): readonly AuditRecord[] {
  const keyOf = ({ action, subject }: AuditRecord): string => `${action} ${subject ?? ''}`;
  return records.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
