import { randomUUID } from 'node:crypto';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { useApplication, useTestApp } from '../support/use-test-app';

const ROOT = '/v1/admin/principals';
const aWish = (): object => ({ name: randomUUID(), scopes: [] });

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
    const path = `${ROOT}/${operator.principalId}/secrets`;
    const first = await operator.post(path, wanted).set('idempotency-key', 'k').expect(201);

    const elsewhere = await operator
      .post(`${ROOT}/${other.principalId}/secrets`, wanted)
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
});
