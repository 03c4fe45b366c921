import { randomUUID } from 'node:crypto';
import { FanOut } from '@countersign/webhooks';
import { until } from '../support/until';
import { useReplica, useTestApp } from '../support/use-test-app';
import {
  addEndpoint,
  ALLOW_RECEIVERS,
  deliveriesOf,
  emit,
  endpointRow,
  outcomesOf,
  startDeliveries,
  useReceiver,
} from '../support/webhooks';

const DAY_SECONDS = 86_400;
const DAY = DAY_SECONDS * 1_000;

describe.each([40, -6])('webhooks of a replica whose clock is %i days ahead', (days) => {
  const app = useTestApp({ environment: ALLOW_RECEIVERS });
  const receiver = useReceiver();

  /** The clock of this replica jumps, and that of the database stays. */
  const jump = (by: number) => {
    app.clock.advance(by * DAY_SECONDS);
    app.databaseClock.setAhead(by === days ? -days * DAY_SECONDS : 0);
  };

  it('are planned once it is right', async () => {
    const { id } = await addEndpoint(app, receiver.url);
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

describe('webhooks that a wrong clock made due later than any wait', () => {
  const app = useTestApp({ environment: ALLOW_RECEIVERS });
  const replica = useReplica(app);
  const receiver = useReceiver();
  const far = () => new Date(app.clock.now().getTime() + 2 * DAY);
  const isDelivered = (id: string, count: number) => async () =>
    (await deliveriesOf(app, id)).filter(({ state }) => state === 'delivered').length === count;

  it('are sent at once, with what follows of their subject', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    const userId = randomUUID();
    await emit(app, [userId, userId]);
    await until(async () => {
      await app.nest.get(FanOut).step();
      return (await deliveriesOf(app, id)).length === 2;
    });
    await app.database.query('UPDATE webhook_deliveries SET due_at = $2 WHERE endpoint_id = $1', [id, far()]);
    await app.database.query(
      'UPDATE webhook_queues SET due_at = $2, lease = gen_random_uuid() WHERE endpoint_id = $1',
      [id, far()],
    );
    startDeliveries(replica);
    await until(isDelivered(id, 2));
    expect(receiver.received).toHaveLength(2);
  });

  it('are sent by an endpoint that is paused for longer than it can ask for', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    await app.database.query('UPDATE webhook_endpoints SET paused_until = $2 WHERE id = $1', [id, far()]);
    await emit(app, [randomUUID()]);
    await until(isDelivered(id, 1));
  });

  it('wait as long as a receiver can ask for', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    receiver.answer = (response) => response.writeHead(503, { 'retry-after': '86400' }).end();
    await emit(app, [randomUUID()]);
    await until(async () => (await endpointRow(app, id)).paused_until !== null);
    receiver.answer = (response) => response.writeHead(200).end();
    const { id: well } = await addEndpoint(app, receiver.url);
    await emit(app, [randomUUID()]);
    await until(isDelivered(well, 1));
    expect(await outcomesOf(app, id)).toEqual({ throttled: 1 });
  });
});
