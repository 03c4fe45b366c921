import { createHmac } from 'node:crypto';
import { anOperator } from '../support/operator';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { ALLOW_RECEIVERS, startDeliveries, useReceiver, type ReceivedWebhook } from '../support/webhooks';

interface Issued {
  readonly secretId: string;
  readonly secret: string;
}

/** Whether one of the signatures is of the secret. */
function isSignedWith(secret: string, { id, headers, body }: ReceivedWebhook): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signed = `${id}.${headers['webhook-timestamp'] ?? ''}.${body}`;
  const signature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return (headers['webhook-signature'] ?? '').split(' ').includes(signature);
}

describe('an endpoint that an operator made', () => {
  const app = useTestApp({ environment: ALLOW_RECEIVERS });
  const operator = useFixture(() => anOperator(app));
  const receiver = useReceiver();

  async function create(types = ['session.opened']): Promise<{ path: string; secret: Issued }> {
    const wanted = { name: 'crm', url: receiver.url, types };
    const { body } = await operator.post('/v1/admin/webhooks', wanted).expect(201);
    const { webhook, secret } = body as { webhook: { endpointId: string }; secret: Issued };
    await app.catchUp();
    return { path: `/v1/admin/webhooks/${webhook.endpointId}`, secret };
  }
  const test = async (path: string): Promise<string> =>
    ((await operator.post(`${path}/test`).expect(200)).body as { eventId: string }).eventId;
  const stateOf = async (path: string, eventId: string): Promise<unknown> =>
    ((await operator.get(`${path}/deliveries/${eventId}`)).body as { state: string }).state;

  it('gets a test event, again when it is replayed, and signatures of all its secrets', async () => {
    const { path, secret } = await create();
    startDeliveries(app);
    const eventId = await test(path);
    await until(async () => (await stateOf(path, eventId)) === 'delivered');

    const [first] = receiver.received;
    expect(first?.id).toBe(eventId);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({ type: 'webhook.test' });
    expect(first && isSignedWith(secret.secret, first)).toBe(true);
    const shown = await operator.get(`${path}/deliveries/${eventId}`);
    expect(shown.body).toMatchObject({ attemptCount: 1, lastOutcome: 'delivered', lastStatus: 204 });

    const added = (await operator.post(`${path}/secrets`, {}).expect(201)).body as Issued;
    await operator.post(`${path}/deliveries/${eventId}/replay`).expect(200);
    await until(() => receiver.received.length === 2);
    const [, again] = receiver.received;
    expect(again?.id).toBe(eventId);
    for (const { secret: text } of [secret, added]) expect(again && isSignedWith(text, again)).toBe(true);

    const overlapUntil = app.clock.now().toISOString();
    const alone = (await operator.post(`${path}/secrets`, { overlapUntil }).expect(201)).body as Issued;
    const next = await test(path);
    await until(async () => (await stateOf(path, next)) === 'delivered');
    const last = receiver.received.at(-1);
    expect(last && isSignedWith(alone.secret, last)).toBe(true);
    for (const { secret: text } of [secret, added]) expect(last && isSignedWith(text, last)).toBe(false);
  });

  it('gets a test event at once, also when an earlier one waits for its next attempt', async () => {
    const { path } = await create();
    startDeliveries(app);
    receiver.answer = (response) => response.writeHead(500).end();
    const failed = await test(path);
    await until(async () => {
      const { body } = await operator.get(`${path}/deliveries/${failed}`);
      return (body as { attemptCount: number }).attemptCount === 1;
    });
    receiver.answer = (response) => response.writeHead(204).end();
    const next = await test(path);
    await until(async () => (await stateOf(path, next)) === 'delivered');

    expect(await stateOf(path, failed)).toBe('pending');
    expect(receiver.ids).toEqual([failed, next]);
  });
});
