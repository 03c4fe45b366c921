import { anOperator } from '../support/operator';
import { statementsOf } from '../support/statement-count';
import { useTestApp } from '../support/use-test-app';

/** More than the 5,000 rows that the statements here examine. The service examines 50,000. */
const MANY = 8_000;
const LIMIT = 10;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const literal = (value: unknown): string => (value === null ? 'NULL' : `'${String(value)}'`);

describe('the log of an endpoint, among many deliveries', () => {
  const app = useTestApp();

  async function planOf(statement: string, parameters: readonly unknown[]): Promise<readonly PlanNode[]> {
    const text = statement.replaceAll(/\$(\d+)/g, (_, place: string) =>
      literal(parameters[Number(place) - 1]),
    );
    const [row] = await app.database.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
    );
    const [plan] = row?.['QUERY PLAN'] ?? [];
    return plan ? nodesOf(plan.Plan) : [];
  }

  /** Rows of deliveries that a plan reads. */
  const readBy = (nodes: readonly PlanNode[]): number =>
    nodes
      .filter((node) => node['Relation Name'] === 'webhook_deliveries')
      .map((node) => (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0))
      .reduce((sum, rows) => sum + rows, 0);

  it('is read along its order, and a delivery is found by its event', async () => {
    const operator = await anOperator(app, ['webhooks:read', 'webhooks:write']);
    const create = async (): Promise<string> => {
      const wanted = { name: 'crm', url: 'https://crm.example.com/', types: ['*'] };
      const { body } = await operator.post('/v1/admin/webhooks', wanted).expect(201);
      return (body as { webhook: { endpointId: string } }).webhook.endpointId;
    };
    const [one, other] = [await create(), await create()];
    const { body } = await operator.post(`/v1/admin/webhooks/${one}/test`).expect(200);
    const { eventId } = body as { eventId: string };
    const occurredAt = app.clock.now().toISOString();
    await app.database.query(
      `INSERT INTO webhook_deliveries
         (endpoint_id, sequence, event_id, occurred_at, subject, type, state, attempts, due_at)
       SELECT endpoint, 1000 + place, gen_random_uuid(), $3::timestamptz - place * interval '1 second', place::text,
         'user.erased', CASE WHEN place % 1000 = 0 THEN 'failed' ELSE 'delivered' END, 1, $3
       FROM unnest(ARRAY[$1::uuid, $2::uuid]) AS endpoint, generate_series(1, ${MANY}) AS place`,
      [one, other, occurredAt],
    );
    await app.database.query('ANALYZE webhook_deliveries');
    const statementOf = async (path: string): Promise<string> => {
      const statements = await statementsOf(app, () =>
        operator.get(`/v1/admin/webhooks/${one}/deliveries${path}`).expect(200),
      );
      return statements.find((statement) => /FROM\s+webhook_deliveries/.test(statement)) ?? '';
    };
    const highest = '9223372036854775807';
    const page = [one, highest, LIMIT + 1, null, null, LIMIT + 1];

    const all = await planOf(await statementOf(`?limit=${LIMIT}`), page);
    expect(readBy(all)).toBe(LIMIT + 1);
    const filtered = [one, highest, 5_000, 'failed', 'user.erased', LIMIT + 1];
    const failed = await planOf(await statementOf(`?limit=${LIMIT}&state=failed`), filtered);
    expect(readBy(failed)).toBe(5_000);
    const found = await planOf(await statementOf(`/${eventId}`), [one, occurredAt, eventId]);
    expect(readBy(found)).toBe(1);
    for (const nodes of [all, failed, found])
      expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
  });
});
