import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { Clock } from '@countersign/runtime';
import { eventSchema, findPublicEvent, publicEventNames } from '@countersign/audit';
import type { AuditRecord } from './audit-trail';
import { TestApp } from './test-app';
import type { TestDatabase } from './test-database';

/** A row of the outbox. */
export interface StoredEvent {
  readonly type: string;
  readonly subject: string;
  readonly applicationIds: readonly string[] | null;
  readonly data: Readonly<Record<string, string | boolean>>;
  readonly sequence: number;
  readonly at: Date;
}

const SUBSCRIBER = '0190b000-0000-7000-8000-000000000001';

const ajv = new Ajv2020({ allErrors: true, strict: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
/** Features are loaded, and define their types, when an application starts. */
const schemas = new Map<string, ValidateFunction>();

/** Makes one endpoint ask for types, also on a database that no application runs on, and lets all replicas know. */
export async function subscribe(
  database: TestDatabase,
  types: readonly string[] = publicEventNames,
): Promise<void> {
  await database.query(
    `INSERT INTO webhook_endpoints (id, name, url, types, status, created_at, updated_at)
     VALUES ($1, 'test', 'https://hooks.example.com/', $2, 'active', now(), now())
     ON CONFLICT (id) DO UPDATE SET types = excluded.types`,
    [SUBSCRIBER, types],
  );
  await TestApp.catchUpOn(database);
}

export async function unsubscribe(database: TestDatabase): Promise<void> {
  await database.query('DELETE FROM webhook_endpoints');
  await TestApp.catchUpOn(database);
}

/** In the order of their statements. */
export function eventsOf(database: TestDatabase): Promise<readonly StoredEvent[]> {
  return database.query<StoredEvent>(
    `SELECT id, sequence::int AS sequence, occurred_at AS at, type, subject,
       application_ids AS "applicationIds", data
     FROM events ORDER BY sequence`,
  );
}

/** Events of what follows from an act whose record stands for all of it. */
const consequences: ReadonlySet<string> = new Set([
  'session.opened',
  'session.ended',
  'user.created',
  'user.revealed',
  'webhook.endpoint_disabled',
  'webhook.test',
]);

/**
 * Performs the act for a subscriber of all types, and checks that it left the events of its records that are public, and no others
 * than of what follows from them, each told only to applications that know the person.
 */
export async function expectTold(
  database: TestDatabase,
  clock: Clock,
  perform: () => Promise<readonly AuditRecord[]>,
): Promise<readonly AuditRecord[]> {
  await subscribe(database);
  const [known, usersBefore, from] = [
    (await eventsOf(database)).length,
    await visitsOf(database),
    clock.now(),
  ];

  const records = await perform();

  const added = (await eventsOf(database)).slice(known);
  const visits = [...usersBefore, ...(await visitsOf(database))];
  const others = added.map(({ type }) => type);
  for (const type of records.flatMap(typesOf)) {
    expect(others).toContain(type);
    others.splice(others.indexOf(type), 1);
  }
  expect(others.filter((type) => !consequences.has(type))).toEqual([]);
  // A split account is new to the applications of the one that it leaves.
  const people = new Set(added.map(({ data }) => data['userId']));
  const informed = visits
    .filter(({ userId }) => people.has(userId))
    .map(({ applicationId }) => applicationId);
  for (const event of added) {
    expectValid(event);
    expect(event.at.getTime()).toBeGreaterThanOrEqual(from.getTime());
    expect(event.at.getTime()).toBeLessThanOrEqual(clock.now().getTime());
    const { userId, applicationId } = event.data;
    if (userId)
      expect([...informed, applicationId]).toEqual(expect.arrayContaining(event.applicationIds ?? []));
  }
  expectInOrder(added);
  return records;
}

/** Where an audited act and its event have different names. */
const eventOf: Readonly<Record<string, string>> = { 'profile.changed': 'user.profile_changed' };

function typesOf({ action }: AuditRecord): readonly string[] {
  const type = eventOf[action] ?? action;
  return findPublicEvent(type) ? [type] : [];
}

function visitsOf(database: TestDatabase): Promise<readonly { userId: string; applicationId: string }[]> {
  return database.query(
    'SELECT user_id AS "userId", application_id AS "applicationId" FROM user_applications',
  );
}

/** The body of a delivery matches the schema of its type. */
function expectValid({ type, at, data }: StoredEvent): void {
  const event = findPublicEvent(type);
  if (!event) throw new Error(`no feature defines the event ${type}`);
  const { version } = event;
  const validate = schemas.get(type) ?? ajv.compile(eventSchema(event));
  schemas.set(type, validate);
  const isValid = validate({ type, version, sequence: 1, timestamp: at.toISOString(), data });
  expect({ type, isValid, errors: validate.errors }).toEqual({ type, isValid: true, errors: null });
}

/** An account begins before all that happens to it, and ends after it. A session opens before it ends. */
function expectInOrder(events: readonly StoredEvent[]): void {
  for (const subject of new Set(events.map((event) => event.subject))) {
    const types = events.filter((event) => event.subject === subject).map(({ type }) => type);
    expect(types.lastIndexOf('user.created')).toBeLessThanOrEqual(0);
    if (types.includes('user.erased')) expect(types.indexOf('user.erased')).toBe(types.length - 1);
  }
  for (const { type, sequence, data } of events)
    if (type === 'session.ended')
      expect(
        events.filter(
          (later) => later.type === 'session.opened' && later.sequence > sequence && isOfSession(later, data),
        ),
      ).toEqual([]);
}

function isOfSession(event: StoredEvent, { sessionId }: StoredEvent['data']): boolean {
  return event.data['sessionId'] === sessionId;
}
