import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inClone } from '../../scripts/lib/clone.mjs';
import { say } from '../../scripts/lib/main.mjs';
import { Connections } from '../load/connections.mjs';
import { fixed, grouped, tableOf } from '../report/table.mjs';
import { CHECKS, CONNECTIONS, mixedLoad } from './soak.mjs';

/** The number of intervals that are compared: the first third with the last one. */
const INTERVALS = 6;
/** Seconds of each of the two loads whose rates give the maximum. */
const PROBING = 10;
/** The last third by the first. A value may add its slack on top: short runs vary by milliseconds. */
const MAX_GROWTH = 1.5;
const VALUES = {
  runs: { slack: 2, of: (runs) => runs.length },
  'duration ms': { slack: 10, of: (runs) => median(runs.map(({ ms }) => ms)) },
  'statement ms': { slack: 10, of: (runs) => median(runs.map(({ statementMs }) => statementMs)) },
  statements: { slack: 2, of: (runs) => median(runs.map(({ statements }) => statements)) },
};

/** What jobs and background tasks cost under mixed load at half of the maximum rate. @returns {Promise<import('./main.mjs').Found>} */
export async function measureJobs({ subject, bot, options, random, check, folder }) {
  const file = join(folder, 'probe.jsonl');
  writeFileSync(file, '');
  const probe = inClone('bench', 'growth', 'probe.cjs');
  const service = await subject.start({ JOBS: 'on', BENCH_PROBE_FILE: file }, ['--require', probe]);
  const { read, call } = mixedLoad({ service, subject, bot, random });
  const [api, gateway] = await Promise.all(
    [service.port, service.gatewayPort].map((port) => Connections.open(port, CONNECTIONS)),
  );
  const share = CHECKS / 100;
  const intervals = [];
  let rate = 0;
  try {
    const probing = Math.min(PROBING, options.jobs * 6);
    const checks = (await gateway.run(() => read('gatewayCheck'), probing)).latencies.length / probing;
    const calls = (await api.run(call, probing)).latencies.length / probing;
    rate = 0.5 / (share / checks + (1 - share) / calls);
    say(`${fixed(rate)} requests a second, half of the maximum, for ${options.jobs} minutes ...`);
    const seconds = (options.jobs * 60) / INTERVALS;
    for (let number = 0; number < INTERVALS; number += 1) {
      check();
      const from = Date.now();
      await Promise.all([
        gateway.run(() => read('gatewayCheck'), seconds, rate * share),
        api.run(call, seconds, rate * (1 - share)),
      ]);
      intervals.push([from, Date.now()]);
      say(`Interval ${number + 1} of ${INTERVALS} ...`);
    }
  } finally {
    api.close();
    gateway.close();
    await service.stop();
  }
  const runs = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const tasks = [...new Set(runs.map(({ task }) => task))].toSorted();
  const rows = tasks.map((task) => {
    const own = runs.filter((run) => run.task === task);
    return { task, parts: intervals.map(([from, to]) => own.filter(({ at }) => at >= from && at < to)) };
  });
  const columns = Object.fromEntries(
    intervals.map((_, index) => [
      ` ${index + 1}`,
      ({ parts }) =>
        parts[index].length === 0
          ? ''
          : Object.values(VALUES)
              .map(({ of }) => fixed(of(parts[index])))
              .join(' / '),
    ]),
  );
  const text = [
    `${grouped(rate)} requests a second. For each interval: ${Object.keys(VALUES).join(' / ')}, medians of its runs.`,
    tableOf(rows, { 'job or task': ({ task }) => task, ...columns }),
  ].join('\n\n');
  return { text, verdicts: rows.flatMap(verdictsOf) };
}

/** Jobs that did not run in both thirds have nothing to compare. */
function verdictsOf({ task, parts }) {
  const third = INTERVALS / 3;
  const [first, last] = [parts.slice(0, third), parts.slice(-third)].map((some) => some.flat());
  if (first.length === 0 || last.length === 0) return [];
  const values = Object.values(VALUES).map(({ of, slack }) => ({
    before: of(first),
    after: of(last),
    slack,
  }));
  return [
    {
      what: task,
      wanted: `flat: each value at most ${MAX_GROWTH} times that of the first third`,
      measured: values.map(({ before, after }) => `${fixed(before)} to ${fixed(after)}`).join(' / '),
      isReached: values.every(({ before, after, slack }) => after <= before * MAX_GROWTH + slack),
    },
  ];
}

function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
