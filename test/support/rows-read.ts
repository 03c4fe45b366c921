import type { EntityManager } from 'typeorm';

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** A manager that also counts the rows of tables that its SELECT statements read, by EXPLAIN. */
export class CountingReads {
  rows = 0;

  of(manager: EntityManager): EntityManager {
    const query = async (statement: string, parameters?: unknown[]): Promise<unknown> => {
      const [explained] = (await manager.query(
        `EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`,
        parameters,
      )) as readonly { readonly 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }[];
      for (const { Plan } of explained?.['QUERY PLAN'] ?? []) this.rows += readBy(Plan);
      return manager.query(statement, parameters);
    };
    return Object.assign(Object.create(manager) as EntityManager, { query });
  }
}

function readBy(node: PlanNode): number {
  const isScan = node['Relation Name'] !== undefined;
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return (node.Plans ?? []).reduce((sum, plan) => sum + readBy(plan), isScan ? own : 0);
}
