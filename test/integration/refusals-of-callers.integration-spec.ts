import { randomUUID } from 'node:crypto';
import { RefusalJournal } from '@countersign/audit';
import { Refusals, type RefusedRequest } from '@countersign/observability';
import { times } from '../factories';
import { auditOf } from '../support/audit';
import { useTestApp } from '../support/use-test-app';

describe('refusals of callers that are known', () => {
  const app = useTestApp();
  const principalId = randomUUID();
  const flush = (): Promise<void> => app.nest.get(RefusalJournal).flush(true);

  const refuse = (change: Partial<RefusedRequest> = {}): void =>
    app.nest.get(Refusals).note({
      requestId: randomUUID(),
      route: '/v1/admin/audit',
      door: null,
      code: 'principal.scope_missing',
      status: 403,
      applicationId: null,
      userId: null,
      principalId,
      takesCredentials: false,
      ...change,
    });

  /** How many records of their own there are, and the counts of the others. */
  async function recordsOf(work: () => Promise<unknown>) {
    const before = (await auditOf(app, { action: 'auth.refused' })).length;
    app.clock.advance(60);
    await work();
    await flush();
    const records = (await auditOf(app, { action: 'auth.refused' })).slice(before);
    return {
      singles: records.filter(({ details: { at } }) => at !== undefined).length,
      counts: records.flatMap(({ details: { count } }) => count ?? []),
    };
  }

  it('are written again when the database was away', async () => {
    const written = await recordsOf(async () => {
      for (let count = 0; count < 53; count += 1) refuse();
      await app.database.query('ALTER TABLE refused_requests RENAME TO away');
      await flush();
      await app.database.query('ALTER TABLE away RENAME TO refused_requests');
    });

    expect(written).toEqual({ singles: 50, counts: ['3'] });
  });

  it('have a thousand records of their own in a minute; the others are counted', async () => {
    const written = await recordsOf(() => {
      for (const route of times(1_003, (index) => `/v1/route-${index % 300}`)) refuse({ route });
      return Promise.resolve();
    });

    expect(written).toEqual({ singles: 1_000, counts: ['1', '1', '1'] });
  });

  it.each([
    [401, false, 1],
    [403, false, 1],
    [429, false, 1],
    [404, false, 0],
    [303, true, 1],
    [400, true, 1],
    [500, true, 0],
  ])(
    'are recorded for their security: status %i, of a route with credentials: %s',
    async (status, takesCredentials, singles) => {
      expect(await recordsOf(() => Promise.resolve(refuse({ status, takesCredentials })))).toEqual({
        singles,
        counts: [],
      });
    },
  );

  it('have rows for their request ids in the minute after a flood too', async () => {
    const rowsOf = async (): Promise<number> => {
      app.clock.advance(60);
      const requestId = randomUUID();
      for (const route of times(700, (index) => `/v1/row-${index % 14}`)) refuse({ route, requestId });
      await flush();
      const rows = await app.database.query('SELECT 1 FROM refused_requests WHERE request_id = $1', [
        requestId,
      ]);
      return rows.length;
    };

    // The first five of each route, and 500 others.
    expect([await rowsOf(), await rowsOf()]).toEqual([570, 570]);
  });

  it('are not recorded where the service failed, also when a redirect says so', async () => {
    const failed = { status: 302, takesCredentials: true, code: 'service.unavailable' };
    expect(await recordsOf(() => Promise.resolve(refuse(failed)))).toEqual({ singles: 0, counts: [] });
  });
});
