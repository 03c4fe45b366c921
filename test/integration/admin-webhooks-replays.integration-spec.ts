import { randomUUID } from 'node:crypto';
import { anOperator } from '../support/operator';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { addEndpoint, deliveriesOf, emit, readAllEvents } from '../support/webhooks';

const EVER = { from: '2020-01-01T00:00:00Z', before: '2099-01-01T00:00:00Z' };
const URL = 'https://hooks.example.com/';

describe('a replay of the events of a time', () => {
  const app = useTestApp();
  const operator = useFixture(() => anOperator(app));
  const replay = async (endpointId: string, states?: readonly string[]): Promise<unknown> => {
    const wanted = states === undefined ? EVER : { ...EVER, states };
    return (await operator.post(`/v1/admin/webhooks/${endpointId}/deliveries/replay`, wanted).expect(200))
      .body;
  };
  const subjectsOf = async (endpointId: string): Promise<readonly string[]> =>
    (await deliveriesOf(app, endpointId)).map(({ subject }) => subject);

  afterEach(async () => {
    for (const table of ['event_subscriptions', 'webhook_endpoints', 'events'])
      await app.database.query(`DELETE FROM ${table}`);
    await app.catchUp();
  });

  it('adds no event before the fan-out has read it, so that none overtakes another of its subject', async () => {
    const { id: earlier } = await addEndpoint(app, URL);
    const [read, unread] = [randomUUID(), randomUUID()];
    await emit(app, [read]);
    await readAllEvents(app);
    const { id } = await addEndpoint(app, URL);
    // A transaction that is open may have an earlier event of the subject.
    const holder = await app.database.hold('SELECT pg_current_xact_id()');
    try {
      await holder.run(
        `INSERT INTO events (transaction, occurred_at, id, type, subject, application_ids, data)
         VALUES (pg_current_xact_id()::text::bigint, $1, $2, 'session.opened', $3, NULL, '{}')`,
        [app.clock.now(), randomUUID(), unread],
      );
      await emit(app, [unread]);
      expect(await replay(id)).toEqual({ replayed: 1, nextCursor: null });
      expect(await subjectsOf(id)).toEqual([read]);
    } finally {
      await holder.commit();
    }
    await readAllEvents(app);

    expect(await subjectsOf(id)).toEqual([read, unread, unread]);
    expect(await subjectsOf(earlier)).toEqual([read, unread, unread]);
  });

  it('adds none that is unread in a database that was restored into a cluster with a lower count', async () => {
    await addEndpoint(app, URL);
    await emit(app, [randomUUID()]);
    await readAllEvents(app);
    const { id } = await addEndpoint(app, URL);
    await app.database.query('UPDATE events SET transaction = transaction + 4000000000');
    await app.database.query('UPDATE event_positions SET transaction = transaction + 4000000000');
    await emit(app, [randomUUID()]);

    expect(await replay(id)).toEqual({ replayed: 1, nextCursor: null });
    expect(await deliveriesOf(app, id)).toHaveLength(1);
    await until(async () => {
      await readAllEvents(app);
      return (await deliveriesOf(app, id)).length === 2;
    });
    // What it has read of the earlier cluster stays read.
    const { id: later } = await addEndpoint(app, URL);
    expect(await replay(later)).toEqual({ replayed: 2, nextCursor: null });
  });
});
