import { randomUUID } from 'node:crypto';
import { Outbox } from '@countersign/events';
import { Database } from '@countersign/database';
import { WebhookEndpointUpkeep, WebhookReplays } from '@countersign/webhooks';
import { ExpiryUpkeep } from '@countersign/jobs';
import { times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { useFixture } from '../support/use-fixture';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';
import { readAllEvents } from '../support/webhooks';

interface Webhook {
  readonly endpointId: string;
  readonly [field: string]: unknown;
}

interface Secret {
  readonly secretId: string;
  readonly secret: string;
}

/** Of `WebhookReplays`. */
interface Log {
  replayRange(tx: unknown, step: { readonly limit: number }): Promise<unknown>;
}

interface Delivery {
  readonly eventId: string;
  readonly state: string;
  readonly type: string;
}

const WEBHOOKS = '/v1/admin/webhooks';
const URL = 'https://hooks.example.com/countersign';

describe('webhook endpoints', () => {
  const app = useTestApp({ environment: { WEBHOOK_ALLOWED_TARGETS: 'receiver.internal:8080' } });
  const demo = useApplication(app);
  const operator = useFixture(() => anOperator(app), { per: 'test' });

  afterEach(() => jest.restoreAllMocks());

  const wanted = (change: object = {}): object => ({
    name: 'crm',
    url: URL,
    types: ['user.erased'],
    ...change,
  });

  async function create(change: object = {}): Promise<{ webhook: Webhook; secret: Secret; path: string }> {
    const { body } = await operator.post(WEBHOOKS, wanted(change)).expect(201);
    const { webhook, secret } = body as { webhook: Webhook; secret: Secret };
    await app.catchUp();
    return { webhook, secret, path: `${WEBHOOKS}/${webhook.endpointId}` };
  }

  /** Writes events of one account each, a second after the other. @returns their ids */
  async function write(count: number, applicationIds: readonly string[] | null = null): Promise<string[]> {
    const ids: string[] = [];
    for (let index = 0; index < count; index += 1) {
      app.clock.advance(1);
      const written = await app.nest
        .get(Database)
        .transaction((tx) =>
          app.nest
            .get(Outbox)
            .addUnasked(tx, 'user.erased', { data: { userId: randomUUID() }, applicationIds }),
        );
      ids.push(written.id);
    }
    return ids;
  }

  /** As the job of deliveries does. */
  const deliverAll = (endpointId: string): Promise<unknown> =>
    app.database.query(
      `INSERT INTO webhook_deliveries
         (endpoint_id, sequence, event_id, occurred_at, subject, type, state, attempts, due_at)
       SELECT $1, sequence, id, occurred_at, subject, type, 'pending', 0, occurred_at FROM events
       WHERE type = 'user.erased' ON CONFLICT DO NOTHING`,
      [endpointId],
    );
  const finish = (eventId: string, state: string): Promise<unknown> =>
    app.database.query(
      `UPDATE webhook_deliveries SET state = $2, attempts = 10, finished_at = due_at WHERE event_id = $1`,
      [eventId, state],
    );
  const subscriptionOf = async (subscriberId: string) => {
    const [found] = await app.database.query<{ types: string[]; application_ids: string[] | null }>(
      'SELECT types, application_ids FROM event_subscriptions WHERE subscriber_id = $1',
      [subscriberId],
    );
    return found;
  };
  const now = (): string => app.clock.now().toISOString();
  const secretsOf = (endpointId: unknown) =>
    app.database.query<{ id: string; expiresAt: Date | null }>(
      'SELECT id, expires_at AS "expiresAt" FROM webhook_secrets WHERE endpoint_id = $1 ORDER BY id',
      [endpointId],
    );

  beforeEach(async () => {
    await app.database.query('DELETE FROM webhook_endpoints');
    await app.database.query('DELETE FROM event_subscriptions');
    await app.database.query('DELETE FROM events');
  });

  describe('are created', () => {
    it('with a secret that is shown once and stored sealed', async () => {
      const { webhook, secret, path } = await create({ name: 'the crm' });

      expect(webhook).toEqual({
        endpointId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        name: 'the crm',
        url: URL,
        types: ['user.erased'],
        applicationIds: null,
        status: 'active',
        disabledReason: null,
        createdAt: now(),
        updatedAt: now(),
      });
      expect(secret.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(await subscriptionOf(webhook.endpointId)).toEqual({
        types: ['user.erased'],
        application_ids: null,
      });
      expect((await operator.get(path).expect(200)).text).not.toContain('whsec_');
      const [stored] = await app.database.query<{ secret: string }>('SELECT secret FROM webhook_secrets');
      expect(stored?.secret).toMatch(/^v1:/);
    });

    it('for all types, also those of later versions', async () => {
      const { webhook } = await create({ types: ['user.erased', '*'] });
      expect(webhook['types']).toEqual(['*']);
      const before = await subscriptionOf(webhook.endpointId);
      expect(before?.types).toContain('session.ended');
      expect(before?.types).not.toContain('webhook.test');
      const other = await create();

      await app.database.query(
        `UPDATE event_subscriptions SET types = '{user.erased,later.type}' WHERE subscriber_id = $1`,
        [webhook.endpointId],
      );
      await app.nest.get(WebhookEndpointUpkeep).run();
      const after = await subscriptionOf(webhook.endpointId);
      expect(after?.types.toSorted()).toEqual([...(before?.types ?? []), 'later.type'].toSorted());
      expect((await subscriptionOf(other.webhook.endpointId))?.types).toEqual(['user.erased']);
    });

    it('up to a hundred, however parallel the calls', async () => {
      await app.database.query(
        `INSERT INTO webhook_endpoints (id, name, url, types, status, created_at, updated_at)
         SELECT gen_random_uuid(), 'x', $1, '{user.erased}', 'active', now(), now() FROM generate_series(1, 95)`,
        [URL],
      );

      const answers = await Promise.all(times(10, () => operator.post(WEBHOOKS, wanted())));

      expect(answers.map(({ status }) => status).toSorted()).toEqual([
        ...times(5, () => 201),
        ...times(5, () => 422),
      ]);
      const refused = answers.find(({ status }) => status === 422);
      expect(refused?.body).toMatchObject({ code: 'webhook.too_many_endpoints' });
    });

    it('not for a URL that is refused, which no answer repeats', async () => {
      const { webhook, path } = await create();
      const url = 'https://user:word@hooks.example.com/';

      for (const answer of [
        await operator.post(WEBHOOKS, wanted({ url })),
        await operator.patch(path, { url }),
      ]) {
        expectProblem(answer, 422, 'webhook.invalid_url');
        expect(answer.text).not.toContain('word@');
      }
      expect((await operator.get(path)).body).toEqual(webhook);
    });

    it('for a receiver that the operator lists', async () => {
      await create({ url: 'http://receiver.internal:8080/hook' });
    });

    it('not for an application that does not exist', async () => {
      const change = { applicationIds: [demo.applicationId, randomUUID()] };
      const { path } = await create({ applicationIds: [demo.applicationId.toUpperCase()] });

      const answers = [await operator.post(WEBHOOKS, wanted(change)), await operator.patch(path, change)];
      for (const answer of answers) expectProblem(answer, 422, 'webhook.unknown_application');
      expect((await operator.get(path)).body).toMatchObject({ applicationIds: [demo.applicationId] });
    });
  });

  describe('are changed', () => {
    it('by a merge patch, and ask for other events', async () => {
      const { webhook, path } = await create({ applicationIds: [demo.applicationId] });
      app.clock.advance(5);

      const change = { types: ['user.merged', 'session.ended'], applicationIds: null };
      const changed = await operator.patch(path, change);
      expect(changed.body).toEqual({ ...webhook, ...change, updatedAt: now() });
      expect(await subscriptionOf(webhook.endpointId)).toEqual({
        types: change.types,
        application_ids: null,
      });
    });

    it('while disabled too, and ask for nothing then', async () => {
      const { webhook, path } = await create();
      const disabled = await operator.post(`${path}/disable`);
      expect(disabled.body).toMatchObject({ status: 'disabled', disabledReason: 'operator' });
      expect(await subscriptionOf(webhook.endpointId)).toBeUndefined();

      await operator.patch(path, { types: ['*'] }).expect(200);
      expect(await subscriptionOf(webhook.endpointId)).toBeUndefined();

      const enabled = await operator.post(`${path}/enable`);
      expect(enabled.body).toMatchObject({ status: 'active', disabledReason: null });
      expect((await subscriptionOf(webhook.endpointId))?.types).toContain('user.merged');
    });

    it('or removed, with all that belongs to them', async () => {
      const { webhook, path } = await create();
      const [eventId = ''] = await write(3);
      await deliverAll(webhook.endpointId);
      await app.database.query(
        `INSERT INTO webhook_attempts SELECT gen_random_uuid(), $1, $2, now(), 'timeout', NULL, 15000`,
        [webhook.endpointId, eventId],
      );

      await operator.delete(path).expect(204);

      expectProblem(await operator.get(path), 404, 'webhook.not_found');
      for (const table of ['secrets', 'deliveries', 'attempts', 'endpoints'])
        expect(await app.database.query(`SELECT 1 FROM webhook_${table}`)).toEqual([]);
      expect(await subscriptionOf(webhook.endpointId)).toBeUndefined();
    });
  });

  describe('have secrets', () => {
    it('that sign together for a day while one is replaced', async () => {
      const { webhook, secret: first, path } = await create();
      const added = (await operator.post(`${path}/secrets`, {}).expect(201)).body as Secret;
      expect(added).toMatchObject({ secret: expect.stringMatching(/^whsec_/) as string });

      const tomorrow = new Date(app.clock.now().getTime() + 86_400_000);
      expect(await secretsOf(webhook.endpointId)).toEqual([
        { id: first.secretId, expiresAt: tomorrow },
        { id: added.secretId, expiresAt: null },
      ]);
      app.clock.advance(86_400);
      await app.nest.get(ExpiryUpkeep).run();
      expect(await secretsOf(webhook.endpointId)).toEqual([{ id: added.secretId, expiresAt: null }]);
    });

    it('whose overlap only becomes shorter', async () => {
      const { webhook, secret: first, path } = await create();
      const other = await create();
      const inSeconds = (seconds: number): Date => new Date(app.clock.now().getTime() + seconds * 1_000);
      const [soon, later] = [inSeconds(60), inSeconds(120)];
      const add = async (wish: object): Promise<Secret> =>
        (await operator.post(`${path}/secrets`, wish).expect(201)).body as Secret;
      const second = await add({ overlapUntil: soon });
      const third = await add({});
      const fourth = await add({ overlapUntil: later });

      expect(await secretsOf(webhook.endpointId)).toEqual([
        { id: first.secretId, expiresAt: soon },
        { id: second.secretId, expiresAt: later },
        { id: third.secretId, expiresAt: later },
        { id: fourth.secretId, expiresAt: null },
      ]);
      expect(await secretsOf(other.webhook.endpointId)).toEqual([
        { id: other.secret.secretId, expiresAt: null },
      ]);
    });

    it('up to five, however parallel the calls', async () => {
      const { path } = await create();
      const answers = await Promise.all(times(8, () => operator.post(`${path}/secrets`, {})));

      expect(answers.map(({ status }) => status).toSorted()).toEqual([
        ...times(4, () => 201),
        ...times(4, () => 409),
      ]);
      expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
        code: 'webhook.too_many_secrets',
      });
      const living = await app.database.query('SELECT 1 FROM webhook_secrets WHERE expires_at IS NULL');
      expect(living).toHaveLength(1);
    });

    it('that make room for another one when they end now, after a leak', async () => {
      const { path } = await create();
      for (let more = 4; more > 0; more -= 1) await operator.post(`${path}/secrets`, {}).expect(201);
      await operator.post(`${path}/secrets`, {}).expect(409);

      await operator.post(`${path}/secrets`, { overlapUntil: app.clock.now().toISOString() }).expect(201);
    });
  });

  describe('are tested', () => {
    it('by an event for them alone, whatever their types are', async () => {
      const other = await create({ types: ['*'] });
      const { webhook, path } = await create();

      const { eventId } = (await operator.post(`${path}/test`).expect(200)).body as { eventId: string };

      expect(await app.database.query('SELECT id, type, subject, data FROM events')).toEqual([
        {
          id: eventId,
          type: 'webhook.test',
          subject: eventId,
          data: { endpointId: webhook.endpointId },
        },
      ]);
      const read = await operator.get(`${path}/deliveries/${eventId}`);
      expect(read.body).toEqual({
        eventId,
        type: 'webhook.test',
        subject: eventId,
        occurredAt: now(),
        state: 'pending',
        attemptCount: 0,
        dueAt: now(),
        finishedAt: null,
        attempts: [],
      });
      expect((await operator.get(`${other.path}/deliveries`)).body).toEqual({ items: [], nextCursor: null });
    });

    it('not while they are disabled', async () => {
      const { path } = await create();
      await operator.post(`${path}/disable`);
      expectProblem(await operator.post(`${path}/test`), 409, 'webhook.disabled');
      expect(await app.database.query('SELECT 1 FROM events')).toEqual([]);
    });
  });

  describe('have a log', () => {
    it('with filters, and of one endpoint only', async () => {
      const { webhook, path } = await create();
      const other = await create();
      const [first = '', second = '', third = ''] = await write(3);
      await deliverAll(webhook.endpointId);
      await deliverAll(other.webhook.endpointId);
      await app.database.query(
        `UPDATE webhook_deliveries SET state = 'failed' WHERE event_id = $1 AND endpoint_id = $2`,
        [second, webhook.endpointId],
      );

      for (const [query, ids] of [
        ['state=failed', [second]],
        ['state=pending', [third, first]],
        ['state=delivered', []],
        ['type=user.erased&state=failed', [second]],
        ['type=user.merged', []],
      ] as const) {
        const { body } = await operator.get(`${path}/deliveries?${query}`).expect(200);
        const { items, nextCursor } = body as { items: Delivery[]; nextCursor: string | null };
        expect({ query, ids: items.map(({ eventId }) => eventId), nextCursor }).toEqual({
          query,
          ids,
          nextCursor: null,
        });
      }
    });

    it('with the attempts of each delivery, and none of other endpoints', async () => {
      const { webhook, path } = await create();
      const other = await create();
      const without = await create();
      const [eventId = '', another = ''] = await write(2);
      await deliverAll(webhook.endpointId);
      await deliverAll(other.webhook.endpointId);
      const attempt = (event: string, id: string, outcome: string, status: number | null, of = webhook) =>
        app.database.query(`INSERT INTO webhook_attempts VALUES ($1, $2, $3, $4, $5, $6, 20)`, [
          id,
          of.endpointId,
          event,
          now(),
          outcome,
          status,
        ]);
      await attempt(eventId, '0199a3c6-0000-7bd1-9d0c-000000000002', 'delivered', 204);
      await attempt(eventId, '0199a3c6-0000-7bd1-9d0c-000000000001', 'timeout', null);
      await attempt(another, '0199a3c6-0000-7bd1-9d0c-000000000003', 'failed', 500);
      await attempt(eventId, '0199a3c6-0000-7bd1-9d0c-000000000004', 'failed', 500, other.webhook);

      const { body } = await operator.get(`${path}/deliveries/${eventId}`).expect(200);
      expect((body as { attempts: object[] }).attempts).toEqual([
        { attemptedAt: now(), outcome: 'timeout', status: null, durationMs: 20 },
        { attemptedAt: now(), outcome: 'delivered', status: 204, durationMs: 20 },
      ]);
      for (const id of [randomUUID(), 'x', 'ffffffff-ffff-7fff-bfff-ffffffffffff'])
        expectProblem(await operator.get(`${path}/deliveries/${id}`), 404, 'webhook.delivery_not_found');
      const ofNone = `${without.path}/deliveries/${eventId}`;
      expectProblem(await operator.get(ofNone), 404, 'webhook.delivery_not_found');
      expectProblem(await operator.post(`${ofNone}/replay`), 404, 'webhook.delivery_not_found');
    });
  });

  describe('get events again', () => {
    const stateOf = async (endpointId: string): Promise<Record<string, string>> => {
      const found = await app.database.query<{ id: string; state: string; attempts: number }>(
        `SELECT event_id AS id, state, attempts FROM webhook_deliveries WHERE endpoint_id = $1`,
        [endpointId],
      );
      return Object.fromEntries(found.map(({ id, state, attempts }) => [id, `${state} ${attempts}`]));
    };

    it('one at a time, under the id that it had', async () => {
      const { webhook, path } = await create();
      const [eventId = ''] = await write(1);
      await deliverAll(webhook.endpointId);
      await finish(eventId, 'delivered');
      app.clock.advance(100);

      const replayed = await operator.post(`${path}/deliveries/${eventId}/replay`).expect(200);
      expect(replayed.body).toMatchObject({
        eventId,
        state: 'pending',
        attemptCount: 0,
        dueAt: now(),
        finishedAt: null,
      });
    });

    it('at once while it waits, or is being attempted', async () => {
      const { webhook, path } = await create();
      const [eventId = ''] = await write(1);
      await deliverAll(webhook.endpointId);
      await app.database.query(
        `UPDATE webhook_deliveries SET attempts = 3, due_at = $1::timestamptz + interval '1 day'`,
        [now()],
      );

      const answer = await operator.post(`${path}/deliveries/${eventId}/replay`).expect(200);
      expect(answer.body).toMatchObject({ state: 'pending', attemptCount: 0, dueAt: now() });
    });

    it('unless the event is not stored any more', async () => {
      const { webhook, path } = await create();
      const [eventId = ''] = await write(1);
      await deliverAll(webhook.endpointId);
      await finish(eventId, 'failed');
      await app.database.query('DELETE FROM events');

      const answer = await operator.post(`${path}/deliveries/${eventId}/replay`);
      expectProblem(answer, 410, 'webhook.event_expired');
      expect(await stateOf(webhook.endpointId)).toEqual({ [eventId]: 'failed 10' });
    });

    it('those of a time that did not arrive, also what was missed', async () => {
      const { webhook, path } = await create({ applicationIds: [demo.applicationId] });
      const early = await write(1, [demo.applicationId]);
      await deliverAll(webhook.endpointId);
      await finish(early[0] ?? '', 'failed');
      app.clock.advance(1);
      const from = now();
      const [failed = '', delivered = '', pending = ''] = await write(3, [demo.applicationId]);
      await deliverAll(webhook.endpointId);
      await finish(failed, 'failed');
      await finish(delivered, 'delivered');
      await operator.post(`${path}/disable`);
      const [missed = ''] = await write(1, [demo.applicationId, randomUUID()]);
      const [ofOther = ''] = await write(1, [randomUUID()]);
      const [ofAll = ''] = await write(1, null);
      app.clock.advance(1);
      const before = now();
      const [late = ''] = await write(1, [demo.applicationId]);
      await readAllEvents(app);

      const answer = await operator.post(`${path}/deliveries/replay`, { from, before }).expect(200);
      expect(answer.body).toEqual({ replayed: 3, nextCursor: null });
      const states = await stateOf(webhook.endpointId);
      expect(states).toEqual({
        [early[0] ?? '']: 'failed 10',
        [failed]: 'pending 0',
        [delivered]: 'delivered 10',
        [pending]: 'pending 0',
        [missed]: 'pending 0',
      });
      for (const id of [ofOther, ofAll, late]) expect(states).not.toHaveProperty(id);

      const again = { from, before, states: ['delivered'] };
      expect((await operator.post(`${path}/deliveries/replay`, again)).body).toMatchObject({ replayed: 1 });
      expect((await stateOf(webhook.endpointId))[delivered]).toBe('pending 0');
    });

    it('ten thousand events by a call, and each once however parallel the calls', async () => {
      const log = Reflect.get(app.nest.get(WebhookReplays), 'log') as Log;
      const replayRange = log.replayRange.bind(log);
      const limits = new Set<number>();
      // Passes on a tenth of the limit: replaying ten thousand events takes seconds.
      jest.spyOn(log, 'replayRange').mockImplementation((tx, step) => {
        limits.add(step.limit);
        return replayRange(tx, { ...step, limit: step.limit / 10 });
      });
      const { webhook, path } = await create();
      await write(1);
      await app.database.query(
        `INSERT INTO events (occurred_at, transaction, id, type, subject, data)
         SELECT occurred_at, transaction, gen_random_uuid(), type, gen_random_uuid(), data
         FROM events, generate_series(1, 1233)`,
      );
      await operator.post(`${path}/disable`).expect(200);
      await readAllEvents(app);
      const range = { from: '2020-01-01T00:00:00Z', before: '2099-01-01T00:00:00Z' };
      const first = await operator.post(`${path}/deliveries/replay`, range).expect(200);
      const { replayed, nextCursor: cursor } = first.body as { replayed: number; nextCursor: string };
      expect(replayed).toBe(1_000);
      const second = await operator.post(`${path}/deliveries/replay`, { ...range, cursor }).expect(200);
      expect(second.body).toEqual({ replayed: 234, nextCursor: null });
      const other = await operator.post(`${path}/deliveries/replay`, {
        ...range,
        states: ['failed'],
        cursor,
      });
      expectProblem(other, 400, 'request.invalid');

      await app.database.query(`UPDATE webhook_deliveries SET state = 'failed'`);
      const replays = app.nest.get(WebhookReplays);
      const days = {
        from: new Date(range.from),
        before: new Date(range.before),
        states: ['failed'] as const,
      };
      const replayAll = async (): Promise<number> => {
        const step = await replays.replayRange(webhook.endpointId, days);
        const rest = await replays.replayRange(webhook.endpointId, days, step.next);
        return step.replayed + rest.replayed;
      };
      const counts = await Promise.all(times(3, replayAll));
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_234);
      expect([...limits]).toEqual([10_000]);
    });
  });

  describe('on another replica', () => {
    const replica = useReplica(app);

    it('are asked for at once', async () => {
      await create({ types: ['user.merged'] });
      const isWanted = () =>
        replica.nest.get(Database).transaction((tx) => replica.nest.get(Outbox).isWanted(tx, 'user.merged'));
      await replica.catchUp();
      expect(await isWanted()).toBe(true);
    });
  });
});
