import { anOperator } from '../support/operator';
import { until } from '../support/until';
import { useTestApp } from '../support/use-test-app';

describe('tokens of principals', () => {
  const app = useTestApp();

  it('are not issued for a principal that is being disabled, which would last until it is active again', async () => {
    const { principalId, clientSecret } = await anOperator(app);
    const held = await app.database.hold('SELECT 1');
    await held.run(`UPDATE principals SET status = 'disabled' WHERE id = $1`, [principalId]);
    const asking = Promise.resolve(
      app.admin
        .post('/v1/admin/token')
        .auth(principalId, clientSecret)
        .type('form')
        .send({ grant_type: 'client_credentials' }),
    );
    // Either it waits for the change, or it has been answered without.
    const isAnswered = asking.then(() => true);
    await Promise.race([isAnswered, until(() => app.isWaitingFor('FROM principals'))]);
    await held.commit();

    expect((await asking).status).toBe(401);
  });
});
