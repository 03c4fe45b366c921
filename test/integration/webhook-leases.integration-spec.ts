import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { DAY } from '@countersign/clock';
import { times } from '../factories';
import { until } from '../support/until';
import { useReplica, useTestApp } from '../support/use-test-app';
import {
  addEndpoint,
  ALLOW_RECEIVERS,
  deliveriesOf,
  emit,
  endpointRow,
  fanOut,
  outcomesOf,
  startDeliveries,
  useReceiver,
} from '../support/webhooks';
import { WebhookUpkeep } from '@countersign/webhooks';

/** Longer than a lease, with the patience of the run. */
const LEASE_SECONDS = 40 * 100;

/** Attempts at the same time to one endpoint. */
const MAX_IN_FLIGHT = 32;

describe('claims of webhooks', () => {
  const app = useTestApp({ environment: ALLOW_RECEIVERS });
  const replica = useReplica(app);
  const receiver = useReceiver();

  it('that expired record nothing over the results of another replica, and are sent again by it', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    const held: (() => void)[] = [];
    receiver.answer = (response) => void held.push(() => response.writeHead(500).end());
    const userId = randomUUID();
    await emit(app, [userId, userId]);
    startDeliveries(app);
    await until(() => held.length === 1);

    receiver.answer = (response) => response.writeHead(200).end();
    app.clock.advance(LEASE_SECONDS);
    startDeliveries(replica);
    await until(async () => (await deliveriesOf(app, id)).every(({ state }) => state === 'delivered'));
    held[0]?.();
    await until(() => app.logLines.some((line) => line.includes('results of webhooks came too late')));

    expect(await outcomesOf(app, id)).toEqual({ delivered: 2 });
    expect((await deliveriesOf(app, id)).map(({ attempts }) => attempts)).toEqual([1, 1]);
    const [first, second] = await deliveriesOf(app, id);
    expect(receiver.received.map(({ id: one }) => one)).toEqual([
      first?.event_id,
      first?.event_id,
      second?.event_id,
    ]);
  });

  it('send nothing more when another one has met a pause, which no shorter one replaces', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    const [going, paused, later] = [randomUUID(), randomUUID(), randomUUID()];
    const held = new Map<string | undefined, ServerResponse>();
    receiver.answer = (response, _, { data }) => held.set(data['userId'], response);
    await emit(app, [going, paused, later, going], { together: true });
    await until(() => held.size === 3);
    receiver.answer = (response) => response.writeHead(200).end();
    held.get(paused)?.writeHead(503, { 'retry-after': '120' }).end();
    await until(async () => (await endpointRow(app, id)).paused_until !== null);
    const { paused_until: first } = await endpointRow(app, id);
    held.get(later)?.writeHead(503, { 'retry-after': '5' }).end();
    await until(async () => (await outcomesOf(app, id))['throttled'] === 2);
    held.get(going)?.writeHead(200).end();
    await until(async () => (await outcomesOf(app, id))['delivered'] !== undefined);

    expect(await outcomesOf(app, id)).toEqual({ throttled: 2, delivered: 1 });
    expect((await endpointRow(app, id)).paused_until).toEqual(first);
    app.clock.advance(121);
    await until(async () => (await deliveriesOf(app, id)).every(({ state }) => state === 'delivered'));
  });

  it('make deliveries that are restarted due, in the order of their subject', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    const userId = randomUUID();
    await emit(app, [userId, userId, userId]);
    await until(async () => {
      const deliveries = await deliveriesOf(app, id);
      return deliveries.length === 3 && deliveries.every(({ state }) => state === 'delivered');
    });
    await app.database.query(
      `UPDATE webhook_deliveries SET state = 'pending', attempts = 0, due_at = $2, finished_at = NULL WHERE endpoint_id = $1`,
      [id, app.clock.now()],
    );
    await until(() => receiver.received.length === 6);
    const ids = receiver.received.map(({ id: one }) => one);
    expect(ids.slice(3)).toEqual(ids.slice(0, 3));
  });

  it('are counted, and told by metrics', async () => {
    const lines = [
      /countersign_webhook_attempts_total\{outcome="delivered"\} \d/,
      /countersign_webhook_endpoints\{state="active"\} [12]/,
      /countersign_webhook_endpoints\{state="disabled_gone"\} 0/,
      /countersign_webhook_delivery_lag_seconds \d/,
      /countersign_webhook_fan_out_lag_seconds \d/,
    ];
    // A busy database answers later than a scrape waits.
    await until(async () => {
      const { text } = await app.gateway.get('/metrics');
      return lines.every((line) => line.test(text));
    });
  });

  it('leave deliveries that are deleted after 30 days, with their attempts', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    await emit(app, [randomUUID()]);
    await fanOut(app);
    await until(async () => (await outcomesOf(app, id))['delivered'] === 1);
    const upkeep = app.nest.get(WebhookUpkeep);
    app.clock.advance((29 * DAY) / 1_000);
    await upkeep.run();
    expect(await deliveriesOf(app, id)).toHaveLength(1);
    expect(await outcomesOf(app, id)).toEqual({ delivered: 1 });
    app.clock.advance((2 * DAY) / 1_000);
    expect(await upkeep.run()).toBeGreaterThanOrEqual(2);
    expect(await deliveriesOf(app, id)).toEqual([]);
    expect(await outcomesOf(app, id)).toEqual({});
  });
});

describe('a replica that ends', () => {
  const app = useTestApp({ environment: ALLOW_RECEIVERS });
  const receiver = useReceiver();

  it('records its attempts in flight, begins no other, and gives back what it claimed', async () => {
    const replica = await app.startReplica();
    const { id } = await addEndpoint(app, receiver.url);
    const held: ServerResponse[] = [];
    receiver.answer = (response) => void held.push(response);
    const subjects = times(MAX_IN_FLIGHT + 5, () => randomUUID());
    await emit(app, [...subjects, ...subjects], { together: true });
    const claims = async (): Promise<number> =>
      (await app.database.query('SELECT FROM webhook_queues WHERE lease IS NOT NULL')).length;
    startDeliveries(replica);
    await until(async () => held.length === MAX_IN_FLIGHT && (await claims()) === subjects.length);

    const ended = replica.close();
    await until(async () => (await claims()) === MAX_IN_FLIGHT);
    for (const response of held) response.writeHead(204).end();
    await ended;

    expect(receiver.received).toHaveLength(MAX_IN_FLIGHT);
    expect(await outcomesOf(app, id)).toEqual({ delivered: MAX_IN_FLIGHT });
    expect(await claims()).toBe(0);
    expect((await deliveriesOf(app, id)).filter(({ state }) => state === 'pending')).toHaveLength(
      2 * subjects.length - MAX_IN_FLIGHT,
    );
  });
});
