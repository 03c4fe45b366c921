import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { say } from '../../scripts/lib/main.mjs';
import { built } from '../product/built.mjs';
import { pinSelf, planCores } from '../machine/cores.mjs';
import { describeDisk, folderOnDisk } from '../machine/disk.mjs';
import { Ending } from '../machine/ending.mjs';
import { seededRandom, shuffled } from '../load/statistics.mjs';
import { table } from '../report/table.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { SESSIONS_PER_USER } from './lives.mjs';
import { readOptions, USAGE } from './options.mjs';
import { partsOf } from './parts.mjs';
import { People } from './people.mjs';
import { describeSizes, readSizes } from './sizes.mjs';
import { settle } from './town.mjs';
import { describeVerdicts } from './verdicts.mjs';

const { prepareFolder } = built('tools/private-postgres/src');

/** People kept for the plans, for each time that an operation is looked at: with a session that is in use, and without. */
const KEPT_PRESENT = 8;
const KEPT_OTHERS = 40;

/**
 * @param {string[]} words of the command line
 * @returns {Promise<number>} the exit code: 1 when something does not hold
 */
export async function growth(words) {
  const options = readOptions(words);
  if (!options) {
    print(USAGE);
    return 0;
  }
  const ending = new Ending();
  try {
    return await run(options, ending);
  } catch (error) {
    ending.check();
    throw error;
  } finally {
    await ending.run();
  }
}

async function run(options, ending) {
  const random = seededRandom(options.seed);
  const cores = options.isPinned ? planCores() : null;
  const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-growth-')));
  ending.before(() => rmSync(folder, { recursive: true, force: true }));
  const disk = describeDisk(folder);
  const bot = new TelegramBot();

  pinSelf(cores?.database);
  const towns = [];
  const wanted = options.parts.includes('operations') ? [options.few, options.users] : [options.users];
  for (const users of wanted) {
    say(`Making ${users} people ...`);
    const town = await settle({ users, folder, bot, ending });
    print(describeFilling(town, disk));
    towns.push(town);
  }
  pinSelf(cores?.generator);
  if (options.isSmoke) print('A smoke run: it shows that everything works, and its figures mean nothing.');

  const town = towns.at(-1);
  const kept = keep(shuffled(town.filled.members, random), options.sample);
  const keptIds = new Set(kept.map(({ userId }) => userId));
  const people = towns.map((own) => new People(own, bot, random, (userId) => keptIds.has(userId)));
  const sizes = await readSizes(town.client);
  print(describeSizes(sizes));

  const facts = { towns, town, people, kept, keptIds, bot, options, random, cores: cores?.subject };
  const result = { figures: { sizes }, verdicts: [], faults: [] };
  for (const { name, work } of partsOf(options.parts)) {
    ending.check();
    say(`${name} ...`);
    const start = performance.now();
    const { text, figures, verdicts = [], faults = [] } = await work(facts, () => ending.check());
    say(`It took ${((performance.now() - start) / 1_000).toFixed(0)} seconds.`);
    print(text);
    Object.assign(result.figures, figures);
    result.verdicts.push(...verdicts);
    result.faults.push(...faults);
  }
  if (result.verdicts.length > 0) print(describeVerdicts(result.verdicts));
  print(result.faults.map((fault) => `- ${fault}`).join('\n') || 'Nothing went wrong.');
  if (options.json) writeFigures(options, wanted, result);
  const isReached = options.isSmoke || result.verdicts.every((verdict) => verdict.isReached);
  return isReached && result.faults.length === 0 ? 0 : 1;
}

function keep(members, sample) {
  const isPresent = ({ sessions }) => sessions.some(({ kind }) => kind === 'present');
  const present = members.filter(isPresent).slice(0, sample * KEPT_PRESENT);
  const others = members.filter((member) => !isPresent(member)).slice(0, sample * KEPT_OTHERS);
  // Where anybody will do, the first is taken.
  return [...others, ...present];
}

/** For programs: rates per second, latencies in milliseconds, costs in seconds, sizes in bytes. */
function writeFigures({ json, isSmoke, rounds, seconds, warmUp, connections, seed }, users, result) {
  const run = { isSmoke, users, rounds, seconds, warmUp, connections, seed };
  const { figures, verdicts, faults } = result;
  writeFileSync(json, `${JSON.stringify({ ...run, ...figures, verdicts, faults }, null, 2)}\n`);
}

function describeFilling({ users, filled }, { fileSystem, syncMs }) {
  const { seconds, total, computed, members, present } = filled;
  const steps = Object.entries(seconds).map(([step, value]) => [step, value.toFixed(1)]);
  const told =
    `${users} people with ${users * SESSIONS_PER_USER} sessions, ${present.length} of them in use, ` +
    `${members.length} people to ask for. It took ${computed.own.toFixed(0)} seconds of CPU here and ` +
    `${computed.ofDatabase.toFixed(0)} of PostgreSQL; ${fileSystem}, ${syncMs.toFixed(2)} ms to force a page to disk.`;
  return `${told}\n\n${table(['step', ' seconds'], [...steps, ['all of it', total.toFixed(1)]])}`;
}

function print(text) {
  process.stdout.write(`${text}\n\n`);
}
