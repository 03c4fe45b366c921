import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { say } from '../scripts/lib/main.mjs';
import { built } from './built.mjs';
import { Connections } from './connections.mjs';
import { startBare } from './contestants/bare.mjs';
import { COUNTERSIGN_DATABASE, startCountersign } from './contestants/countersign.mjs';
import { MINIMAL_DATABASE, startMinimal } from './contestants/minimal.mjs';
import { pinSelf, planCores } from './cores.mjs';
import { Crowd } from './crowd.mjs';
import { describeDisk, folderOnDisk } from './disk.mjs';
import { Ending } from './ending.mjs';
import { operations } from './operations.mjs';
import { readOptions, USAGE } from './options.mjs';
import { Postgres } from './postgres.mjs';
import { describeHarness, describeRates, describeSetting, describeStatements } from './report.mjs';
import { measure } from './rounds.mjs';
import { autocannonRate } from './second-opinion.mjs';
import { countStatements } from './statements.mjs';
import { TelegramBot } from './telegram-bot.mjs';

const { prepareFolder } = built('libs/private-postgres/src');

/** Access tokens that autocannon is given. */
const AUTOCANNON_TOKENS = 100;

/** @param {string[]} words of the command line */
export async function bench(words) {
  const options = readOptions(words);
  if (!options) {
    print(USAGE);
    return;
  }
  const ending = new Ending();
  try {
    await run(options, ending);
  } catch (error) {
    // Ctrl-C reaches the contestants too, and their end is no failure then.
    ending.check();
    throw error;
  } finally {
    await ending.run();
  }
}

async function run(options, ending) {
  const cores = options.isPinned ? planCores() : null;
  const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-bench-')));
  ending.before(() => rmSync(folder, { recursive: true, force: true }));
  const disk = describeDisk(folder);

  pinSelf(cores?.database);
  const postgres = await Postgres.start(join(folder, 'postgres'));
  ending.before(() => postgres.stop());
  pinSelf(cores?.generator);
  ending.check();

  const { contestants, countersign, bare } = await startContestants({
    options,
    ending,
    postgres,
    folder,
    cores,
  });
  print(describeSetting({ options, cores, disk, database: await postgres.describe() }));
  if (options.isSmoke) print('A smoke run: it shows that everything works, and its figures mean nothing.');

  say('Counting statements ...');
  const counts = await countStatements(
    postgres,
    contestants.filter(({ crowd }) => crowd),
  );
  print(describeStatements(counts));

  say('Trying everything once ...');
  const pairs = await measure(contestants, operations, options, {
    check: () => ending.check(),
    databaseSeconds: () => postgres.cpuSeconds(),
    afterTrial: () => postgres.analyze([COUNTERSIGN_DATABASE, MINIMAL_DATABASE]),
    onRound: (round) => say(`Round ${round} of ${options.rounds} ...`),
  });
  print(describeRates(pairs));

  say('Asking autocannon ...');
  const opinions = [];
  for (const contestant of [countersign, bare]) {
    ending.check();
    const tokens = countersign.crowd.newest(AUTOCANNON_TOKENS).map(({ accessToken }) => accessToken);
    opinions.push({ name: contestant.name, rate: await autocannonRate(contestant, tokens, options) });
  }
  print(describeHarness(pairs, opinions));
}

async function startContestants({ options, ending, postgres, folder, cores }) {
  const bot = new TelegramBot();
  const started = async (starting) => {
    const contestant = await starting;
    ending.before(() => contestant.stop());
    ending.check();
    return contestant;
  };
  const shared = { postgres, bot, cores: cores?.contestant };

  say('Starting the service ...');
  const { profile } = options;
  const countersign = await started(startCountersign({ ...shared, crowd: new Crowd(bot), folder, profile }));
  say('Starting the others ...');
  const minimal = await started(startMinimal({ ...shared, crowd: new Crowd(bot) }));
  const { fixed, sizes } = await sampleOf(countersign);
  const bare = { ...(await started(startBare({ sizes, cores: cores?.contestant }))), fixed };
  return { contestants: [countersign, minimal, bare], countersign, bare };
}

/** What the bare server is asked, and how much it answers: what the service was asked and answered. */
async function sampleOf({ port, crowd }) {
  const connections = await Connections.open(port, 1);
  const fixed = new Map();
  const sizes = {};
  for (const operation of operations) {
    const [exchange] = operation.prepare(crowd, 1);
    const size = Buffer.byteLength(await connections.send(exchange));
    sizes[operation.path] ??= size;
    fixed.set(operation.name, { text: exchange.text, check: isOfSize(sizes[operation.path]) });
  }
  connections.close();
  return { fixed, sizes };
}

function isOfSize(size) {
  return (status, body) =>
    status === 200 && body.length === size
      ? null
      : `the bare server answered ${status} with ${body.length} bytes`;
}

function print(text) {
  process.stdout.write(`${text}\n\n`);
}
