import { tableOf } from './table.mjs';
import { barPicture, curvePicture, fixed, grouped, inWords } from '../pictures/draw.mjs';

const OURS = 'Countersign';
/** It does no work: in a picture of real work it would only make the others small. */
const CEILING = 'node:http';
const COMPARED_WITH_CEILING = 'gateway check';
const MEBIBYTE = 2 ** 20;
/** Times of the costs with few people; MiB of a process with 100,000 sessions. */
export const [MAX_GROWTH, MAX_MEBIBYTES] = [1.3, 250];

/** Milliseconds within which 99 of 100 ended sessions are to be known everywhere. */
const SCENARIOS = [
  { scenario: 'revocation', words: 'with notifications', limit: 100, tone: 'ours' },
  { scenario: 'revocation-unheard', words: 'without', limit: 3_000, tone: 'second' },
];
const WAYS = {
  all: 'all of them',
  logout: 'logout',
  owner: 'by the owner, from the list',
  'end-all': '"end all"',
  cap: 'by the cap of ten',
  theft: 'a used refresh token',
  cli: 'by the CLI',
};

/**
 * A section of the document: a table with its columns by heading, and a picture.
 *
 * @typedef {{ name: string, rows: object[], columns: object, before?: string, after?: string, svg?: string, alt?: string }} Section
 */

const target = (what) => ({
  [what]: (verdict) => verdict[what],
  'to reach': ({ wanted }) => wanted,
  ' measured': ({ measured }) => measured,
  '': ({ isReached }) => (isReached ? 'reached' : '**not reached**'),
});

/** `figures`: of `npm run bench -- --json` @returns {Section[]}. */
export function peerSections({ isSmoke, setting = [], targets, measured, statements = [] }) {
  const before = isSmoke ? '**A smoke run: these figures mean nothing.**' : undefined;
  const isOurs = ({ subject }) => subject === OURS;
  const perSecond = (seconds) => (seconds > 1e-6 ? grouped(Math.floor(1 / seconds)) : 'no limit seen');
  const operations = [...new Set(measured.map(({ operation }) => operation))];
  return [
    {
      name: 'setting',
      before,
      rows: setting,
      columns: { setting: ([name]) => name, value: ([, text]) => text },
    },
    summarySection({ measured, statements, perSecond }),
    { name: 'targets', rows: targets, columns: target('operation') },
    {
      name: 'per-core',
      rows: measured.filter(isOurs),
      columns: {
        operation: ({ operation }) => operation,
        ' CPU µs of the service': ({ cost }) => fixed(cost * 1e6),
        ' per second and core': ({ cost }) => perSecond(cost),
        ' CPU µs of PostgreSQL': ({ databaseCost }) => fixed(databaseCost * 1e6),
        // Below 20 µs it is the background work of PostgreSQL, spread over very many answers.
        ' per second and core of it': ({ databaseCost: cost }) => (cost < 2e-5 ? '' : perSecond(cost)),
      },
    },
    {
      name: 'statements',
      rows: statements.filter(isOurs),
      columns: {
        operation: ({ operation }) => operation,
        ' statements': (count) => span(count.statements),
        ' that begin and end transactions': ({ control }) => span(control),
        which: ({ list }) => list.join('; '),
      },
    },
    ...operations.map((operation) => operationSection(operation, { measured, targets, statements })),
  ];
}

/** The one table of docs/performance.md. */
function summarySection({ measured, statements, perSecond }) {
  const ratios = (ours) =>
    measured
      .filter(({ operation, subject }) => operation === ours.operation && subject !== OURS)
      .filter(({ operation, subject }) => subject !== CEILING || operation === COMPARED_WITH_CEILING)
      .map(({ subject, rate }) => `${fixed(ours.rate / rate, 2)} × ${subject}`);
  const counts = (ours) =>
    statements.find(({ operation, subject }) => operation === ours.operation && subject === OURS)?.statements;
  return {
    name: 'operations',
    rows: measured.filter(({ subject }) => subject === OURS),
    columns: {
      operation: ({ operation }) => operation,
      ' answers/s': ({ rate }) => grouped(rate),
      ' p50 ms': ({ p50 }) => fixed(p50, 2),
      ' p99 ms': ({ p99 }) => fixed(p99, 2),
      ' CPU µs': ({ cost }) => fixed(cost * 1e6),
      ' per second and core': ({ cost }) => perSecond(cost),
      ' CPU µs of PostgreSQL': ({ databaseCost }) => fixed(databaseCost * 1e6),
      ' statements': (ours) => span(counts(ours)),
      'Countersign is': (ours) => ratios(ours).join(', '),
    },
  };
}

function operationSection(operation, { measured, targets, statements }) {
  const rows = measured.filter((row) => row.operation === operation);
  const find = (name) => rows.find(({ subject }) => subject === name);
  const ours = find(OURS);
  const wanted = targets
    .filter(({ operation: of, of: other }) => of === operation && find(other))
    .map(({ of, least }) => ({ rate: find(of).rate * least, words: `${least} of ${of}` }));
  const shown = rows.filter(({ subject }) => subject !== CEILING || operation === COMPARED_WITH_CEILING);
  const statementsOf = ({ subject }) =>
    span(statements.find((count) => count.operation === operation && count.subject === subject)?.statements);
  const bars = shown.map(({ subject, rate, least, most }) =>
    subject === OURS
      ? { label: subject, value: rate, least, most, tone: 'ours', marks: wanted.map((each) => each.rate) }
      : { label: subject, value: rate, least, most, tone: 'other' },
  );
  return {
    name: operation
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, ''),
    rows,
    columns: {
      system: ({ subject }) => subject,
      ' answers/s': ({ rate }) => grouped(rate),
      ' least–most': ({ least, most }) => `${grouped(least)}–${grouped(most)}`,
      ' p50 ms': ({ p50 }) => fixed(p50, 2),
      ' p99 ms': ({ p99 }) => fixed(p99, 2),
      ' CPU µs': ({ cost }) => fixed(cost * 1e6),
      ' of PostgreSQL': ({ databaseCost }) => fixed(databaseCost * 1e6),
      ' statements': statementsOf,
      ' Countersign is': (row) => (!ours || row === ours ? '' : `${fixed(ours.rate / row.rate, 2)} ×`),
    },
    svg: barPicture({
      title: `${operation}: answers per second`,
      unit: 'answers per second, median; line: slowest to quickest round',
      groups: [{ bars }],
      notes: wanted.map(({ rate, words }) => `red: to reach, ${words} (${inWords(rate)})`),
    }),
    alt: `Answers per second, ${operation}: ${shown.map((row) => `${row.subject} ${inWords(row.rate)}`).join(', ')}`,
  };
}

/** `figures`: of `npm run bench -- growth --json`; each may be absent @returns {Section[]}. */
export function growthSections({ users, operations, sizes, memory, cleaning, soak, verdicts }) {
  return [
    verdicts && { name: 'growth-targets', rows: verdicts, columns: target('what') },
    users && operations && growthSection(users, operations),
    sizes && sizeSection(sizes),
    memory && memorySection(memory),
    cleaning && {
      name: 'cleaning',
      rows: cleaning,
      columns: {
        logins: ({ name }) => name,
        ' p99 ms': ({ p99 }) => fixed(p99, 1),
        ' times': ({ p99 }) => fixed(p99 / cleaning[0].p99, 2),
      },
    },
    soak?.length > 1 && soakSection(soak),
  ].filter(Boolean);
}

function growthSection([few, many], operations) {
  const cpu = ({ cost, databaseCost }) => (cost + databaseCost) * 1e6;
  const byRate = (row) => row.few.rate / row.many.rate;
  const byCpu = (row) => cpu(row.many) / cpu(row.few);
  return {
    name: 'growth',
    rows: operations,
    columns: {
      operation: ({ operation }) => operation,
      [` answers/s, ${grouped(few)}`]: (row) => grouped(row.few.rate),
      [` answers/s, ${grouped(many)}`]: (row) => grouped(row.many.rate),
      ' times': (row) => fixed(byRate(row), 2),
      [` CPU µs, ${grouped(few)}`]: (row) => fixed(cpu(row.few)),
      [` CPU µs, ${grouped(many)}`]: (row) => fixed(cpu(row.many)),
      ' times the CPU': (row) => fixed(byCpu(row), 2),
      [` p99 ms, ${grouped(few)}`]: (row) => fixed(row.few.p99, 1),
      [` p99 ms, ${grouped(many)}`]: (row) => fixed(row.many.p99, 1),
    },
    svg: barPicture({
      title: `What an answer costs with ${grouped(many)} people, by what it costs with ${grouped(few)}`,
      unit: 'times; one is no difference',
      groups: operations.map((row) => ({
        name: row.operation,
        bars: [
          { label: 'time of a full queue', value: byRate(row), tone: 'ours' },
          { label: 'CPU, service and PostgreSQL', value: byCpu(row), tone: 'second' },
        ],
      })),
      limits: [MAX_GROWTH],
      notes: [`red: at most ${MAX_GROWTH}`],
    }),
    alt: `Costs with ${grouped(many)} people by those with ${grouped(few)}: ${operations
      .map((row) => `${row.operation} ${fixed(byCpu(row), 2)}`)
      .join(', ')}`,
  };
}

function sizeSection(sizes) {
  const rows = sizes
    .filter(({ index }) => index === null)
    .flatMap(({ relation, bytes, rows: count }) => {
      const indexes = sizes.filter((size) => size.relation === relation && size.index !== null);
      const all = indexes.reduce((sum, size) => sum + size.bytes, bytes);
      return [
        { name: `**${relation}**, ${grouped(count)} rows`, bytes: all, count },
        { name: '- the table', bytes, count },
        ...indexes.map((size) => ({ name: `- \`${size.index}\``, bytes: size.bytes, count })),
      ];
    });
  const columns = {
    what: ({ name }) => name,
    ' MiB': ({ bytes }) => fixed(bytes / MEBIBYTE, 1),
    ' bytes per row': ({ bytes, count }) => (count > 0 ? grouped(bytes / count) : ''),
  };
  return { name: 'sizes', rows, columns };
}

function memorySection(rows) {
  const bars = rows.map(({ name, residentBytes }) => ({
    label: name,
    value: residentBytes / MEBIBYTE,
    tone: 'ours',
  }));
  return {
    name: 'memory',
    rows,
    columns: {
      'API process': ({ name }) => name,
      ' sessions in memory': ({ sessions }) => grouped(sessions),
      ' resident MiB': ({ residentBytes }) => fixed(residentBytes / MEBIBYTE),
      ' heap in use MiB': ({ heapBytes }) => fixed(heapBytes / MEBIBYTE),
    },
    svg: barPicture({
      title: 'Memory of the API process',
      unit: 'MiB resident',
      groups: [{ bars }],
      limits: [MAX_MEBIBYTES],
      notes: [`red: at most ${MAX_MEBIBYTES} MiB with 100,000 sessions`],
    }),
    alt: `Memory of the API process: ${bars.map(({ label, value }) => `${label} ${fixed(value)} MiB`).join(', ')}`,
  };
}

function soakSection(soak) {
  const third = Math.ceil(soak.length / 3);
  const mean = (name) => (row) => row.of.reduce((sum, sample) => sum + sample[name], 0) / row.of.length;
  const times = soak.map(({ seconds }) => seconds / 60);
  return {
    name: 'soak',
    rows: [
      { name: 'first third', of: soak.slice(0, third) },
      { name: 'last third', of: soak.slice(-third) },
    ],
    columns: {
      '': ({ name }) => name,
      ' answers/s': (row) => grouped(mean('rate')(row)),
      ' p99 ms': (row) => fixed(mean('p99')(row), 1),
      ' resident MiB': (row) => fixed(mean('residentBytes')(row) / MEBIBYTE),
    },
    svg: curvePicture({
      title: 'At half of the highest rate',
      time: 'minutes',
      times,
      panels: [
        {
          name: 'resident memory of the API process, MiB',
          values: soak.map((sample) => sample.residentBytes / MEBIBYTE),
        },
        { name: 'p99 of all answers, ms', values: soak.map(({ p99 }) => p99) },
      ],
    }),
    alt: `Memory and p99 over ${fixed(times.at(-1))} minutes at half of the highest rate`,
  };
}

/** `figures`: of `node scripts/test-chaos.mjs --json` @returns {Section[]}. */
export function chaosSections({ seed, isShort, results }) {
  const promises = {
    name: 'promises',
    rows: results,
    columns: {
      scenario: ({ scenario }) => scenario,
      promise: ({ promise }) => promise,
      found: ({ found }) => found,
      '': ({ faults }) => (faults === 0 ? 'met' : `**not met** (${faults})`),
    },
    after: `Seed ${seed}${isShort ? ', the short form' : ''}.`,
  };
  const measured = SCENARIOS.flatMap((each) => {
    const found = results.find(({ scenario, times }) => scenario === each.scenario && times.length > 0);
    return found ? [{ ...each, times: found.times }] : [];
  });
  return measured.length === 0 ? [promises] : [promises, revocationSection(measured)];
}

function revocationSection(measured) {
  const names = [...new Set(measured.flatMap(({ times }) => times.map(({ name }) => name)))];
  const rows = names.flatMap((name) =>
    measured.flatMap(({ times, words, tone }) =>
      times.filter((time) => time.name === name).map((time) => ({ ...time, words, tone })),
    ),
  );
  const groups = names.map((name) => ({
    name: WAYS[name] ?? name,
    bars: rows
      .filter((row) => row.name === name)
      .map(({ words, tone, p50, p99, most }) => ({ label: words, value: p99, least: p50, most, tone })),
  }));
  const first = measured.map(
    ({ words, times: [{ p50, p99, most }] }) =>
      `${words} p50 ${fixed(p50)}, p99 ${fixed(p99)}, at most ${fixed(most)} ms`,
  );
  return {
    name: 'revocation',
    rows,
    columns: {
      'how it ends': ({ name }) => WAYS[name] ?? name,
      notifications: ({ words }) => words,
      ' endings': ({ count }) => count,
      ' p50 ms': ({ p50 }) => fixed(p50),
      ' p99 ms': ({ p99 }) => fixed(p99),
      ' slowest ms': ({ most }) => fixed(most),
    },
    svg: barPicture({
      title: 'From the answer that ends a session to its last success anywhere',
      unit: 'milliseconds; bar: 99 of 100, line: from the median to the slowest',
      groups,
      limits: measured.map(({ limit }) => limit),
      notes: measured.map(({ words, limit }) => `red: at most ${grouped(limit)} ms ${words}`),
    }),
    alt: `How long an ended session is still taken: ${first.join('; ')}`,
  };
}

function span(numbers) {
  if (!numbers) return '';
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? String(least) : `${least}–${most}`;
}

/** The sections as text for a terminal. @param {Section[]} sections */
export function describeSections(sections) {
  const lines = ({ name, before, rows, columns, after }) => [
    `## ${name}`,
    before,
    tableOf(rows, columns),
    after,
  ];
  return sections.map((section) => lines(section).filter(Boolean).join('\n\n')).join('\n\n');
}
