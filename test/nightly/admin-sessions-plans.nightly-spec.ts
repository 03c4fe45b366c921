import { v7 as uuidv7 } from 'uuid';
import { times } from '../factories';
import { anOperator } from '../support/operator';
import { statementsOf } from '../support/statement-count';
import { useApplication, useTestApp } from '../support/use-test-app';

/** Above the 10,001 rows that a count reads. */
const MANY = 11_000;
const LIMIT = 10;

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
const literal = (value: unknown): string => (value === null ? 'NULL' : `'${String(value)}'`);

describe('pages of sessions, among many', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  /** Sessions of one person, like the first one, each a second after the other. */
  async function manySessions(): Promise<readonly string[]> {
    const { sessionId } = await app.signIn(demo);
    const start = app.clock.now().getTime() - MANY * 1_000;
    const ids = times(MANY, (index) => uuidv7({ msecs: start + index * 1_000 }));
    await app.database.query(
      `INSERT INTO sessions SELECT (copy).* FROM (
         SELECT jsonb_populate_record(s, jsonb_build_object('id', other)) AS copy
         FROM sessions s, unnest($2::uuid[]) AS other WHERE s.id = $1) AS copies`,
      [sessionId, ids],
    );
    return ids;
  }

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

  /** Rows of sessions that a plan reads. */
  const readBy = (nodes: readonly PlanNode[]): number =>
    nodes
      .filter((node) => node['Relation Name'] === 'sessions')
      .map((node) => (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0))
      .reduce((sum, rows) => sum + rows, 0);

  it('read what they answer, and the sessions of the account at most', async () => {
    const ids = await manySessions();
    const someone = await app.signIn(demo);
    await app.database.query('ANALYZE sessions');
    const operator = await anOperator(app, ['sessions:read']);
    const listing = async (query: string): Promise<string> => {
      const path = `/v1/admin/sessions${query}`;
      const statements = await statementsOf(app, () => operator.get(path).expect(200));
      return statements.find((statement) => /FROM\s+sessions/.test(statement)) ?? '';
    };
    const { userId } = someone;
    const now = app.clock.now().toISOString();
    const middle = ids[MANY / 2];

    const all = await planOf(await listing(`?limit=${LIMIT}`), [middle, LIMIT + 1]);
    expect(readBy(all)).toBe(LIMIT + 1);
    for (const state of [null, 'live', 'ended']) {
      const query = `?limit=${LIMIT}&userId=${userId}${state === null ? '' : `&state=${state}`}`;
      const filter = [userId, null, state, now];
      const highest = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
      const own = await planOf(await listing(query), [...filter, highest, LIMIT + 1]);
      expect(readBy(own)).toBe(1);
      expect([...all, ...own].map((node) => node['Node Type'])).not.toContain('Seq Scan');
    }
    expect(all.map((node) => node['Node Type'])).not.toContain('Sort');
  });
});
