import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { MINUTE, SECOND } from '@countersign/runtime';
import { WebhookEndpoints } from '@countersign/webhooks';
import { verifyEvent } from '@countersign/webhook-events';
import { anOperator } from '../support/operator';
import { until } from '../support/until';
import { useReplica, useTestApp } from '../support/use-test-app';
import {
  addEndpoint,
  addSecret,
  ALLOW_RECEIVERS,
  deliveriesOf,
  emit,
  endpointRow,
  outcomesOf,
  startDeliveries,
  type ReceivedWebhook,
  useReceiver,
} from '../support/webhooks';

const people = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

describe('webhooks', () => {
  const app = useTestApp({ environment: ALLOW_RECEIVERS });
  const replica = useReplica(app);
  const receiver = useReceiver();
  const other = useReceiver();

  beforeAll(() => {
    startDeliveries(app);
    startDeliveries(replica);
  });
  afterEach(async () => {
    await app.database.query('DELETE FROM webhook_endpoints');
    await app.catchUp();
  });

  const states = async (id: string): Promise<string[]> =>
    (await deliveriesOf(app, id)).map(({ state }) => state);
  const areDelivered = (id: string, count: number) => async () =>
    (await states(id)).filter((state) => state === 'delivered').length === count;

  it('are signed with the secret that an operator was shown, and come again by a replay', async () => {
    const operator = await anOperator(app);
    const wanted = { name: 'crm', url: receiver.url, types: ['session.opened'] };
    const made = (await operator.post('/v1/admin/webhooks', wanted).expect(201)).body as {
      readonly webhook: { readonly endpointId: string };
      readonly secret: { readonly secret: string };
    };
    await app.catchUp();
    const { endpointId } = made.webhook;
    const path = `/v1/admin/webhooks/${endpointId}`;
    const { eventId } = (await operator.post(`${path}/test`).expect(200)).body as { eventId: string };
    await until(areDelivered(endpointId, 1));
    const shown = await operator.get(`${path}/deliveries/${eventId}`);
    expect(shown.body).toMatchObject({ attemptCount: 1, lastOutcome: 'delivered', lastStatus: 204 });
    await operator.post(`${path}/deliveries/${eventId}/replay`).expect(200);
    await until(() => receiver.received.length === 2);

    const [, again] = receiver.received;
    expect(receiver.received.map(({ id }) => id)).toEqual([eventId, eventId]);
    expect(again?.headers['webhook-signature']).toBe(signatureBy(made.secret.secret, again));
  });

  it('are verified and typed by the package for receivers, by each of two secrets', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    const secret = await addSecret(app, id);
    const next = await addSecret(app, id);
    const [userId = ''] = people(1);
    await emit(app, [userId]);
    await until(areDelivered(id, 1));

    const { body = '', headers = {} } = receiver.received.at(-1) ?? {};
    // Signed by the clock of the test.
    jest.useFakeTimers({ now: app.clock.now(), doNotFake: ['setImmediate', 'setTimeout', 'nextTick'] });
    try {
      for (const one of [secret, next]) {
        const event = verifyEvent(body, headers, [one]);
        if (event.type !== 'session.opened') throw new Error(event.type);
        expect([event.id, event.version, event.data.userId]).toEqual([headers['webhook-id'], 1, userId]);
      }
      expect(() => verifyEvent(`${body} `, headers, [secret, next])).toThrow('No secret made a signature');
    } finally {
      jest.useRealTimers();
    }
  });
  it('go only to endpoints that ask for the type and the application', async () => {
    const [one = '', another = ''] = people(2);
    const { id } = await addEndpoint(app, receiver.url, { applicationIds: [one] });
    const { id: ofAll } = await addEndpoint(app, other.url);
    const { id: ofOthers } = await addEndpoint(app, other.url, { types: ['user.merged'] });
    await emit(app, people(1), { applicationIds: [one] });
    await emit(app, people(1), { applicationIds: [another] });
    await until(areDelivered(ofAll, 2));

    expect(await states(id)).toHaveLength(1);
    expect(await states(ofOthers)).toEqual([]);
  });

  it('are tried again later, and hold back no other', async () => {
    const [failing = '', well = ''] = people(2);
    const { id } = await addEndpoint(app, receiver.url);
    let failures = 0;
    receiver.answer = (response, _, { data }) =>
      response.writeHead(data['userId'] === failing && (failures += 1) <= 1 ? 500 : 200).end();
    await emit(app, [failing, failing, well, well]);
    await until(areDelivered(id, 3));

    const again = (await deliveriesOf(app, id)).filter(({ state }) => state === 'pending');
    expect(again).toMatchObject([{ subject: failing, attempts: 1 }]);
    expect(again[0]?.due_at.getTime()).toBeGreaterThan(app.clock.now().getTime() + 3 * SECOND);
    app.clock.advance(7);
    await until(areDelivered(id, 4));
    expect(receiver.received.at(-1)?.id).toBe(again[0]?.event_id);
  });
  it('fail after the last attempt, which disables an endpoint that has accepted nothing since', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    const { id: watching } = await addEndpoint(app, other.url, { types: ['webhook.endpoint_disabled'] });
    receiver.answer = (response) => response.writeHead(400).end();
    const lastAttempt = async (count: number) => {
      await until(async () => (await outcomesOf(app, id))['refused'] === count);
      await app.database.query(
        `UPDATE webhook_deliveries SET attempts = 9 WHERE endpoint_id = $1 AND attempts = 1 AND state = 'pending'`,
        [id],
      );
    };
    await emit(app, people(1));
    await lastAttempt(1);
    // A later event is accepted: one event that the endpoint cannot read does not disable it.
    app.clock.advance(1);
    receiver.answer = (response) => response.writeHead(200).end();
    await emit(app, people(1));
    await until(areDelivered(id, 1));
    receiver.answer = (response) => response.writeHead(400).end();
    app.clock.advance(7);
    await until(async () => (await states(id))[0] === 'failed');
    expect((await deliveriesOf(app, id))[0]).toMatchObject({ attempts: 10, state: 'failed' });
    expect((await endpointRow(app, id)).status).toBe('active');

    await emit(app, people(1));
    await lastAttempt(2);
    app.clock.advance(7);
    await until(async () => (await endpointRow(app, id)).status === 'disabled');
    await until(areDelivered(watching, 1));
    expect((await endpointRow(app, id)).disabled_reason).toBe('failing');
    expect(other.received.map(({ data }) => data)).toEqual([{ endpointId: id, reason: 'failing' }]);
  });
  it('wait as long as the receiver asks for', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    receiver.answer = (response) => response.writeHead(503, { 'retry-after': '120' }).end();
    await emit(app, people(1));
    await until(async () => (await outcomesOf(app, id))['refused'] === 1);
    const [waiting] = await deliveriesOf(app, id);
    expect(waiting?.due_at).toEqual(new Date(app.clock.now().getTime() + 120 * SECOND));
  });
  it('disable an endpoint that answers 410', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    const { id: watching } = await addEndpoint(app, other.url, { types: ['webhook.endpoint_disabled'] });
    receiver.answer = (response) => response.writeHead(410).end();
    await emit(app, people(3), { together: true });
    await until(async () => (await endpointRow(app, id)).status === 'disabled');
    await until(areDelivered(watching, 1));

    expect((await endpointRow(app, id)).disabled_reason).toBe('gone');
    expect(other.received[0]?.data).toEqual({ endpointId: id, reason: 'gone' });
    expect(new Set(await states(id))).toEqual(new Set(['pending']));
    const [record] = await app.database.query<{ actor: string }>(
      `SELECT actor FROM audit_records WHERE action = 'webhook.disabled' AND subject = $1`,
      [id],
    );
    expect(record?.actor).toBe('system');
  });

  it('that an earlier URL refuses for good do not disable the endpoint with its new one', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    const [gone = '', later = ''] = people(2);
    const held = new Map<string | undefined, ServerResponse>();
    receiver.answer = (response, _, { data }) => held.set(data['userId'], response);
    await emit(app, [gone]);
    await until(() => held.has(gone));
    await app.nest.get(WebhookEndpoints).change(id, { url: other.url });
    held.get(gone)?.writeHead(410).end();
    await until(async () => (await outcomesOf(app, id))['gone'] === 1);
    await emit(app, [later]);
    await until(() => other.received.some(({ data }) => data['userId'] === later));
    expect((await endpointRow(app, id)).status).toBe('active');
  });
  it('to receivers that hang hold no other endpoint back', async () => {
    const hanging = await Promise.all([1, 2, 3].map(() => addEndpoint(app, receiver.url)));
    receiver.answer = () => undefined;
    await emit(app, people(40), { together: true });
    await until(() => receiver.received.length > 16);
    const { id } = await addEndpoint(app, other.url);
    await emit(app, people(40), { together: true });
    await until(areDelivered(id, 40));
    expect(hanging).toHaveLength(3);
    expect(receiver.received.length).toBeLessThanOrEqual(3 * 2 * 16);
  });

  it('are not sent to a disabled endpoint, but for those in flight', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    const held: ServerResponse[] = [];
    receiver.answer = (response) => void held.push(response);
    await emit(app, people(2));
    await until(() => held.length === 2);
    await app.database.query(
      `UPDATE webhook_endpoints SET status = 'disabled', disabled_reason = 'operator' WHERE id = $1`,
      [id],
    );
    await emit(app, people(1));
    held[0]?.writeHead(200).end();
    await until(areDelivered(id, 1));
    held[1]?.writeHead(500).end();
    await until(async () => (await outcomesOf(app, id))['refused'] === 1);
    const { id: well } = await addEndpoint(app, other.url);
    await emit(app, people(1));
    await until(areDelivered(well, 1));
    expect(receiver.received).toHaveLength(2);
  });

  it('that wait get a changed URL and a new secret', async () => {
    const { id } = await addEndpoint(app, receiver.url);
    receiver.answer = (response) => response.writeHead(500).end();
    await emit(app, people(1));
    await until(async () => (await outcomesOf(app, id))['refused'] === 1);
    await app.database.query('UPDATE webhook_endpoints SET url = $2 WHERE id = $1', [id, other.url]);
    await app.database.query('DELETE FROM webhook_secrets WHERE endpoint_id = $1', [id]);
    app.clock.advance(7);
    // Without a key nothing is sent, and the next look is a minute later.
    const inAMinute = new Date(app.clock.now().getTime() + MINUTE);
    const isLater = 'SELECT FROM webhook_deliveries WHERE endpoint_id = $1 AND attempts = 1 AND due_at = $2';
    await until(async () => (await app.database.query(isLater, [id, inAMinute])).length === 1);
    const secret = await addSecret(app, id);
    app.clock.advance(60);
    await until(areDelivered(id, 1));
    const [received] = other.received;
    expect(received?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
    expect(received?.headers['webhook-signature']).toBe(signatureBy(secret, received));
  });
});

/** By the reference library. Its `verify` compares the timestamp with the clock of this machine. */
function signatureBy(secret: string, received: ReceivedWebhook | undefined): string {
  const { 'webhook-id': id = '', 'webhook-timestamp': seconds = '' } = received?.headers ?? {};
  return new Webhook(secret).sign(id, new Date(Number(seconds) * SECOND), received?.body ?? '');
}
