import { Client } from 'pg';
import { executed, rowsReadBy } from '../support/plans';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { addEndpoint } from '../support/webhooks';
import { deliveryStatements } from '@countersign/webhooks';

const ROWS = 3_000;

type Name = keyof typeof deliveryStatements;
const NOBODY = '00000000-0000-4000-8000-000000000000';
const INSTANT = new Date(0);
const parameters: Record<Name, readonly unknown[]> = {
  claim: [INSTANT, INSTANT, 1, [NOBODY], ['1']],
  change: [NOBODY, NOBODY, INSTANT, 'pending', 1, INSTANT, null, null, null],
  lag: [INSTANT],
};

describe('the statements of deliveries', () => {
  const app = useTestApp();
  let distinct = '';
  let blocked = '';

  /** Not one of the service's connections: these statements are the test's own. */
  const runner = useFixture(
    async () => {
      const client = new Client({ connectionString: app.database.url });
      await client.connect();
      return {
        query: async (text: string): Promise<unknown[]> => (await client.query<object>(text)).rows,
        close: () => client.end(),
      };
    },
    { close: (made) => made.close() },
  );

  beforeAll(async () => {
    distinct = (await addEndpoint(app, 'https://example.com/distinct')).id;
    blocked = (await addEndpoint(app, 'https://example.com/blocked')).id;
    await app.database.query('ANALYZE');
    await runner.query('SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off');
    for (const [name, text] of Object.entries(deliveryStatements)) {
      await runner.query(`PREPARE ${name} AS ${text}`);
      await runner.query(`EXPLAIN EXECUTE ${executed(name, parameters[name as Name])}`);
    }
  });

  beforeAll(async () => {
    for (const [id, due] of [
      [distinct, '-1 minute'],
      [blocked, '1 hour'],
    ])
      await app.database.query(
        `INSERT INTO webhook_deliveries (endpoint_id, sequence, event_id, occurred_at, subject, type, state, attempts, due_at)
         SELECT $1, n, gen_random_uuid(), now(), 'one', 'session.opened', 'pending', 0, now() + $2::interval
         FROM generate_series(1, ${ROWS}) AS n`,
        [id, due],
      );
  });

  /** Rows of tables that the plan reads, which was made while the tables were empty. Rolled back. */
  async function readBy(name: Name, values: readonly unknown[]): Promise<number> {
    await runner.query('BEGIN');
    try {
      return await rowsReadBy((text) => runner.query(text), name, values);
    } finally {
      await runner.query('ROLLBACK');
    }
  }

  const now = new Date();

  it('look at one delivery of each endpoint', async () => {
    expect(await readBy('lag', [now])).toBeLessThanOrEqual(6);
  });

  it('claim no more deliveries than they want, and none that is due later', async () => {
    const later = new Date(now.getTime() + 60_000);
    // Each once to find it, once to lock it, once to write it, and once for its endpoint.
    expect(await readBy('claim', [now, later, 100, [distinct], ['50']])).toBeLessThanOrEqual(260);
  });

  it('change a delivery by its key', async () => {
    expect(
      await readBy('change', [distinct, NOBODY, now, 'delivered', 1, now, now, 'delivered', 200]),
    ).toBeLessThanOrEqual(2);
  });
});
