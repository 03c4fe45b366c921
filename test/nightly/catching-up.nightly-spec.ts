import { until } from '../support/until';
import { useReplica, useTestApp } from '../support/use-test-app';

describe('catching up', () => {
  const app = useTestApp();
  const replica = useReplica(app);

  it('ends, though a replica began to listen anew after the mark was sent', async () => {
    await app.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'countersign-listen'`,
    );
    await until(() => !app.isListening && !replica.isListening);
    const send = app.database.query.bind(app.database);
    const query = jest.spyOn(app.database, 'query').mockImplementationOnce(async (text, values) => {
      const sent = await send(text, values);
      await until(() => app.isListening && replica.isListening);
      return sent;
    });
    try {
      await app.catchUp();
    } finally {
      query.mockRestore();
    }
  });
});
