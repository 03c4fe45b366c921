import { randomUUID } from 'node:crypto';
import { FanOut, FanOutRepository } from '@countersign/webhooks';
import { until } from '../support/until';
import { useReplica, useTestApp } from '../support/use-test-app';
import { addEndpoint, deliveriesOf, emit, fanOut } from '../support/webhooks';

const DAY_SECONDS = 86_400;

const people = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

describe('the fan-out of events', () => {
  const app = useTestApp();
  const replica = useReplica(app);
  const position = async () => {
    const [row] = await app.database.query<{ transaction: string; sequence: string; floor: string }>(
      `SELECT * FROM event_positions WHERE id = 'webhooks'`,
    );
    return row;
  };
  const isRead = async (id: string, count: number) => {
    await fanOut(app);
    return (await deliveriesOf(app, id)).length === count;
  };

  afterEach(async () => {
    await app.database.query('DELETE FROM event_subscriptions');
    await app.database.query('DELETE FROM webhook_endpoints');
    await app.catchUp();
    await app.database.query(`UPDATE events SET transaction = 1`);
  });

  it('waits for a transaction that is open, and then loses none of its events', async () => {
    const { id } = await addEndpoint(app, 'https://example.com');
    const holder = await app.database.hold('SELECT pg_current_xact_id()');
    try {
      await holder.run(
        `INSERT INTO events (transaction, occurred_at, id, type, subject, application_ids, data)
         VALUES (pg_current_xact_id()::text::bigint, $1, $2, 'session.opened', 'one', NULL, '{}')`,
        [app.clock.now(), randomUUID()],
      );
      await emit(app, people(3));
      await fanOut(app);
      expect(await deliveriesOf(app, id)).toEqual([]);
    } finally {
      await holder.commit();
    }
    await until(() => isRead(id, 4));
  });

  it('reads each event once, by parallel replicas, and never splits a transaction', async () => {
    const { id } = await addEndpoint(app, 'https://example.com');
    await emit(app, people(40), { together: true });
    await emit(app, people(20));
    await emit(app, people(25), { together: true });
    const steps = [app.nest.get(FanOut), replica.nest.get(FanOut)];
    await until(async () => {
      await Promise.all([...steps, ...steps].map((one) => one.step(10)));
      const transactions = await app.database.query<{ whole: boolean }>(
        `SELECT count(*) = count(delivery.sequence) OR count(delivery.sequence) = 0 AS whole FROM events
         LEFT JOIN webhook_deliveries AS delivery USING (sequence) WHERE transaction > 1 GROUP BY transaction`,
      );
      expect(transactions.every(({ whole }) => whole)).toBe(true);
      return (await deliveriesOf(app, id)).length === 85;
    });
  });

  it('goes on in a database that was restored into a cluster with a lower count of transactions', async () => {
    const { id } = await addEndpoint(app, 'https://example.com');
    await emit(app, people(5));
    await until(() => isRead(id, 5));
    await emit(app, people(4));
    // As in the cluster before: the last four were written, and not read.
    await app.database.query(
      'UPDATE events SET transaction = transaction + 4000000000 WHERE transaction > 1',
    );
    await app.database.query(`UPDATE event_positions SET transaction = transaction + 4000000000`);
    await emit(app, people(3));
    await until(() => isRead(id, 12));
    await emit(app, people(2));
    await until(() => isRead(id, 14));

    const restored = await position();
    expect(Number(restored?.transaction)).toBeLessThan(4_000_000_000);
    expect(Number(restored?.floor)).toBeGreaterThan(0);
    expect(new Set((await deliveriesOf(app, id)).map(({ event_id: one }) => one)).size).toBe(14);
    await app.database.query(`UPDATE event_positions SET floor = 0`);
  });

  it('reads events whose transactions this cluster has not reached, when it looks for them', async () => {
    const { id } = await addEndpoint(app, 'https://example.com');
    await emit(app, people(4));
    await app.database.query(
      'UPDATE events SET transaction = transaction + 4000000000 WHERE transaction > 1',
    );
    await emit(app, people(3));
    await until(() => isRead(id, 3));
    const step = app.nest.get(FanOut);
    // An open transaction of another database on the server delays what is looked for.
    await until(async () => {
      while ((await step.readEarlierCluster()).hasMore);
      return isRead(id, 7);
    });
    await emit(app, people(1));
    await until(() => isRead(id, 8));
    await app.database.query(`UPDATE event_positions SET floor = 0`);
  });

  it('takes no transaction that begins while it looks for those of an earlier cluster', async () => {
    const { id } = await addEndpoint(app, 'https://example.com');
    const repository = app.nest.get(FanOutRepository);
    const lock = repository.lock.bind(repository);
    const spy = jest.spyOn(repository, 'lock').mockImplementationOnce(async (tx) => {
      const locked = await lock(tx);
      await emit(app, people(3));
      return locked;
    });
    const holder = await app.database.hold('SELECT pg_current_xact_id()');
    try {
      await holder.run(
        `INSERT INTO events (transaction, occurred_at, id, type, subject, application_ids, data)
         VALUES (pg_current_xact_id()::text::bigint, $1, $2, 'session.opened', 'one', NULL, '{}')`,
        [app.clock.now(), randomUUID()],
      );
      expect(await app.nest.get(FanOut).readEarlierCluster()).toEqual({ added: 0, hasMore: false });
    } finally {
      await holder.commit();
      spy.mockRestore();
    }
    await until(() => isRead(id, 4));
  });

  it('has nothing to do without unread events', async () => {
    await until(async () => {
      await fanOut(app);
      return !(await app.nest.get(FanOut).isDue());
    });
    const before = await position();
    expect(await app.nest.get(FanOut).step()).toEqual({ added: 0, hasMore: false });
    expect(await position()).toEqual(before);
  });
});

describe.each([40, -6])('webhooks of a replica whose clock is %i days ahead', (days) => {
  const app = useTestApp();

  /** The clock of this replica jumps, and that of the database stays. */
  const jump = (by: number) => {
    app.clock.advance(by * DAY_SECONDS);
    app.databaseClock.setAhead(by === days ? -days * DAY_SECONDS : 0);
  };

  it('are planned once it is right', async () => {
    const { id } = await addEndpoint(app, 'https://example.com');
    await emit(app, [randomUUID()]);

    jump(days);
    await expect(app.nest.get(FanOut).step()).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(await deliveriesOf(app, id)).toEqual([]);

    jump(-days);
    await until(async () => {
      await app.nest.get(FanOut).step();
      return (await deliveriesOf(app, id)).length === 1;
    });
  });
});
