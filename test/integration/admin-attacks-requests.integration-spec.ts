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
