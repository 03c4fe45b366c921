import { table } from '../report/table.mjs';

const SHOWN = 15;

/** Where the CPU was, by function: self time of a profile of V8. */
export function heaviest({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const times = new Map();
  for (const [at, id] of samples.entries()) {
    const name = nameOf(byId.get(id).callFrame);
    if (name !== null) times.set(name, (times.get(name) ?? 0) + timeDeltas[at]);
  }
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  const rows = [...times]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, SHOWN)
    .map(([name, time]) => [name, `${((100 * time) / all).toFixed(1)} %`]);
  return `Self time, without idling:\n\n${table(['function', ' share'], rows)}`;
}

function nameOf({ functionName, url }) {
  if (functionName === '(idle)') return null;
  const file = url === '' ? '' : ` (${url.split('/').slice(-2).join('/')})`;
  return `${functionName || 'anonymous'}${file}`;
}
