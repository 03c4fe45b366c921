import { EXPLAINING, indexesOf, nodesOf, pagesOf } from '../growth/plans.mjs';
import { plansOf } from '../growth/watched.mjs';
import { table } from '../report/table.mjs';

/** The planner's own look at the catalogue, and sessions and applications. */
const OF_LISTS =
  /\b(teams|team_members|team_history|team_invitations|invitation_recipients|users|profiles)\b/;

/**
 * The plans of each call, as PostgreSQL ran them: none reads a table from its beginning, nor more rows than it may.
 *
 * @param {Awaited<ReturnType<import('./town.mjs').settle>>} town
 * @param {import('./calls.mjs').Call[]} calls
 */
export async function explain({ postgres, start, callerOf }, calls) {
  const service = await start({ PGOPTIONS: EXPLAINING });
  const faults = [];
  const rows = [];
  try {
    const { caller } = await callerOf(service);
    for (const { name, asker, path, mayRead } of calls) {
      await caller.get(asker, path);
      const plans = (await plansOf(postgres, () => caller.get(asker, path))).filter(({ text }) =>
        OF_LISTS.test(text),
      );
      const nodes = plans.flatMap(({ root }) => nodesOf(root));
      const read = Math.max(0, ...nodes.map(rowsRead));
      const scans = [...new Set(nodes.filter(isWholeScan).map((node) => node['Relation Name']))];
      if (plans.length === 0) faults.push(`${name}: no plan was seen`);
      if (read > mayRead) faults.push(`${name} reads ${read} rows, and may read ${mayRead}`);
      faults.push(...scans.map((scan) => `${name} reads ${scan} from its beginning`));
      rows.push([
        name,
        String(plans.length),
        String(read),
        String(Math.max(0, ...plans.map(pagesOf))),
        [...new Set(plans.flatMap(indexesOf))].sort().join(', '),
      ]);
    }
  } finally {
    await service.stop();
  }
  return { text: table(['list', ' statements', ' most rows read', ' most pages', 'indexes'], rows), faults };
}

/** The table of applications has one row. */
function isWholeScan(node) {
  return (
    node['Node Type'] === 'Seq Scan' &&
    (node['Actual Rows'] ?? 0) > 0 &&
    !/^(applications|bots)$/.test(node['Relation Name'])
  );
}

/** Of a table, with those that a filter dropped. */
function rowsRead(node) {
  if (node['Relation Name'] === undefined) return 0;
  const dropped = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return ((node['Actual Rows'] ?? 0) + dropped) * (node['Actual Loops'] ?? 1);
}
