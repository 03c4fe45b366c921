import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inClone } from '../scripts/lib/clone.mjs';
import { ensureInstalledIn } from '../scripts/lib/install.mjs';
import { say } from '../scripts/lib/main.mjs';
import { built } from './product/built.mjs';
import { bareNode, countersign } from './subjects/all.mjs';
import { pinSelf, planCores } from './machine/cores.mjs';
import { describeDisk, folderOnDisk } from './machine/disk.mjs';
import { Ending } from './machine/ending.mjs';
import { startAll } from './suite.mjs';
import { select } from './only.mjs';
import { readOptions, USAGE } from './options.mjs';
import { Postgres } from './machine/postgres.mjs';
import { provokeRefusals } from './load/refusals.mjs';
import { writeFigures } from './report/figures.mjs';
import { describeHarness } from './report/harness.mjs';
import { describeRates, describeRatios, describeTargets } from './report/rates.mjs';
import { describeSetting, settingRows } from './report/setting.mjs';
import { describeStatements } from './report/statements.mjs';
import { measure } from './load/rounds.mjs';
import { autocannonRate } from './load/second-opinion.mjs';
import { countStatements } from './load/statements.mjs';
import { seededRandom } from './load/statistics.mjs';
import { judge } from './report/targets.mjs';

const { prepareFolder } = built('tools/private-postgres/src');

/** Access tokens that autocannon is given. */
const AUTOCANNON_TOKENS = 100;

/** @param {string[]} words of the command line */
export async function bench(words) {
  const options = readOptions(words);
  if (!options) {
    print(USAGE);
    return;
  }
  const chosen = select(options.only);
  if (chosen.suite.some(({ isPeer }) => isPeer)) {
    await ensureInstalledIn(inClone('bench', 'peers'), 'Installing the peers ...', ['--ignore-scripts']);
  }
  const ending = new Ending();
  try {
    await run(options, chosen, ending);
  } catch (error) {
    // Ctrl-C reaches the subjects too, and their end is no failure then.
    ending.check();
    throw error;
  } finally {
    await ending.run();
  }
}

async function run(options, { operations, suite }, ending) {
  const cores = options.isPinned ? planCores() : null;
  const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-bench-')));
  ending.before(() => rmSync(folder, { recursive: true, force: true }));
  const disk = describeDisk(folder);

  pinSelf(cores?.database);
  const postgres = await Postgres.start(join(folder, 'postgres'));
  ending.before(() => postgres.stop());
  pinSelf(cores?.generator);
  ending.check();

  const { profile } = options;
  const subjects = await startAll({ suite, operations, ending, postgres, folder, profile, cores });
  const facts = { options, cores, disk, suite, database: await postgres.describe() };
  print(describeSetting(facts));
  if (options.isSmoke)
    print('A smoke run: it shows that everybody answers rightly, and its figures mean nothing.');

  say('Offering what has to be refused ...');
  const refused = new Map();
  for (const subject of subjects.filter(({ crowd }) => crowd)) {
    ending.check();
    refused.set(subject.name, await provokeRefusals(subject));
  }

  say('Counting statements ...');
  const withDatabase = subjects.filter(({ database }) => database);
  const statements = await countStatements(postgres, withDatabase);
  print(describeStatements(statements));

  say('Trying everything ...');
  const pairs = await measure(subjects, operations, options, {
    random: seededRandom(options.seed),
    check: () => ending.check(),
    databaseSeconds: () => postgres.cpuSeconds(),
    afterTrial: () => postgres.analyze(withDatabase.map(({ database }) => database)),
    onRound: (round) => say(`Round ${round} of ${options.rounds} ...`),
  });
  print(describeRates(pairs));
  print(describeRatios(pairs));
  const verdicts = judge(pairs, options.connections);
  print(describeTargets(verdicts));
  if (options.json)
    writeFigures(options.json, { options, setting: settingRows(facts), statements, pairs, verdicts });
  print(
    describeHarness({ pairs, refused, opinions: await opinionsOn(subjects, operations, options, ending) }),
  );
}

/** What autocannon makes of those that answer `GET /v1/me`. */
async function opinionsOn(subjects, operations, options, ending) {
  if (!operations.some(({ key }) => key === 'readMe')) return [];
  say('Asking autocannon ...');
  const { crowd } = subjects.find(({ name }) => name === countersign.name);
  const tokens = crowd.newest(AUTOCANNON_TOKENS).map(({ accessToken }) => accessToken);
  const opinions = [];
  for (const subject of subjects.filter(({ name }) => [countersign.name, bareNode.name].includes(name))) {
    ending.check();
    opinions.push({ name: subject.name, rate: await autocannonRate(subject, tokens, options) });
  }
  return opinions;
}

function print(text) {
  process.stdout.write(`${text}\n\n`);
}
