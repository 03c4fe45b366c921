import { until } from '../support/until';
import { useDatabaseLine, useTestApp, useTestDatabase } from '../support/use-test-app';

describe('GET /metrics while the database swallows packets', () => {
  const database = useTestDatabase();
  const line = useDatabaseLine(database);
  const app = useTestApp(() => ({ database: line.database }));

  it('answers without what only the database knows', async () => {
    const scrape = async () => (await app.gateway.get('/metrics').expect(200)).text;
    const isLive = async (value: 0 | 1) =>
      new RegExp(`^countersign_notifications_live(?:\\{.*\\})? ${value}$`, 'm').test(await scrape());
    await until(() => isLive(1));
    line.blackHole();

    expect(await scrape()).toContain('countersign_database_pool_waiting');
    await until(() => isLive(0));
    await line.restore();
    await until(() => isLive(1));
  });
});
