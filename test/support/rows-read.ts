import type { EntityManager } from 'typeorm';

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** A manager that also counts the rows of tables that its statements read, by EXPLAIN, and look-ups that find nothing as one. */
export class CountingReads {
  rows = 0;

  of(manager: EntityManager): EntityManager {
    const query = async (statement: string, parameters?: unknown[]): Promise<unknown> => {
      const [explained] = await manager.query<
        readonly { readonly 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }[]
      >(`EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`, parameters);
      for (const { Plan } of explained?.['QUERY PLAN'] ?? []) this.rows += readBy(Plan);
      return manager.query(statement, parameters);
    };
    return Object.assign(Object.create(manager) as EntityManager, { query });
  }
}

function readBy(node: PlanNode): number {
  const isScan = node['Relation Name'] !== undefined;
  const rows = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
  const own = Math.max(rows, 1) * node['Actual Loops'];
  return (node.Plans ?? []).reduce((sum, plan) => sum + readBy(plan), isScan ? own : 0);
}
