import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { CLONE } from '../../scripts/lib/clone.mjs';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { request } from '../lists/request.mjs';
import { median } from '../load/statistics.mjs';
import { Postgres } from '../machine/postgres.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { table } from '../report/table.mjs';
import { post } from './caller.mjs';

const PEOPLE = 400;
/** Of the people, those whose checks only warm the restarted service up. */
const WARMING = 150;
const CHECKS = 4_000;
const CONNECTIONS = 8;
const TEAMS_EACH = 20;
const MAX_RATIO = 1.05;
const SETTLING = 1_500;
const DATABASE = 'sides';
const OPERATIONS = ['first sign-in', 'returning sign-in', 'gateway check, warm', 'gateway check, cold'];

/**
 * What sign-ins and checks cost here, without teams and for people in 20 of them, beside another clone, in turn. CPU time:
 * it is steadier than rates where other programs run.
 *
 * @param {object} options
 * @param {string} options.before a clone of the repository, built
 * @param {number} options.rounds
 * @param {string} options.folder
 * @param {import('../machine/ending.mjs').Ending} options.ending
 */
export async function compareWithBefore({ before, rounds, folder, ending }) {
  const other = resolve(before);
  if (!existsSync(join(other, 'dist/apps/api/src/main.js')))
    throw new Sentence(`${other} is no clone that is built: run npm run build there.`);
  const bot = new TelegramBot();
  const sides = [];
  for (const [name, clone, teams] of [
    ['before', other, 0],
    ['now, teams unused', CLONE, 0],
    [`now, ${TEAMS_EACH} teams each`, CLONE, TEAMS_EACH],
  ]) {
    say(`Settling: ${name} ...`);
    sides.push(await settle({ name, clone, teams, folder: join(folder, String(sides.length)), bot, ending }));
  }
  for (let round = 0; round <= rounds; round += 1) {
    say(round === 0 ? 'Trying ...' : `Round ${round} of ${rounds} ...`);
    for (let turn = 0; turn < sides.length; turn += 1) {
      ending.check();
      const side = sides[(round + turn) % sides.length];
      const figures = await goRound(side, bot);
      if (round > 0) side.rounds.push(figures);
    }
  }
  const { text, faults } = judge(sides);
  process.stdout.write(
    `${text}\n\n${faults.map((fault) => `- ${fault}`).join('\n') || 'Nothing went wrong.'}\n`,
  );
  return faults.length === 0 ? 0 : 1;
}

async function settle({ name, clone, teams, folder, bot, ending }) {
  mkdirSync(folder);
  const there = (path) => import(pathToFileURL(join(clone, path)).href);
  const { install } = await there('bench/growth/installation.mjs');
  const { startService } = await there('bench/product/service.mjs');
  const postgres = await Postgres.start(join(folder, 'postgres'));
  ending.before(() => postgres.stop());
  await postgres.createDatabase(DATABASE);
  const databaseUrl = postgres.urlOf(DATABASE);
  const { env, applicationId } = await install({ databaseUrl, folder, bot });
  const side = { name, postgres, applicationId, service: await startService(env), rounds: [], people: [] };
  side.restart = async () => {
    await side.service.stop();
    side.service = await startService(env);
  };
  ending.before(() => side.service.stop());
  const users = Array.from({ length: PEOPLE }, () => bot.newUser());
  await inParallel(users, async (user) => {
    const { userId } = await signIn(side, bot.launchOf(user));
    side.people.push({ user, userId });
  });
  if (teams > 0) await join20(databaseUrl, applicationId, side.people, teams);
  return side;
}

async function join20(databaseUrl, applicationId, people, teams) {
  const { joinTeams } = await import('./fill.mjs');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await joinTeams(
      client,
      applicationId,
      people.map(({ userId }) => userId),
      teams,
    );
  } finally {
    await client.end();
  }
  await wait(SETTLING);
}

/** @returns {Promise<Record<string, { service: number, postgres: number, seconds: number, count: number }>>} */
async function goRound(side, bot) {
  const launches = Array.from({ length: PEOPLE }, () => bot.launchOf(bot.newUser()));
  const first = await timed(side, launches, (launch) => signIn(side, launch));
  const returns = side.people.map((person) => ({ person, launch: bot.launchOf(person.user) }));
  const returning = await timed(side, returns, async ({ person, launch }) => {
    const { accessToken, userId } = await signIn(side, launch);
    if (userId !== person.userId) throw new Error('another person has signed in');
    person.accessToken = accessToken;
  });
  await inParallel(side.people, (person) => check(side, person));
  const checks = Array.from({ length: CHECKS }, (_, index) => side.people[index % PEOPLE]);
  const warm = await timed(side, checks, (person) => check(side, person));
  await side.restart();
  const [warming, measured] = [side.people.slice(0, WARMING), side.people.slice(WARMING)];
  for (let turn = 0; turn < 4; turn += 1) await inParallel(warming, (person) => check(side, person));
  const cold = await timed(side, measured, (person) => check(side, person));
  return Object.fromEntries(
    [first, returning, warm, cold].map((figures, index) => [OPERATIONS[index], figures]),
  );
}

async function timed({ service, postgres }, items, work) {
  const cpu = () => [service.cpuSeconds(), postgres.cpuSeconds()];
  const [ofService, ofPostgres] = cpu();
  const start = performance.now();
  await inParallel(items, work);
  const seconds = (performance.now() - start) / 1_000;
  const [service1, postgres1] = cpu();
  return { service: service1 - ofService, postgres: postgres1 - ofPostgres, seconds, count: items.length };
}

async function inParallel(items, work) {
  const left = items.values();
  const go = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, go));
}

async function signIn({ service, applicationId }, initData) {
  return post(`${service.origin}/v1/auth/telegram/init-data`, { applicationId, initData });
}

async function check({ service }, { accessToken, userId }) {
  const answer = await request(`${service.gatewayOrigin}/v1/gateway/authorize`, {
    headers: {
      authorization: `Bearer ${accessToken}`,
      'x-forwarded-method': 'GET',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'orders.example.com',
      'x-forwarded-uri': '/orders/1',
    },
  });
  await answer.arrayBuffer();
  if (answer.status !== 200 || answer.headers.get('x-user-id') !== userId)
    throw new Error(`the check answered ${answer.status}`);
}

function judge(sides) {
  const faults = [];
  const rows = OPERATIONS.flatMap((operation) => {
    const costs = sides.map(({ rounds }) => costOf(rounds.map((figures) => figures[operation])));
    return sides.map(({ name }, index) => {
      const { service, postgres, rate } = costs[index];
      const ratio = (service + postgres) / (costs[0].service + costs[0].postgres);
      if (ratio > MAX_RATIO) faults.push(`${operation}, ${name}: ${ratio.toFixed(2)} times the CPU time`);
      return [operation, name, service, postgres, rate]
        .map((value) => (typeof value === 'number' ? value.toFixed(0) : value))
        .concat(ratio.toFixed(2));
    });
  });
  const headings = ['operation', 'of', ' CPU µs', ' of PostgreSQL', ' answers/s', ' CPU, by before'];
  return { text: table(headings, rows), faults };
}

/** Microseconds of an answer, over all rounds: a tick of the system's clock is ten milliseconds. */
function costOf(rounds) {
  const sum = (name) => rounds.reduce((total, figures) => total + figures[name], 0);
  return {
    service: (sum('service') / sum('count')) * 1e6,
    postgres: (sum('postgres') / sum('count')) * 1e6,
    rate: median(rounds.map(({ count, seconds }) => count / seconds)),
  };
}
