import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { median, percentile } from '../load/statistics.mjs';
import { folderOnDisk } from '../machine/disk.mjs';
import { Ending } from '../machine/ending.mjs';
import { built } from '../product/built.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { table } from '../report/table.mjs';
import { compareWithBefore } from './before.mjs';
import { callsOf } from './calls.mjs';
import { explain } from './plans.mjs';
import { profiles } from './profiles.mjs';
import { settle } from './town.mjs';
import { walk } from './walk.mjs';

const { prepareFolder } = built('tools/private-postgres/src');

const USAGE = `Usage: npm run bench:teams -- [options]

  --teams <n>       teams of the large installation (100000)
  --members <n>     members of its largest team (50000)
  --times <n>       measured calls of each list and installation (201)
  --before <clone>  measure sign-ins and checks instead, beside those of another clone that is built
  --rounds <n>      rounds of that (9)`;

/** A page of the large installation, by one of an installation with little more than a page of everything. */
const MAX_RATIO = 2;
const WARM_UP = 10;
/** A page of everything, and as much again: the lists of the small installation have a page that is full, too. */
const LITTLE = { teams: 300, members: 120, perPerson: 110, entries: 120, invitations: 120 };

/** @param {string[]} words of the command line @returns {Promise<number>} the exit code: 1 when something does not hold */
export async function teams(words) {
  const options = optionsOf(words);
  const ending = new Ending();
  try {
    const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-teams-')));
    ending.before(() => rmSync(folder, { recursive: true, force: true }));
    return await (options.before === undefined ? run : compareWithBefore)({ ...options, folder, ending });
  } catch (error) {
    ending.check();
    throw error;
  } finally {
    await ending.run();
  }
}

function optionsOf(words) {
  const text = { type: 'string' };
  const { values } = parseArgs({
    args: words,
    options: { teams: text, members: text, times: text, before: text, rounds: text },
  });
  const options = {
    teams: Number(values.teams ?? 100_000),
    members: Number(values.members ?? 50_000),
    times: Number(values.times ?? 201),
    rounds: Number(values.rounds ?? 9),
    before: values.before,
  };
  const { teams: count, members, times, rounds } = options;
  const isRight = [count, members, times, rounds].every(Number.isInteger);
  if (!isRight || count < 1_000 || members < 200 || times < 1 || rounds < 1)
    throw new Sentence(`--teams is 1000 or more, --members 200 or more.\n\n${USAGE}`);
  return options;
}

async function run({ teams: count, members, times, folder, ending }) {
  const bot = new TelegramBot();
  const sizes = { teams: count, members, perPerson: 110, entries: 2 * members, invitations: 5_000 };
  const small = await settle({ name: 'small', sizes: LITTLE, folder, bot, ending });
  const large = await settle({ name: 'large', sizes, folder, bot, ending });

  say('Measuring ...');
  const measured = await measure([small, large], times, () => ending.check());
  print(describe(measured));
  say('Plans ...');
  const plans = await explain(large, await callsOf(large.caller, large.made));
  print(plans.text);
  say('Profiles ...');
  const opened = await profiles(large, times);
  print(opened.text);
  say('Walking ...');
  const walked = await walk({ ...large, check: () => ending.check() });
  print(walked.text);
  const faults = [
    ...measured
      .filter(isSlow)
      .map(({ name, ratios }) => `${name}: p50 ${ratios[0].toFixed(2)}, p99 ${ratios[1].toFixed(2)} times`),
    ...plans.faults,
    ...opened.faults,
    ...walked.faults,
  ];
  print(faults.map((fault) => `- ${fault}`).join('\n') || 'Nothing went wrong.');
  return faults.length === 0 ? 0 : 1;
}

/** In turn at both installations, because a machine drifts. */
async function measure(towns, times, check) {
  const [small, large] = await Promise.all(towns.map(({ caller, made }) => callsOf(caller, made)));
  const measured = [];
  for (const call of large) {
    const other = small.find(({ name }) => name === call.name);
    if (!other) continue;
    check();
    const paths = [other.path, call.path];
    const once = await compare(call, towns, paths, times);
    // Another program may have had the cores meanwhile.
    measured.push(isSlow(once) ? await compare(call, towns, paths, 3 * times) : once);
  }
  return measured;
}

async function compare(call, towns, paths, times) {
  const latencies = [[], []];
  for (let turn = -WARM_UP; turn < times; turn += 1)
    for (const index of turn % 2 === 0 ? [0, 1] : [1, 0]) {
      const latency = await towns[index].caller.time(call.asker, paths[index]);
      if (turn >= 0) latencies[index].push(latency);
    }
  const figures = latencies.map((values) => [
    median(values),
    percentile(Float64Array.from(values).sort(), 0.99),
  ]);
  return { ...call, figures, ratios: [0, 1].map((index) => figures[1][index] / figures[0][index]) };
}

function isSlow({ ratios }) {
  return Math.max(...ratios) > MAX_RATIO;
}

function describe(measured) {
  return table(
    ['list', ' small, p50 ms', ' p99', ' large, p50 ms', ' p99', ' p50, times', ' p99, times'],
    measured.map(({ name, figures, ratios }) => [
      name,
      ...figures.flat().map((value) => value.toFixed(1)),
      ...ratios.map((ratio) => ratio.toFixed(2)),
    ]),
  );
}

function print(text) {
  process.stdout.write(`${text}\n\n`);
}
