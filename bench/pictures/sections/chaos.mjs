import { barPicture } from '../bars.mjs';
import { cells } from '../cells.mjs';
import { fixed, grouped } from '../numbers.mjs';

/** Milliseconds within which 99 of 100 endings are to be known everywhere. */
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

/** @param {object} figures of `npm run test:chaos -- --json` @returns {import('../document.mjs').Section[]} */
export function chaosSections({ seed, isShort, results }) {
  const measured = SCENARIOS.flatMap((each) => {
    const found = results.find(({ scenario, times }) => scenario === each.scenario && times.length > 0);
    return found ? [{ ...each, times: found.times }] : [];
  });
  const promises = {
    name: 'promises',
    markdown: [
      cells(
        ['scenario', 'promise', 'found', ''],
        results.map(({ scenario, promise, found, faults }) => [
          scenario,
          promise,
          found,
          faults === 0 ? 'kept' : `**broken** (${faults})`,
        ]),
      ),
      `Seed ${seed}${isShort ? ', the short form' : ''}.`,
    ].join('\n\n'),
  };
  return measured.length === 0 ? [promises] : [promises, revocationSection(measured)];
}

function revocationSection(measured) {
  const ways = [...new Set(measured.flatMap(({ times }) => times.map(({ name }) => name)))];
  const entries = ways.map((way) => ({
    words: WAYS[way] ?? way,
    found: measured.flatMap(({ times, ...how }) => {
      const time = times.find(({ name }) => name === way);
      return time ? [{ ...how, time }] : [];
    }),
  }));
  const limits = measured.map(({ limit }) => limit);
  return {
    name: 'revocation',
    svg: barPicture({
      title: 'From the answer that ends a session to its last success anywhere',
      unit: 'milliseconds; bar: 99 of 100, line: from the median to the slowest',
      groups: entries.map(({ words, found }) => ({
        name: words,
        bars: found.map(({ words: label, tone, time: { p50, p99, most } }) => ({
          label,
          value: p99,
          least: p50,
          most,
          tone,
        })),
      })),
      limits,
      notes: measured.map(({ words, limit }) => `red: at most ${grouped(limit)} ms ${words}`),
    }),
    alt: `How long an ended session is still taken: ${measured
      .map(
        ({ words, times: [{ p50, p99, most }] }) =>
          `${words} p50 ${whole(p50)}, p99 ${whole(p99)}, at most ${whole(most)} ms`,
      )
      .join('; ')}`,
    markdown: cells(
      ['how it ends', 'notifications', ' endings', ' p50 ms', ' p99 ms', ' slowest ms'],
      entries.flatMap(({ words, found }) =>
        found.map(({ words: how, time: { count, p50, p99, most } }) => [
          words,
          how,
          String(count),
          whole(p50),
          whole(p99),
          whole(most),
        ]),
      ),
    ),
  };
}

function whole(milliseconds) {
  return fixed(milliseconds, 0);
}
