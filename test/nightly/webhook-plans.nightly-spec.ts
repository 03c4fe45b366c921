import { Client } from 'pg';
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

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Actual Loops'?: number;
  readonly Plans?: readonly Plan[];
}

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
      await runner.query(`EXPLAIN EXECUTE ${name}(${parameters[name as Name].map(literal).join(', ')})`);
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
  async function rowsReadBy(name: Name, values: readonly unknown[]): Promise<number> {
    await runner.query('BEGIN');
    try {
      const [row] = (await runner.query(
        `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE ${name}(${values.map(literal).join(', ')})`,
      )) as { 'QUERY PLAN': readonly { readonly Plan: Plan }[] }[];
      return row?.['QUERY PLAN'].reduce((sum, { Plan: plan }) => sum + rowsOf(plan), 0) ?? 0;
    } finally {
      await runner.query('ROLLBACK');
    }
  }

  const now = new Date();

  it('look at one delivery of each endpoint', async () => {
    expect(await rowsReadBy('lag', [now])).toBeLessThanOrEqual(6);
  });

  it('claim no more deliveries than they want, and none that is due later', async () => {
    const later = new Date(now.getTime() + 60_000);
    // Each once to find it, once to lock it, once to write it, and once for its endpoint.
    expect(await rowsReadBy('claim', [now, later, 100, [distinct], ['50']])).toBeLessThanOrEqual(260);
  });

  it('change a delivery by its key', async () => {
    expect(
      await rowsReadBy('change', [distinct, NOBODY, now, 'delivered', 1, now, now, 'delivered', 200]),
    ).toBeLessThanOrEqual(2);
  });
});

function literal(value: unknown): string {
  if (value instanceof Date) return `'${value.toISOString()}'`;
  if (Array.isArray(value))
    return `'{${value.map((one) => (one === null ? 'NULL' : `"${String(one)}"`)).join(',')}}'`;
  return value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${String(value)}'`;
}

/** Of all its scans, with the rows that a filter removed. */
function rowsOf(plan: Plan): number {
  const loops = plan['Actual Loops'] ?? 1;
  const read = (plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0);
  const own = plan['Relation Name'] === undefined ? 0 : read * loops;
  return (plan.Plans ?? []).reduce((sum, inner) => sum + rowsOf(inner), own);
}
