import { startService } from '../product/service.mjs';
import { clean } from './cleaning.mjs';
import { operate } from './emergency.mjs';
import { foreignKeysWithoutIndex } from './indexes.mjs';
import { measureMemory } from './memory.mjs';
import { describeGrowth, judgeGrowth, measureGrowth } from './rates.mjs';
import { soak } from './soak.mjs';
import { judge, watchJourneys } from './watched.mjs';

const MANY_SESSIONS = 100_000;
const MAX_MEBIBYTES = 250;
const MEBIBYTE = 1024 * 1024;

/**
 * What a part has found.
 *
 * @typedef {object} Found
 * @property {string} text
 * @property {object} [figures] for programs
 * @property {import('./verdicts.mjs').Verdict[]} [verdicts]
 * @property {string[]} [faults] what must never be, on whatever machine
 */

const parts = {
  operations: { name: 'Asking both', work: compare },
  plans: { name: 'Looking at plans', work: lookAtPlans },
  memory: { name: 'Filling the memory of the service', work: fillMemory },
  cleaning: {
    name: 'Cleaning while people sign in',
    work: ({ town, people, cores }, check) => clean({ town, people: people.at(-1), cores, check }),
  },
  soak: {
    name: 'Everything at once',
    work: ({ town, people, options, cores, random }, check) =>
      soak({ town, people: people.at(-1), minutes: options.soak, cores, random, check }),
  },
  operator: {
    name: 'Revoking what rests on a token that leaked',
    work: ({ town, bot }) => operate(town, bot),
  },
};

/**
 * @param {string[]} names
 * @returns {{ name: string, work: (facts: object, check: () => void) => Promise<Found> }[]}
 */
export function partsOf(names) {
  return names.map((name) => parts[name]);
}

async function compare({ towns, people, options, random, cores }, check) {
  const services = [];
  try {
    for (const { installation } of towns) services.push(await startService(installation.env, { cores }));
    const sides = towns.map((town, place) => ({ town, service: services[place], people: people[place] }));
    const growths = await measureGrowth(sides, options, { random, check });
    const names = towns.map(({ name }) => name);
    const text = `${describeGrowth(growths, names)}\n\nThe order is that of --seed ${options.seed}.`;
    return { text, figures: { operations: growths }, verdicts: judgeGrowth(growths) };
  } finally {
    for (const service of services) await service.stop();
  }
}

async function lookAtPlans({ town, kept, keptIds, bot, options }, check) {
  const { installation, postgres, client, filled } = town;
  const { sample } = options;
  const watched = await watchJourneys({ installation, postgres, bot, members: kept, sample, check });
  // Some of their sessions have ended here.
  filled.present = filled.present.filter(({ userId }) => !keptIds.has(userId));
  const judged = await judge(client, watched);
  const unserved = await foreignKeysWithoutIndex(client, ['identities', 'identity_digests', 'sessions']);
  const told = unserved.map(({ name, parent }) => `${name} (to ${parent})`);
  const note = `Foreign keys without an index of their own: ${told.join(', ') || 'none'}.`;
  const plans = judged.faults.length;
  return {
    text: `${judged.text}\n\n${note}`,
    verdicts: [
      {
        what: 'plans of every operation',
        wanted: 'by indexes',
        measured: plans === 0 ? 'all of them' : `${plans} are not`,
        isReached: plans === 0,
      },
    ],
    faults: judged.faults,
  };
}

async function fillMemory({ town }) {
  const present = town.filled.present.map(({ accessToken }) => accessToken);
  const { text, faults, figures } = await measureMemory({ env: town.installation.env, present });
  const most = Math.max(...figures.map(({ residentBytes }) => residentBytes)) / MEBIBYTE;
  const isFull = figures.at(-1).sessions === MANY_SESSIONS;
  return {
    text,
    figures: { memory: figures },
    verdicts: isFull
      ? [
          {
            what: 'memory with 100,000 sessions',
            wanted: `at most ${MAX_MEBIBYTES} MiB`,
            measured: `${most.toFixed(0)} MiB`,
            isReached: most <= MAX_MEBIBYTES,
          },
        ]
      : [],
    faults,
  };
}
