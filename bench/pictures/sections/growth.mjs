import { barPicture } from '../bars.mjs';
import { cells } from '../cells.mjs';
import { curvePicture } from '../curves.mjs';
import { fixed, grouped } from '../numbers.mjs';

/** Times of what it costs with few people. */
const MAX_GROWTH = 1.3;
const MAX_MEBIBYTES = 250;
const MINUTE = 60;
const MEBIBYTE = 1024 * 1024;

/**
 * What `npm run bench:growth -- --json` writes. Each part may be left out.
 *
 * @typedef {object} GrowthFigures
 * @property {[number, number]} [users] few and many
 * @property {{ operation: string, few: Cost, many: Cost }[]} [operations]
 * @property {{ relation: string, index: string | null, bytes: number, rows: number }[]} [sizes] with many
 * @property {{ name: string, sessions: number, residentBytes: number, heapBytes: number }[]} [memory]
 * @property {{ name: string, p99: number }[]} [cleaning] milliseconds of logins, without and with it
 * @property {{ seconds: number, rate: number, p99: number, residentBytes: number }[]} [soak]
 * @property {{ what: string, wanted: string, measured: string, isReached: boolean }[]} [verdicts]
 *
 * @typedef {{ rate: number, cost: number, databaseCost: number, p99: number }} Cost per answer: seconds of the service and
 *   of PostgreSQL; milliseconds
 */

/** @param {GrowthFigures} figures @returns {import('../document.mjs').Section[]} */
export function growthSections({ users, operations, sizes, memory, cleaning, soak, verdicts }) {
  return [
    verdicts && { name: 'growth-targets', markdown: verdictTable(verdicts) },
    users && operations && growthSection(users, operations),
    sizes && { name: 'sizes', markdown: sizeTable(sizes) },
    memory && memorySection(memory),
    cleaning && { name: 'cleaning', markdown: cleaningTable(cleaning) },
    soak && soak.length > 1 && soakSection(soak),
  ].filter(Boolean);
}

function verdictTable(verdicts) {
  return cells(
    ['what', 'to reach', ' measured', ''],
    verdicts.map(({ what, wanted, measured, isReached }) => [
      what,
      wanted,
      measured,
      isReached ? 'reached' : '**not reached**',
    ]),
  );
}

function growthSection([few, many], operations) {
  const computed = (cost) => cost.cost + cost.databaseCost;
  const rows = operations.map((row) => ({
    ...row,
    byRate: row.few.rate / row.many.rate,
    byCpu: computed(row.many) / computed(row.few),
  }));
  return {
    name: 'growth',
    svg: barPicture({
      title: `What an answer costs with ${grouped(many)} people, by what it costs with ${grouped(few)}`,
      unit: 'times; one is no difference',
      groups: rows.map(({ operation, byRate, byCpu }) => ({
        name: operation,
        bars: [
          { label: 'time of a full queue', value: byRate, tone: 'ours' },
          { label: 'CPU, service and PostgreSQL', value: byCpu, tone: 'second' },
        ],
      })),
      limits: [MAX_GROWTH],
      notes: [`red: at most ${MAX_GROWTH}`],
    }),
    alt: `Costs with ${grouped(many)} people by those with ${grouped(few)}: ${rows
      .map(({ operation, byCpu }) => `${operation} ${fixed(byCpu, 2)}`)
      .join(', ')}`,
    markdown: cells(
      [
        'operation',
        ` answers/s, ${grouped(few)}`,
        ` ${grouped(many)}`,
        ' times',
        ` CPU µs, ${grouped(few)}`,
        ` ${grouped(many)}`,
        ' times',
        ` p99 ms, ${grouped(few)}`,
        ` ${grouped(many)}`,
      ],
      rows.map(({ operation, few: before, many: after, byRate, byCpu }) => [
        operation,
        grouped(Math.round(before.rate)),
        grouped(Math.round(after.rate)),
        fixed(byRate, 2),
        fixed(computed(before) * 1e6, 0),
        fixed(computed(after) * 1e6, 0),
        fixed(byCpu, 2),
        fixed(before.p99, 1),
        fixed(after.p99, 1),
      ]),
    ),
  };
}

function sizeTable(sizes) {
  const ofTable = sizes.filter(({ index }) => index === null);
  const line = (name, bytes, rows) => [
    name,
    fixed(bytes / MEBIBYTE, 1),
    rows > 0 ? grouped(Math.round(bytes / rows)) : '',
  ];
  return cells(
    ['what', ' MiB', ' bytes per row'],
    ofTable.flatMap(({ relation, bytes, rows }) => {
      const indexes = sizes.filter((size) => size.relation === relation && size.index !== null);
      const all = indexes.reduce((sum, size) => sum + size.bytes, bytes);
      return [
        line(`**${relation}**, ${grouped(rows)} rows`, all, rows),
        line('- the table', bytes, rows),
        ...indexes.map(({ index, bytes: own }) => line(`- \`${index}\``, own, rows)),
      ];
    }),
  );
}

function memorySection(memory) {
  const mebibytes = (bytes) => bytes / MEBIBYTE;
  return {
    name: 'memory',
    svg: barPicture({
      title: 'Memory of the API process',
      unit: 'MiB resident',
      groups: [
        {
          bars: memory.map(({ name, residentBytes }) => ({
            label: name,
            value: mebibytes(residentBytes),
            tone: 'ours',
          })),
        },
      ],
      limits: [MAX_MEBIBYTES],
      notes: [`red: at most ${MAX_MEBIBYTES} MiB with 100,000 sessions`],
    }),
    alt: `Memory of the API process: ${memory
      .map(({ name, residentBytes }) => `${name} ${fixed(mebibytes(residentBytes), 0)} MiB`)
      .join(', ')}`,
    markdown: cells(
      ['API process', ' sessions in memory', ' resident MiB', ' heap in use MiB'],
      memory.map(({ name, sessions, residentBytes, heapBytes }) => [
        name,
        grouped(sessions),
        fixed(mebibytes(residentBytes), 0),
        fixed(mebibytes(heapBytes), 0),
      ]),
    ),
  };
}

function cleaningTable(cleaning) {
  const [{ p99: without }] = cleaning;
  return cells(
    ['logins', ' p99 ms', ' times'],
    cleaning.map(({ name, p99 }) => [name, fixed(p99, 1), fixed(p99 / without, 2)]),
  );
}

function soakSection(soak) {
  const minutes = soak.map(({ seconds }) => seconds / MINUTE);
  const column = (name, unit) => soak.map((sample) => sample[name] / unit);
  const third = Math.ceil(soak.length / 3);
  const parts = [
    ['first third', soak.slice(0, third)],
    ['last third', soak.slice(-third)],
  ];
  const mean = (samples, name) => samples.reduce((sum, sample) => sum + sample[name], 0) / samples.length;
  return {
    name: 'soak',
    svg: curvePicture({
      title: 'At half of the highest rate',
      time: 'minutes',
      times: minutes,
      panels: [
        { name: 'resident memory of the API process, MiB', values: column('residentBytes', MEBIBYTE) },
        { name: 'p99 of all answers, ms', values: column('p99', 1) },
      ],
    }),
    alt: `Memory and p99 over ${fixed(minutes.at(-1), 0)} minutes at half of the highest rate`,
    markdown: cells(
      ['', ' answers/s', ' p99 ms', ' resident MiB'],
      parts.map(([name, samples]) => [
        name,
        grouped(Math.round(mean(samples, 'rate'))),
        fixed(mean(samples, 'p99'), 1),
        fixed(mean(samples, 'residentBytes') / MEBIBYTE, 0),
      ]),
    ),
  };
}
