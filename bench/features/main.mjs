import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { conclude, runBench } from '../frame.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { useWalletKeys } from './custody.mjs';
import { readRanks } from './leaderboards.mjs';
import { readMe } from './metapro.mjs';
import { readReferrals } from './referrals.mjs';
import { sealProfiles } from './sealing.mjs';
import { sendCoins } from './sends.mjs';
import { listTeams } from './teams.mjs';
import { deliverWebhooks } from './webhooks.mjs';
import { logIn } from './xellar.mjs';

/** Each prints its figures and returns what does not hold. */
const FEATURES = {
  custody: useWalletKeys,
  leaderboards: readRanks,
  metapro: readMe,
  referrals: readReferrals,
  sealing: sealProfiles,
  sends: sendCoins,
  teams: listTeams,
  webhooks: deliverWebhooks,
  xellar: logIn,
};

const OPTIONS = {
  only: { text: '<names>', meaning: `some of ${Object.keys(FEATURES).join(', ')}, separated by commas` },
  times: { usual: 201, smoke: 3, meaning: 'measured calls of each route, list and page' },
  rounds: { usual: 21, smoke: 1, meaning: 'sealing, custody, sends: rounds of each operation' },
  people: {
    ...{ usual: 1_000_000, smoke: 2_000, least: 1_000 },
    meaning: 'leaderboards: with a score on the large board',
  },
  scores: { usual: 500, smoke: 50, least: 10, meaning: 'leaderboards: a second, while ranks are read' },
  referrals: {
    ...{ usual: 1_000_000, smoke: 100_000, least: 100_000 },
    meaning: 'referrals: of the large installation, compared with one of 100000; a multiple of that',
  },
  'sign-ups': {
    ...{ usual: 2_000, smoke: 32, least: 32 },
    meaning: 'referrals: sign-ups by a code, and as many without',
  },
  teams: { usual: 100_000, smoke: 1_000, least: 1_000, meaning: 'teams: of the large installation' },
  members: { usual: 50_000, smoke: 200, least: 200, meaning: 'teams: members of the largest one' },
  events: { usual: 1_000_000, smoke: 1_000, meaning: 'webhooks: events of the backlog' },
};

/** What single features cost. @param {string[]} words of the command line @returns {Promise<number>} the exit code */
export function bench(words) {
  return runBench({ command: 'bench -- features', options: OPTIONS, words }, async (facts) => {
    const names = facts.only?.split(',').map((name) => name.trim()) ?? Object.keys(FEATURES);
    const unknown = names.find((name) => !Object.hasOwn(FEATURES, name));
    if (unknown !== undefined) throw new Sentence(`--only: there is no feature "${unknown}".`);
    const faults = [];
    for (const name of names) {
      facts.check();
      say(`=== ${name}`);
      const folder = join(facts.folder, name);
      mkdirSync(folder);
      faults.push(...(await FEATURES[name]({ ...facts, folder, bot: new TelegramBot() })));
    }
    return conclude(faults);
  });
}
