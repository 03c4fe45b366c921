import { auditOf } from '../support/audit';
import { anOperator } from '../support/operator';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('requests of operators that go wrong', () => {
  const app = useTestApp();
  const demo = useApplication(app);

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
