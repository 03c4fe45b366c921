import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { SESSIONS_PER_USER } from '../fills/lives.mjs';
import { fillPeople } from '../fills/people.mjs';
import { conclude, print, runBench } from '../frame.mjs';
import { pinSelf, planCores } from '../machine/cores.mjs';
import { install } from '../product/installation.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { describeSections, growthSections } from '../report/sections.mjs';
import { seededRandom, shuffled } from '../report/statistics.mjs';
import { clean } from './cleaning.mjs';
import { watchJourneys } from './journeys.mjs';
import { fillMemory } from './memory.mjs';
import { operate } from './operator.mjs';
import { People } from './people.mjs';
import { compareOperations } from './rates.mjs';
import { readSizes } from './sizes.mjs';
import { soak } from './soak.mjs';

/** In this order. The last one ends what the others need. */
const PARTS = {
  operations: compareOperations,
  plans: watchJourneys,
  memory: fillMemory,
  cleaning: clean,
  soak,
  operator: operate,
};

const OPTIONS = {
  users: {
    ...{ usual: 1_000_000, smoke: 4_000, least: 4_000, most: 20_000_000 },
    meaning: 'people to make, with three sessions each; they are compared with 10,000',
  },
  soak: {
    ...{ usual: 10, smoke: 0.2, least: 0, most: 24 * 60, isFraction: true },
    meaning: 'minutes of all operations at once; 0 leaves it out',
  },
  only: { text: '<parts>', meaning: `some of ${Object.keys(PARTS).join(', ')}, separated by commas` },
  rounds: { usual: 5, smoke: 1, most: 100, meaning: 'measured rounds per operation' },
  seconds: { usual: 1.5, smoke: 0.3, least: 0.1, most: 60, isFraction: true, meaning: 'length of a round' },
  sample: { usual: 20, smoke: 3, most: 50, meaning: 'people per operation whose plans are examined' },
  seed: { usual: randomInt(1, 3_600), meaning: 'of the order, as an earlier run printed it' },
  unpinned: { isFlag: true, meaning: 'leave the choice of cores to the system' },
  json: { text: '<file>', meaning: 'write the figures there as well' },
};

const FEW = 10_000;
const CONNECTIONS = 32;
const HOUR = 3_600;
/** Access tokens last longer than the bench: what is made at its beginning is used until its end. */
const SETTINGS = {
  session: { accessIdle: 12 * HOUR, accessAbsolute: 24 * HOUR },
  perRequestInitData: { accept: true },
};
/** MiB: the quarter of the machine's memory that PostgreSQL's documentation recommends to begin with. */
const SHARED_BUFFERS = Math.floor(totalmem() / 4 / 1024 ** 2);
/** People for the plans, for each time that an operation is examined: with a session that is in use, and without. */
const [RESERVED_PRESENT, RESERVED_OTHERS] = [8, 40];

/**
 * The result of a part; faults must never be, on any machine.
 *
 * @typedef {{ text?: string, figures?: object, faults?: string[],
 *   verdicts?: { what: string, wanted: string, measured: string, isReached: boolean }[] }} Found
 */

/**
 * A large installation beside a small one. @param {string[]} words of the command line @returns {Promise<number>} the
 * exit code
 */
export function bench(words) {
  return runBench({ command: 'bench -- growth', options: OPTIONS, words }, run);
}

async function run({ folder, ending, check, ...given }) {
  const options = { ...given, warmUp: given.smoke ? 0.1 : 0.5, connections: CONNECTIONS };
  const parts = partsOf(options);
  const random = seededRandom(options.seed);
  const planned = options.unpinned ? null : planCores();
  const bot = new TelegramBot();
  pinSelf(planned?.database);
  const few = Math.min(FEW, Math.floor(options.users / 2));
  const users = parts.includes('operations') ? [few, options.users] : [options.users];
  const installations = [];
  for (const count of users) {
    say(`Making ${count} people ...`);
    installations.push(await prepare({ users: count, folder: join(folder, String(count)), bot, ending }));
  }
  pinSelf(planned?.generator);

  const installation = installations.at(-1);
  const reserved = reserve(shuffled(installation.filled.members, random), options.sample);
  const reservedIds = new Set(reserved.map(({ userId }) => userId));
  const people = installations.map((own) => new People(own, bot, random, (id) => reservedIds.has(id)));
  const cores = planned?.subject;
  const facts = { installations, installation, people, reserved, bot, options, random, cores, check };
  const figures = { users, sizes: await readSizes(installation.client) };
  const [verdicts, faults] = [[], []];
  for (const name of parts) {
    check();
    say(`${name} ...`);
    const start = performance.now();
    const found = await PARTS[name](facts);
    say(`It took ${((performance.now() - start) / 1_000).toFixed(0)} seconds.`);
    if (found.text) print(found.text);
    Object.assign(figures, found.figures);
    verdicts.push(...(found.verdicts ?? []));
    faults.push(...(found.faults ?? []));
  }
  print(describeSections(growthSections({ ...figures, verdicts })));
  print(`The order is that of --seed ${options.seed}.`);
  const { json, smoke: isSmoke, rounds, seconds, warmUp, connections, seed } = options;
  const run = { isSmoke, rounds, seconds, warmUp, connections, seed };
  // Rates per second, latencies in milliseconds, costs in seconds, sizes in bytes.
  if (json) writeFileSync(json, `${JSON.stringify({ ...run, ...figures, verdicts, faults }, null, 2)}\n`);
  const missed = isSmoke ? [] : verdicts.filter(({ isReached }) => !isReached);
  return conclude([...faults, ...missed.map(({ what }) => `${what}: not reached`)]);
}

function partsOf({ only, soak: minutes }) {
  const wanted = only?.split(',').map((name) => name.trim()) ?? Object.keys(PARTS);
  const unknown = wanted.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) throw new Sentence(`--only: there is no part "${unknown}".`);
  return Object.keys(PARTS).filter((name) => wanted.includes(name) && (name !== 'soak' || minutes > 0));
}

/** Each on a PostgreSQL of its own: neither has the other's pages in memory, and their CPU times are separate. */
async function prepare({ users, folder, bot, ending }) {
  const options = { folder, bot, ending, settings: SETTINGS, sharedBuffers: SHARED_BUFFERS };
  const installation = await install(options);
  const filled = await fillPeople(installation, { users, botId: bot.id, check: () => ending.check() });
  const { members, present, seconds, cpu, databaseCpu } = filled;
  print(
    `${users} people with ${users * SESSIONS_PER_USER} sessions, ${present.length} of them in use, ${members.length} people ` +
      `to act as. It took ${seconds.toFixed(0)} s, ${cpu.toFixed(0)} s of CPU here and ${databaseCpu.toFixed(0)} of PostgreSQL.`,
  );
  return { ...installation, name: `${users.toLocaleString('en')} people`, users, filled };
}

function reserve(members, sample) {
  const isPresent = ({ sessions }) =>
    sessions.some(({ kind, assurance }) => kind === 'present' && assurance === 'platform');
  const present = members.filter(isPresent).slice(0, sample * RESERVED_PRESENT);
  const others = members.filter((member) => !isPresent(member)).slice(0, sample * RESERVED_OTHERS);
  // Where any person will do, the first is taken.
  return [...others, ...present];
}
