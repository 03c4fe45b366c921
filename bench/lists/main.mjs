import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { fillLists, RARE } from '../fills/lists.mjs';
import { conclude, print, runBench } from '../frame.mjs';
import { Caller, signIn } from '../product/caller.mjs';
import { install } from '../product/installation.mjs';
import { openContext } from '../product/parts.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { callsOf } from './calls.mjs';
import { comparePages, explainPages, MAX_RATIO, walkPages } from './pages.mjs';

const OPTIONS = {
  users: {
    ...{ usual: 1_000_000, smoke: 100 * RARE, least: 100 * RARE },
    meaning: 'users of the large installation, compared with one of a hundredth; a multiple of 10000',
  },
  times: { usual: 31, smoke: 2, meaning: 'measured calls of each list and installation' },
};

const SHARED_BUFFERS = Math.floor(totalmem() / 8 / 1024 ** 2);
/** The planner's own look at the catalogue is not theirs. */
const OF_LISTS = /\b(users|identities|sessions|applications|bots|principals|audit_records)\b/;
const INSERT = `
  INSERT INTO users (id, status, data_key, audit_pseudonym, created_at, updated_at)
  VALUES (made_id(now(), $1), 'active', 'v1:gone', gen_random_uuid(), now(), now())`;
/** Milliseconds between two users that are inserted during the walk. */
const PAUSE = 5;

/**
 * The lists of the administration API. @param {string[]} words of the command line @returns {Promise<number>} the
 * exit code
 */
export function bench(words) {
  return runBench({ command: 'bench -- lists', options: OPTIONS, words }, run);
}

async function run({ users, times, smoke, folder, ending, check }) {
  if (users % 10_000 !== 0) throw new Sentence('--users must be a multiple of 10000.');
  const bot = new TelegramBot();
  const small = await prepare({ users: users / 100, folder: join(folder, 'small'), bot, ending });
  const large = await prepare({ users, folder: join(folder, 'large'), bot, ending });
  say('Measuring ...');
  const isSlow = ({ isOfSameSize, ratios }) => !smoke && isOfSameSize && ratios.p50 > MAX_RATIO;
  const compared = await comparePages([small, large], { times, check, isSlow });
  print(compared.text);
  say('Plans ...');
  const plans = await explainPages(large, { ofLists: OF_LISTS, mayScan: () => true });
  print(plans.text);
  say('Walking ...');
  const { client } = large.installation;
  const { rows } = await client.query({ text: 'SELECT id FROM users', rowMode: 'array' });
  const walked = await walkPages({
    ...{ caller: large.caller, asker: 'operator', path: 'admin/users', check },
    staying: new Set(rows.flat()),
    change: async (turn) => {
      await client.query(INSERT, [turn]);
      await wait(PAUSE);
    },
  });
  print(walked.text);
  return conclude([...compared.faults, ...plans.faults, ...walked.faults]);
}

async function prepare({ users, folder, bot, ending }) {
  const installation = await install({ folder, bot, ending, sharedBuffers: SHARED_BUFFERS });
  const service = await installation.start({}, { hasAdmin: true });
  const caller = await Caller.of(service, installation);
  // The others are copies of this session.
  await signIn(service, installation.applicationId, bot, bot.newUser());
  say(`Making ${users} users ...`);
  const context = await openContext(installation.env);
  await fillLists(installation.client, users, context.partitions).finally(() => context.close());
  const calls = await callsOf(caller, installation.client, installation.keys);
  return { installation, caller, calls };
}
