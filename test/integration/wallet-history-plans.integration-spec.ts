import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { HistoryRepository } from '../../libs/wallet-history/src/store/history.repository';
import { useTestApp } from '../support/use-test-app';

const MANY = 20_000;
const LIMIT = 50;

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

describe('a page of a long history', () => {
  const app = useTestApp();
  const digest = randomBytes(32);

  /** How many rows PostgreSQL reads for it. */
  async function readFor(after: number | null, includesHidden: boolean): Promise<number> {
    let plan: PlanNode | undefined;
    const explaining = {
      query: async (statement: string, parameters: readonly unknown[]) => {
        const [row] = await app.database.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
          `EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`,
          parameters,
        );
        plan = row?.['QUERY PLAN'][0]?.Plan;
        return [];
      },
    } as unknown as EntityManager;
    await new HistoryRepository().page(explaining, { digest, after, limit: LIMIT, includesHidden });
    if (!plan) throw new Error('there is no plan');
    return nodesOf(plan)
      .filter((node) => node['Relation Name'] === 'wallet_transfers')
      .map((node) => (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0))
      .reduce((sum, rows) => sum + rows, 0);
  }

  it('reads its own rows, at the beginning, in the middle and among hidden ones', async () => {
    await app.database.query(
      `INSERT INTO wallet_transfers (digest, sequence, entry, is_hidden, content)
       SELECT $1, place, sha256(place::text::bytea), place > ${MANY / 2}, repeat('x', 700)
       FROM generate_series(1, ${MANY}) AS place`,
      [digest],
    );
    await app.database.query('ANALYZE wallet_transfers');

    for (const after of [null, MANY / 4])
      for (const includesHidden of [true, false])
        expect([after, includesHidden, await readFor(after, includesHidden)]).toEqual([
          after,
          includesHidden,
          LIMIT + 1,
        ]);
  });
});
