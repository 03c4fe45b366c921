/** What makes PostgreSQL log the plan of every statement as it was run, also of those that foreign keys run. */
export const EXPLAINING = [
  'session_preload_libraries=auto_explain',
  'auto_explain.log_min_duration=0',
  'auto_explain.log_analyze=on',
  'auto_explain.log_timing=off',
  'auto_explain.log_buffers=on',
  'auto_explain.log_nested_statements=on',
  'auto_explain.log_format=json',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/** Rows of a table that may be read from its beginning to its end: fewer than fit on some hundred pages. */
const SMALL = 1_000;

/** Rows read for each one that the statement answers: whoever wants a good part of a table may well read all of it. */
const MAX_READ = 100;

/** Rows that an index may find in vain, so that a condition beside it drops them. */
const MAX_DROPPED = 1_000;

/**
 * @typedef {object} Plan
 * @property {string} text of the statement
 * @property {object} root
 */

/**
 * @param {string} log of PostgreSQL
 * @returns {Plan[]}
 */
export function plansIn(log) {
  return [...log.matchAll(/duration: [\d.]+ ms {2}plan:\n((?:\t.*\n?)+)/g)].map(([, lines]) => {
    const { 'Query Text': text, Plan: root } = JSON.parse(lines.replaceAll(/^\t/gm, ''));
    return { text: text.replaceAll(/\s+/g, ' ').trim(), root };
  });
}

/**
 * @param {import('pg').Client} client
 * @returns {Promise<ReadonlySet<string>>} tables of whose rows nobody should have to read all
 */
export async function bigTables(client) {
  const { rows } = await client.query(
    `SELECT relname AS name FROM pg_class
     WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND reltuples >= $1`,
    [SMALL],
  );
  return new Set(rows.map(({ name }) => name));
}

/**
 * @param {Plan} plan
 * @param {ReadonlySet<string>} big
 * @returns {string[]} what is wrong with it
 */
export function faultsOf({ root }, big) {
  const answered = Math.max(1, root['Actual Rows'] ?? 0);
  return nodesOf(root).flatMap((node) => {
    const relation = node['Relation Name'];
    const loops = node['Actual Loops'] ?? 1;
    const dropped = (node['Rows Removed by Filter'] ?? 0) * loops;
    const read = (node['Actual Rows'] ?? 0) * loops + dropped;
    if (node['Node Type'] === 'Seq Scan' && big.has(relation) && read > MAX_READ * answered)
      return [`reads all of ${relation}`];
    if (relation && dropped > MAX_DROPPED) return [`drops ${dropped} rows of ${relation}`];
    return [];
  });
}

/** Pages of 8 KiB that the statement looked at, in memory or on disk. */
export function pagesOf({ root }) {
  return (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0);
}

/** Which indexes a plan goes by. */
export function indexesOf({ root }) {
  return nodesOf(root).flatMap((node) => node['Index Name'] ?? []);
}

export function nodesOf(node) {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
