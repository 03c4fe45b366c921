import { setTimeout as wait } from 'node:timers/promises';

/** Makes PostgreSQL log the plan of every statement as it was run, also of those that foreign keys run. */
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

/** Milliseconds until the last plan is in the log. */
const SETTLING = 200;
const PLAN = /duration: [\d.]+ ms {2}plan:\n((?:\t.*\n?)+)/g;

/** @typedef {{ text: string, root: object, nodes: object[] }} Plan of a statement */

/** `of`: the statements that ran meanwhile. */
export async function plansOf(postgres, work) {
  const start = postgres.logSize();
  await work();
  await wait(SETTLING);
  return [...postgres.logSince(start).matchAll(PLAN)].map(([, lines]) => {
    const { 'Query Text': text, Plan: root } = JSON.parse(lines.replaceAll(/^\t/gm, ''));
    return { text: text.replaceAll(/\s+/g, ' ').trim(), root, nodes: nodesOf(root) };
  });
}

/** The most pages of 8 KiB that a statement read, in memory or on disk. @param {Plan[]} plans */
export function mostPages(plans) {
  const pagesOf = ({ root }) => (root['Shared Hit Blocks'] ?? 0) + (root['Shared Read Blocks'] ?? 0);
  return Math.max(0, ...plans.map(pagesOf));
}

/** The indexes that plans use; those of partitions count once. @param {Plan[]} plans */
export function indexesOf(plans) {
  const names = plans.flatMap(({ nodes }) => nodes.flatMap((node) => node['Index Name'] ?? []));
  return [...new Set(names.map((index) => index.replace(/_\d{8}(?=_)/, '_*')))].sort();
}

function nodesOf(node) {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
