import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { declarationOf, eventSchema, eventTypeNames, type EventType } from '@countersign/events';
import type { Act } from './audit-trail';
import { expectedEvents, stateOf, type ToldEvent } from './expected-events';
import { TestApp } from './test-app';
import type { TestDatabase } from './test-database';

/** A row of the outbox. */
export interface StoredEvent extends ToldEvent {
  readonly id: string;
  readonly sequence: number;
  readonly at: Date;
}

const SUBSCRIBER = '0190b000-0000-7000-8000-000000000001';

const ajv = new Ajv2020({ allErrors: true, strict: true });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
const schemas = new Map(eventTypeNames.map((type) => [type, ajv.compile(eventSchema(type))]));

/** Makes one endpoint ask for types, also on a database that no application runs on, and lets all replicas know. */
export async function subscribe(
  database: TestDatabase,
  types: readonly EventType[] = eventTypeNames,
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

/** Performs the act for a subscriber of all types, and checks that it left the events of what it changed and no other. */
export async function expectTold({ database, clock, perform, cleanUp }: Act): Promise<readonly EventType[]> {
  try {
    await subscribe(database);
    const [before, known, from] = [await stateOf(database), await eventsOf(database), clock.now()];

    const records = await perform();

    const after = await stateOf(database);
    const added = (await eventsOf(database)).slice(known.length);
    expect(sorted(added.map(toldOf))).toEqual(sorted(expectedEvents(before, after, records)));
    for (const event of added) {
      expectValid(event);
      expect(event.at.getTime()).toBeGreaterThanOrEqual(from.getTime());
      expect(event.at.getTime()).toBeLessThanOrEqual(clock.now().getTime());
    }
    expectInOrder(added);
    return added.map(({ type }) => type);
  } finally {
    await cleanUp?.();
  }
}

function toldOf({ type, subject, applicationIds, data }: StoredEvent): ToldEvent {
  return { type, subject, applicationIds: applicationIds?.toSorted() ?? null, data };
}

/** The body of a delivery matches the schema of its type. */
function expectValid({ type, at, data }: StoredEvent): void {
  const { version } = declarationOf(type);
  const validate = schemas.get(type);
  const isValid = validate?.({ type, version, sequence: 1, timestamp: at.toISOString(), data });
  expect({ type, isValid, errors: validate?.errors }).toEqual({ type, isValid: true, errors: null });
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

function sorted(events: readonly ToldEvent[]): readonly ToldEvent[] {
  const keyOf = ({ type, data }: ToldEvent): string =>
    `${type} ${JSON.stringify(Object.entries(data).toSorted())}`;
  return events.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
