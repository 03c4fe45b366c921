import { randomUUID } from 'node:crypto';
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
  claim: [NOBODY, INSTANT, 1, NOBODY, INSTANT],
  change: [[NOBODY], ['1'], ['pending'], ['1'], [null], [null]],
  hold: [[NOBODY], ['one'], [NOBODY]],
  loads: [INSTANT],
  pending: [NOBODY, ['one'], 1],
  release: [[NOBODY], ['one'], [null]],
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
    // As much for many subjects as for one, whose first delivery is due later.
    await app.database.query(
      `INSERT INTO webhook_deliveries (endpoint_id, sequence, event_id, occurred_at, subject, type, state, attempts, due_at)
       SELECT $1, n, gen_random_uuid(), now(), 'subject ' || n, 'session.opened', 'pending', 0, now() - interval '1 minute'
       FROM generate_series(1, ${ROWS}) AS n`,
      [distinct],
    );
    await app.database.query(
      `INSERT INTO webhook_deliveries (endpoint_id, sequence, event_id, occurred_at, subject, type, state, attempts, due_at)
       SELECT $1, n, gen_random_uuid(), now(), 'one', 'session.opened', 'pending', 0, now() - interval '1 minute'
       FROM generate_series(1, ${ROWS}) AS n`,
      [blocked],
    );
    await app.database.query(
      `UPDATE webhook_queues SET due_at = now() + interval '1 hour' WHERE endpoint_id = $1`,
      [blocked],
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

  it('look at one queue of each endpoint', async () => {
    expect(await rowsReadBy('loads', [now])).toBeLessThanOrEqual(6);
  });

  it('claim no more queues than they want, and none behind a delivery that is due later', async () => {
    const later = new Date(now.getTime() + 60_000);
    // Each once to find it, once to lock it, and once to write it.
    expect(await rowsReadBy('claim', [distinct, now, 100, randomUUID(), later])).toBeLessThanOrEqual(400);
    expect(await rowsReadBy('claim', [blocked, now, 100, randomUUID(), later])).toBeLessThanOrEqual(2);
  });

  it('read the earliest deliveries of the claimed queues only', async () => {
    const subjects = Array.from({ length: 50 }, (_, index) => `subject ${index + 1}`);
    expect(await rowsReadBy('pending', [distinct, subjects, 8])).toBeLessThanOrEqual(100);
    expect(await rowsReadBy('pending', [blocked, ['one'], 8])).toBeLessThanOrEqual(20);
  });

  it('change deliveries by their key, and lock queues by theirs', async () => {
    const [ids, sequences] = [
      Array<string>(10).fill(distinct),
      Array.from({ length: 10 }, (_, n) => `${n + 1}`),
    ];
    const values = [
      ids,
      sequences,
      ids.map(() => 'delivered'),
      ids.map(() => '1'),
      ids.map(() => now.toISOString()),
      ids.map(() => null),
    ];
    expect(await rowsReadBy('change', values)).toBeLessThanOrEqual(20);
    const subjects = sequences.map((n) => `subject ${n}`);
    expect(await rowsReadBy('hold', [ids, subjects, ids])).toBeLessThanOrEqual(20);
  });

  it('release a queue by its earliest delivery', async () => {
    expect(await rowsReadBy('release', [[blocked], ['one'], [null]])).toBeLessThanOrEqual(5);
    expect(
      await rowsReadBy('release', [
        [distinct, distinct],
        ['subject 1', 'subject 2'],
        [null, null],
      ]),
    ).toBeLessThanOrEqual(10);
  });
});

function literal(value: unknown): string {
  if (value instanceof Date) return `'${value.toISOString()}'`;
  if (Array.isArray(value))
    return `'{${value.map((one) => (one === null ? 'NULL' : `"${String(one)}"`)).join(',')}}'`;
  return typeof value === 'number' ? String(value) : `'${String(value)}'`;
}

/** Of all its scans, with the rows that a filter removed. */
function rowsOf(plan: Plan): number {
  const loops = plan['Actual Loops'] ?? 1;
  const read = (plan['Actual Rows'] ?? 0) + (plan['Rows Removed by Filter'] ?? 0);
  const own = plan['Relation Name'] === undefined ? 0 : read * loops;
  return (plan.Plans ?? []).reduce((sum, inner) => sum + rowsOf(inner), own);
}
