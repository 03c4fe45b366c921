import { EXPLAINING, indexesOf, mostPages, plansOf, rowsRead } from '../machine/plans.mjs';
import { Caller } from '../product/caller.mjs';
import { median, percentilesOf } from '../report/statistics.mjs';
import { tableOf } from '../report/table.mjs';

export const LIMIT = 50;
/** Rows of one table that a list may read: its page, one more, and as many that a filter leaves out. */
export const OF_A_PAGE = 2 * (LIMIT + 1);
/** A page of the large installation, by one of the small. */
export const MAX_RATIO = 2;

/** Pages to walk until the deep page. */
const DEEP_PAGES = 20;
const WARM_UP = 10;

/**
 * A call that answers a list or a count: its path is below `/v1/`, and one statement may read so many rows of one table.
 *
 * @typedef {{ name: string, asker: import('../product/caller.mjs').Asker, path: string, mayRead: number }} Call
 */

export function withQuery(path, query) {
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/**
 * The first page of a list and a deep one, if there is one. @param {(path: string) => string | null} [cursorOf] of
 * large lists
 */
export async function pagesOfList(caller, { name, asker, path, mayRead = OF_A_PAGE }, cursorOf = () => null) {
  const first = withQuery(path, `limit=${LIMIT}`);
  const cursor = cursorOf(path) ?? (await deepCursor(caller, asker, first));
  return [
    { name: `${name}: first page`, asker, path: first, mayRead },
    ...(cursor
      ? [{ name: `${name}: deep page`, asker, path: withQuery(first, `cursor=${cursor}`), mayRead }]
      : []),
  ];
}

/** As far as some pages reach: of a full page. Null when there is no such page. */
async function deepCursor(caller, asker, first) {
  let deep = null;
  let { nextCursor: cursor } = await caller.get(asker, first);
  for (let page = 0; page < DEEP_PAGES && cursor !== null; page += 1) {
    const { items, nextCursor } = await caller.get(asker, withQuery(first, `cursor=${cursor}`));
    if (items.length === LIMIT) deep = cursor;
    cursor = nextCursor;
  }
  return deep;
}

/**
 * Calls a small and a large installation in turn, because a machine drifts; once more, and longer, when the large one
 * is too slow: another program may have had the cores. `sides`: with `caller` and `calls`.
 */
export async function comparePages(sides, { times, check, isSlow }) {
  const [small, large] = sides;
  const compared = [];
  for (const call of large.calls) {
    const other = small.calls.find(({ name }) => name === call.name);
    if (!other) continue;
    check();
    const once = await compare(sides, call, [other.path, call.path], times);
    compared.push(isSlow(once) ? await compare(sides, call, [other.path, call.path], 3 * times) : once);
  }
  const ms = (value) => value.toFixed(1);
  const text = tableOf(compared, {
    list: ({ name }) => name,
    ' small, p50 ms': ({ figures }) => ms(figures[0].p50),
    ' p99': ({ figures }) => ms(figures[0].p99),
    ' large, p50 ms': ({ figures }) => ms(figures[1].p50),
    ' p99 ms': ({ figures }) => ms(figures[1].p99),
    ' p50, times': ({ ratios }) => ratios.p50.toFixed(2),
    ' p99, times': ({ ratios }) => ratios.p99.toFixed(2),
  });
  const faults = compared
    .filter(isSlow)
    .map(({ name, ratios }) => `${name}: p50 ${ratios.p50.toFixed(2)}, p99 ${ratios.p99.toFixed(2)} times`);
  return { text, faults };
}

async function compare(sides, call, paths, times) {
  const latencies = [[], []];
  for (let turn = -WARM_UP; turn < times; turn += 1)
    for (const index of turn % 2 === 0 ? [0, 1] : [1, 0]) {
      const latency = await sides[index].caller.time(call.asker, paths[index]);
      if (turn >= 0) latencies[index].push(latency);
    }
  const figures = latencies.map((values) => ({ p50: median(values), p99: percentilesOf(values).p99 }));
  const [small, large] = figures;
  return { ...call, figures, ratios: { p50: large.p50 / small.p50, p99: large.p99 / small.p99 } };
}

/**
 * The plans of each call, as PostgreSQL ran them: none reads more rows than it may. `side`: with `installation`,
 * `calls`, and `signIn` if a person asks; `options`: of the statements, and the tables that may be read from their
 * beginning, as far as a limit.
 */
export async function explainPages({ installation, calls, signIn }, { ofLists, mayScan }) {
  const service = await installation.start({ PGOPTIONS: EXPLAINING }, { hasAdmin: true });
  const caller = await Caller.of(service, installation, (await signIn?.(service))?.accessToken);
  const faults = [];
  const rows = [];
  try {
    for (const { name, asker, path, mayRead } of calls) {
      await caller.get(asker, path);
      const all = await plansOf(installation.postgres, () => caller.get(asker, path));
      const plans = all.filter(({ text }) => ofLists.test(text));
      const nodes = plans.flatMap((plan) => plan.nodes);
      const read = Math.max(0, ...nodes.map(rowsRead));
      const scans = [...new Set(nodes.filter(isScan).map((node) => node['Relation Name']))];
      if (plans.length === 0) faults.push(`${name}: no plan was seen`);
      if (read > mayRead) faults.push(`${name} reads ${read} rows, and may read ${mayRead}`);
      for (const table of scans.filter((scan) => !mayScan(scan)))
        faults.push(`${name} reads ${table} from its beginning`);
      const indexes = [...indexesOf(plans), ...scans.map((scan) => `(${scan}, as far as the limit)`)];
      rows.push({
        name,
        statements: plans.length,
        read,
        pages: mostPages(plans),
        indexes: indexes.join(', '),
      });
    }
  } finally {
    await service.stop();
  }
  const text = tableOf(rows, {
    list: ({ name }) => name,
    ' statements': ({ statements }) => statements,
    ' most rows read': ({ read }) => read,
    ' most pages': ({ pages }) => pages,
    indexes: ({ indexes }) => indexes,
  });
  return { text, faults };
}

function isScan(node) {
  return node['Node Type'] === 'Seq Scan' && (node['Actual Rows'] ?? 0) > 0;
}

/**
 * Walks all pages of a list while its rows change. `staying`: ids that have to be met exactly once; `change`: called
 * again and again meanwhile.
 */
export async function walkPages({ caller, asker, path, staying, change, check }) {
  const unseen = new Set(staying);
  const met = new Set();
  let [pages, repeated, cursor, isOver, changes] = [0, 0, null, false, 0];
  const changing = (async () => {
    for (; !isOver; changes += 1) await change(changes);
  })();
  // The walk may fail first.
  changing.catch(() => undefined);
  const start = performance.now();
  try {
    do {
      const page = withQuery(path, `limit=200${cursor === null ? '' : `&cursor=${cursor}`}`);
      const { items, nextCursor } = await caller.get(asker, page);
      for (const { userId } of items) {
        if (met.has(userId) && staying.has(userId)) repeated += 1;
        met.add(userId);
        unseen.delete(userId);
      }
      pages += 1;
      cursor = nextCursor;
      check();
    } while (cursor !== null);
  } finally {
    isOver = true;
  }
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  await changing;
  const text =
    `${met.size} rows on ${pages} pages of 200 in ${seconds} s, while ${changes} changed: ` +
    `of ${staying.size} that stayed ${unseen.size} missed, ${repeated} repeated.`;
  const isExact = unseen.size === 0 && repeated === 0 && changes > 0;
  return { text, faults: isExact ? [] : [`the walk was not exact: ${text}`] };
}
