import { randomUUID } from 'node:crypto';
import { Outbox } from '@countersign/audit';
import { Database, ExpiryUpkeep } from '@countersign/database';
import { times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { useFixture } from '../support/use-fixture';
import { useApplication, useReplica, useTestApp } from '../support/use-test-app';
import { accountEvents } from '@countersign/account';

interface Webhook {
  readonly endpointId: string;
  readonly [field: string]: unknown;
}

interface Secret {
  readonly secretId: string;
  readonly secret: string;
}

interface DeliveryPage {
  readonly items: readonly { readonly eventId: string }[];
  readonly nextCursor: string | null;
}

const WEBHOOKS = '/v1/admin/webhooks';
const URL = 'https://hooks.example.com/countersign';

describe('webhook endpoints', () => {
  const app = useTestApp();
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
            .write(tx, accountEvents.userErased, [{ data: { userId: randomUUID() }, applicationIds }]),
        );
      ids.push(...written);
    }
    return ids;
  }
  const now = (): string => app.clock.now().toISOString();
  const secretsOf = (endpointId: unknown) =>
    app.database.query<{ id: string; expiresAt: Date | null }>(
      'SELECT id, expires_at AS "expiresAt" FROM webhook_secrets WHERE endpoint_id = $1 ORDER BY id',
      [endpointId],
    );

  beforeEach(async () => {
    for (const table of ['webhook_endpoints', 'webhook_deliveries', 'events'])
      await app.database.query(`DELETE FROM ${table}`);
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
      expect((await operator.get(path).expect(200)).text).not.toContain('whsec_');
      const [stored] = await app.database.query<{ secret: string }>('SELECT secret FROM webhook_secrets');
      expect(stored?.secret).toMatch(/^v1:/);
    });

    it('for all types, also those of later versions', async () => {
      const { webhook, path } = await create({ types: ['user.merged', '*'] });
      expect(webhook['types']).toEqual(['*']);
      const [eventId = ''] = await write(1);
      expect((await operator.get(`${path}/deliveries`)).body).toMatchObject({ items: [{ eventId }] });
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

    it('not for an application that does not exist', async () => {
      const change = { applicationIds: [demo.applicationId, randomUUID()] };
      const { path } = await create({ applicationIds: [demo.applicationId.toUpperCase()] });

      const answers = [await operator.post(WEBHOOKS, wanted(change)), await operator.patch(path, change)];
      for (const answer of answers) expectProblem(answer, 422, 'webhook.unknown_application');
      expect((await operator.get(path)).body).toMatchObject({ applicationIds: [demo.applicationId] });
    });
  });

  describe('are changed', () => {
    it('by a merge patch', async () => {
      const { webhook, path } = await create({ applicationIds: [demo.applicationId] });
      app.clock.advance(5);

      const change = { types: ['user.merged', 'session.ended'], applicationIds: null };
      const changed = await operator.patch(path, change);
      expect(changed.body).toEqual({ ...webhook, ...change, updatedAt: now() });
    });

    it('while disabled too, and get nothing then', async () => {
      const { path } = await create();
      const disabled = await operator.post(`${path}/disable`);
      expect(disabled.body).toMatchObject({ status: 'disabled', disabledReason: 'operator' });
      await operator.patch(path, { types: ['*'] }).expect(200);
      await write(1);
      expect((await operator.get(`${path}/deliveries`)).body).toMatchObject({ items: [] });

      const enabled = await operator.post(`${path}/enable`);
      expect(enabled.body).toMatchObject({ status: 'active', disabledReason: null });
      await write(1);
      expect((await operator.get(`${path}/deliveries`)).body).toMatchObject({
        items: [{ state: 'pending' }],
      });
    });

    it('or removed, with all that belongs to them', async () => {
      const { path } = await create();
      await write(3);

      await operator.delete(path).expect(204);

      expectProblem(await operator.get(path), 404, 'webhook.not_found');
      for (const table of ['secrets', 'deliveries', 'endpoints'])
        expect(await app.database.query(`SELECT 1 FROM webhook_${table}`)).toEqual([]);
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
        lastOutcome: null,
        lastStatus: null,
      });
      expect((await operator.get(`${other.path}/deliveries`)).body).toEqual({ items: [], nextCursor: null });
    });

    it('not while they are disabled', async () => {
      const { path } = await create();
      await operator.post(`${path}/disable`);
      expectProblem(await operator.post(`${path}/test`), 409, 'webhook.disabled');
      expect(await app.database.query(`SELECT 1 FROM events WHERE type = 'webhook.test'`)).toEqual([]);
    });
  });

  describe('have a log', () => {
    it('of one endpoint only, newest first, by pages', async () => {
      const { path } = await create();
      await create();
      const without = await create({ types: ['user.merged'] });
      const [first = '', eventId = '', third = ''] = await write(3);
      await app.database.query(
        `UPDATE webhook_deliveries SET last_outcome = 'failed', last_status = 500 WHERE event_id = $1`,
        [eventId],
      );

      const page = (await operator.get(`${path}/deliveries?limit=2`).expect(200)).body as DeliveryPage;
      expect(page.items.map((item) => item.eventId)).toEqual([third, eventId]);
      expect(page.items[1]).toMatchObject({ lastOutcome: 'failed', lastStatus: 500 });
      const next = await operator.get(`${path}/deliveries?limit=2&cursor=${page.nextCursor ?? ''}`);
      expect(next.body).toMatchObject({ items: [{ eventId: first }], nextCursor: null });
      for (const id of [randomUUID(), 'x', 'ffffffff-ffff-7fff-bfff-ffffffffffff'])
        expectProblem(await operator.get(`${path}/deliveries/${id}`), 404, 'webhook.delivery_not_found');
      const ofNone = `${without.path}/deliveries/${eventId}`;
      expectProblem(await operator.get(ofNone), 404, 'webhook.delivery_not_found');
      expectProblem(await operator.post(`${ofNone}/replay`), 404, 'webhook.delivery_not_found');
    });
  });

  describe('get events again', () => {
    it('at once while it waits, or is being attempted', async () => {
      const { path } = await create();
      const [eventId = ''] = await write(1);
      await app.database.query(
        `UPDATE webhook_deliveries SET attempts = 3, due_at = $1::timestamptz + interval '1 day'`,
        [now()],
      );

      const answer = await operator.post(`${path}/deliveries/${eventId}/replay`).expect(200);
      expect(answer.body).toMatchObject({ state: 'pending', attemptCount: 0, dueAt: now() });
    });
  });

  describe('on another replica', () => {
    const replica = useReplica(app);

    it('are asked for at once', async () => {
      await create({ types: ['user.merged'] });
      const isWanted = () =>
        replica.nest
          .get(Database)
          .transaction((tx) => replica.nest.get(Outbox).isWanted(tx, accountEvents.userMerged));
      await replica.catchUp();
      expect(await isWanted()).toBe(true);
    });
  });
});
