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
      expect(await replay(id)).toEqual({ replayed: 1, alreadyPending: 0, nextCursor: null });
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

    expect(await replay(id)).toEqual({ replayed: 1, alreadyPending: 0, nextCursor: null });
    expect(await deliveriesOf(app, id)).toHaveLength(1);
    await until(async () => {
      await readAllEvents(app);
      return (await deliveriesOf(app, id)).length === 2;
    });
    // What it has read of the earlier cluster stays read.
    const { id: later } = await addEndpoint(app, URL);
    expect(await replay(later)).toEqual({ replayed: 2, alreadyPending: 0, nextCursor: null });
  });

  it.each([
    ['that exist', true],
    ['that it adds', false],
  ])('locks queues %s in their order, and deliveries after them', async (_title, exist) => {
    const { id } = await addEndpoint(app, URL);
    const subjects = Array.from({ length: 20 }, () => randomUUID()).toSorted();
    const [first = '', ...others] = subjects;
    await emit(app, [...others.toReversed(), first]);
    await readAllEvents(app);
    await app.database.query(`UPDATE webhook_deliveries SET state = 'failed', attempts = 10`);
    if (!exist) await app.database.query('DELETE FROM webhook_queues');
    const lock = `INSERT INTO webhook_queues AS queue (endpoint_id, subject, due_at)
      SELECT '${id}', subject, now() FROM unnest($1::text[]) AS subject ORDER BY subject
      ON CONFLICT (endpoint_id, subject) DO UPDATE SET due_at = queue.due_at`;
    // Shorter than PostgreSQL waits until it finds a deadlock: that would end the replay, which is then repeated.
    const holder = await app.database.hold(`SET LOCAL lock_timeout = '50ms'`);
    await holder.run(lock, [[first]]);
    const replayed = replay(id);
    try {
      await until(
        async () =>
          (
            await app.database.query(
              `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
            )
          ).length > 0,
      );
      await holder.run('SELECT FROM webhook_deliveries FOR UPDATE');
      await holder.run(lock, [others]);
    } finally {
      await holder.commit();
    }
    expect(await replayed).toEqual({ replayed: 20, alreadyPending: 0, nextCursor: null });
  });

  it('leaves no queue of what it does not deliver again', async () => {
    const { id } = await addEndpoint(app, URL);
    await emit(app, [randomUUID(), randomUUID()]);
    await readAllEvents(app);
    await app.database.query(`UPDATE webhook_deliveries SET state = 'delivered'`);
    await app.database.query('DELETE FROM webhook_queues');

    expect(await replay(id)).toEqual({ replayed: 0, alreadyPending: 0, nextCursor: null });
    expect(await app.database.query('SELECT FROM webhook_queues')).toEqual([]);
  });

  it('tells what is pending and stays as it is', async () => {
    const { id } = await addEndpoint(app, URL);
    await emit(app, [randomUUID(), randomUUID(), randomUUID()]);
    await readAllEvents(app);
    const due = async () => (await deliveriesOf(app, id)).map(({ due_at: dueAt }) => dueAt);
    const before = await due();
    // As a replica holds it that waits for an answer.
    const lease = `UPDATE webhook_queues SET lease = gen_random_uuid(), due_at = $2
      WHERE endpoint_id = $1 AND subject = (SELECT min(subject) FROM webhook_queues WHERE endpoint_id = $1)`;
    await app.database.query(lease, [id, new Date(app.clock.now().getTime() + 40_000)]);

    expect(await replay(id, ['missed', 'failed'])).toEqual({
      replayed: 0,
      alreadyPending: 3,
      nextCursor: null,
    });
    expect(await due()).toEqual(before);
    expect(await replay(id)).toEqual({ replayed: 2, alreadyPending: 1, nextCursor: null });
  });
});
