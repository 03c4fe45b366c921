import { randomUUID } from 'node:crypto';
import { Refusals } from '@countersign/observability';
import { RefusalJournal } from '@countersign/audit';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { useApplication, useTestApp } from '../support/use-test-app';

const ROOT = '/v1/admin/principals';
const aWish = (): object => ({ name: randomUUID(), kind: 'machine', scopes: [] });

describe('requests of operators that go wrong', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('with an Idempotency-Key are not tried again when their outcome is unknown', async () => {
    const operator = await anOperator(app);
    const wanted = aWish();
    const ask = () => operator.post(ROOT, wanted).set('idempotency-key', 'lost');
    await app.database.query(`
      CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'lost' USING ERRCODE = '57P01'; END $$;
      CREATE TRIGGER lose BEFORE INSERT ON principals FOR EACH ROW EXECUTE FUNCTION lose()`);
    expectProblem(await ask(), 503, 'service.unavailable');
    await app.database.query('DROP TRIGGER lose ON principals');

    expectProblem(await ask(), 409, 'idempotency.in_progress');
    app.clock.advance(61);
    expectProblem(await ask(), 409, 'idempotency.unknown_outcome');
    expect((await operator.post(ROOT, wanted).set('idempotency-key', 'next')).status).toBe(201);
  });

  it('with an Idempotency-Key that was given up meanwhile create nothing without it', async () => {
    const operator = await anOperator(app);
    // As when another request has taken the key, and is refused before this one reads what became of it.
    await app.database.query(`
      CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
      CREATE TRIGGER vanish BEFORE INSERT ON idempotency_keys FOR EACH ROW EXECUTE FUNCTION vanish()`);
    const answer = await operator.post(ROOT, aWish()).set('idempotency-key', 'gone');
    await app.database.query('DROP TRIGGER vanish ON idempotency_keys');

    expectProblem(answer, 409, 'idempotency.in_progress');
  });

  it.each(['', ' ', '""', 'a b', 'x'.repeat(256), `"${'x'.repeat(256)}"`, 'a\tb'])(
    'have no Idempotency-Key such as %j',
    async (key) => {
      const operator = await anOperator(app);
      const answer = await operator.post(ROOT, aWish()).set('idempotency-key', key);
      expectProblem(answer, 400, 'idempotency.invalid_key');
    },
  );

  it('with a key of one caller, route or body get the answer of no other', async () => {
    const [operator, other] = [await anOperator(app), await anOperator(app)];
    const wanted = { name: 'shared key' };
    const path = '/v1/admin/me/secrets';
    const first = await operator.post(path, wanted).set('idempotency-key', 'k').expect(201);

    const elsewhere = await operator
      .post(`${ROOT}/${operator.principalId}/secrets`, wanted)
      .set('idempotency-key', 'k')
      .expect(201);
    const byOther = await other.post(path, wanted).set('idempotency-key', 'k').expect(201);
    const secrets = [first, elsewhere, byOther].map(
      ({ body }) => (body as { clientSecret: string }).clientSecret,
    );
    expect(new Set(secrets).size).toBe(3);
    const another = operator.post(path, { name: 'another' }).set('idempotency-key', 'k');
    expectProblem(await another, 422, 'idempotency.key_reused');
    const weak = await anOperator(app, []);
    expectProblem(await weak.post(ROOT, wanted).set('idempotency-key', 'k'), 403, 'principal.scope_missing');
  });

  it('find no user by the id of an account where that of a session is asked for', async () => {
    const operator = await anOperator(app);
    const { userId } = await app.signIn(demo);

    const answer = await operator.post('/v1/admin/users/lookup', { sessionId: userId }).expect(200);

    expect(answer.body).toEqual({ userIds: [] });
    expect((await auditOf(app, { action: 'user.looked_up' })).at(-1)).toMatchObject({
      details: { by: 'sessionId', isFound: 'false' },
    });
  });

  it('are found beside a flood of many kinds', async () => {
    const operator = await anOperator(app);
    const journal = app.nest.get(RefusalJournal);
    app.clock.advance(60);
    await journal.flush(true);
    const flood = { door: null, userId: null, principalId: null, takesCredentials: false, status: 400 };
    const send = (rows: number, code: string, applicationId: string): void => {
      for (let row = 0; row < rows; row += 1)
        app.nest
          .get(Refusals)
          .note({ ...flood, requestId: 'flood', route: '/v1/somewhere', code, applicationId });
    };
    // As many as would fill the rows of a minute alone, by codes, and by applications.
    for (let kind = 0; kind < 30; kind += 1) send(60, `request.flood_${kind}`, demo.applicationId);
    for (let kind = 0; kind < 60; kind += 1) send(60, 'request.flood_0', randomUUID());
    const counted = await app.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM refused_requests',
    );
    const ofKind = randomUUID();
    const ofOther = randomUUID();
    const { applicationId } = demo;
    app.nest.get(Refusals).note({
      ...{ ...flood, requestId: ofKind, route: '/v1/somewhere', code: 'request.flood_0' },
      applicationId: randomUUID(),
    });
    await app.admin.get('/v1/admin/users').set('x-request-id', ofOther).expect(401);
    for (const requestId of [ofKind, ofOther])
      expect((await operator.get(`/v1/admin/requests/${requestId}`).expect(200)).body).toMatchObject({
        items: [{}],
      });

    // Even where kinds fill what is for first ones.
    for (let kind = 0; kind < 400; kind += 1) send(5, 'request.flood_0', randomUUID());
    const late = randomUUID();
    app.nest.get(Refusals).note({
      ...{ ...flood, requestId: late, route: '/v1/elsewhere', code: 'request.flood_0', applicationId },
    });
    await operator.get(`/v1/admin/requests/${late}`).expect(200);
    const [{ count } = { count: 0 }] = await app.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM refused_requests',
    );
    expect(count - (counted[0]?.count ?? 0)).toBeLessThan(1_300);
  });

  it('are recorded beside a flood of others', async () => {
    const operator = await anOperator(app, []);
    await app.nest.get(RefusalJournal).flush(true);
    const refused = {
      requestId: 'flood',
      route: '/v1/somewhere',
      door: null,
      applicationId: null,
      userId: null,
      principalId: null,
      takesCredentials: false,
    };
    for (let kind = 0; kind < 2_100; kind += 1)
      app.nest.get(Refusals).note({ ...refused, code: `request.${kind}`, status: 400 });
    await app.admin.get('/v1/admin/users').expect(401);
    for (let kind = 0; kind < 2_100; kind += 1)
      app.nest.get(Refusals).note({ ...refused, code: `session.${kind}`, status: 401 });
    await operator.get('/v1/admin/users').expect(403);
    const before = await auditOf(app, { action: 'auth.refused' });
    await app.nest.get(RefusalJournal).flush(true);

    const records = (await auditOf(app, { action: 'auth.refused' })).slice(before.length);
    expect(records).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          actor: 'unverified',
          details: expect.objectContaining({ code: 'principal.unauthenticated' }) as unknown,
        }),
        expect.objectContaining({
          actor: `principal:${operator.principalId}`,
          details: expect.objectContaining({ code: 'principal.scope_missing' }) as unknown,
        }),
      ]),
    );
    expect(records.length).toBeLessThan(2_010);
  });
});
