import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { DAY } from '@countersign/runtime';
import { ExpiryUpkeep } from '@countersign/database';
import { DeliveryWorker } from '@countersign/webhooks';
import { times } from '../factories';
import { until } from '../support/until';
import { useReplica, useTestApp } from '../support/use-test-app';
import {
  addEndpoint,
  ALLOW_RECEIVERS,
  deliveriesOf,
  emit,
  outcomesOf,
  startDeliveries,
  useReceiver,
} from '../support/webhooks';

/** Longer than a lease. */
const LEASE_SECONDS = 40;

/** Attempts at the same time to one endpoint. */
const MAX_IN_FLIGHT = 16;

describe('claims of webhooks', () => {
  const app = useTestApp({ environment: ALLOW_RECEIVERS });
  const replica = useReplica(app);
  const receiver = useReceiver();

  it('that expired record nothing over the results of another replica, and are sent again by it', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    const held: (() => void)[] = [];
    receiver.answer = (response) => void held.push(() => response.writeHead(500).end());
    await emit(app, [randomUUID()]);
    startDeliveries(app);
    await until(() => held.length === 1);

    receiver.answer = (response) => response.writeHead(200).end();
    app.clock.advance(LEASE_SECONDS);
    startDeliveries(replica);
    await until(async () => (await deliveriesOf(app, id)).every(({ state }) => state === 'delivered'));
    held[0]?.();
    const inFlight = Reflect.get(app.nest.get(DeliveryWorker), 'attemptsInFlight') as ReadonlySet<unknown>;
    await until(() => inFlight.size === 0);

    expect(await outcomesOf(app, id)).toEqual({ delivered: 1 });
    const [delivery] = await deliveriesOf(app, id);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(receiver.received.map(({ id: one }) => one)).toEqual([delivery?.event_id, delivery?.event_id]);
  });

  it('leave deliveries that are deleted after 30 days', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    await emit(app, [randomUUID()]);
    await until(async () => (await outcomesOf(app, id))['delivered'] === 1);
    const upkeep = app.nest.get(ExpiryUpkeep);
    app.clock.advance((29 * DAY) / 1_000);
    await upkeep.run();
    expect(await deliveriesOf(app, id)).toHaveLength(1);
    expect(await outcomesOf(app, id)).toEqual({ delivered: 1 });
    app.clock.advance((2 * DAY) / 1_000);
    expect(await upkeep.run()).toBeGreaterThanOrEqual(1);
    expect(await deliveriesOf(app, id)).toEqual([]);
    expect(await outcomesOf(app, id)).toEqual({});
  });
});

describe('a replica that ends', () => {
  const app = useTestApp({ environment: ALLOW_RECEIVERS });
  const receiver = useReceiver();

  it('records its attempts in flight, and begins no other', async () => {
    const replica = await app.startReplica();
    const { id } = await addEndpoint(app, receiver.url);
    const held: ServerResponse[] = [];
    receiver.answer = (response) => void held.push(response);
    await emit(
      app,
      times(MAX_IN_FLIGHT + 5, () => randomUUID()),
      { together: true },
    );
    startDeliveries(replica);
    await until(() => held.length === MAX_IN_FLIGHT);

    const ended = replica.close();
    for (const response of held) response.writeHead(204).end();
    await ended;

    expect(receiver.received).toHaveLength(MAX_IN_FLIGHT);
    expect(await outcomesOf(app, id)).toEqual({ delivered: MAX_IN_FLIGHT });
    const left = (await deliveriesOf(app, id)).filter(({ state }) => state === 'pending');
    expect(left.map(({ attempts }) => attempts)).toEqual([0, 0, 0, 0, 0]);
  });
});
