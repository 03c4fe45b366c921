import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { install } from '../growth/installation.mjs';
import { request } from '../lists/request.mjs';
import { median } from '../load/statistics.mjs';
import { folderOnDisk } from '../machine/disk.mjs';
import { Ending } from '../machine/ending.mjs';
import { Postgres } from '../machine/postgres.mjs';
import { built } from '../product/built.mjs';
import { runCli, startService } from '../product/service.mjs';
import { TelegramBot } from '../product/telegram-bot.mjs';
import { table } from '../report/table.mjs';
import { BELOW, fill } from './fill.mjs';

const { prepareFolder } = built('tools/private-postgres/src');

const USAGE = `Usage: npm run bench:referrals -- [options]

  --referrals <n>   referrals of the large installation (1000000), compared with one of 100000
  --times <n>       measured calls of each route and installation (101)
  --sign-ups <n>    sign-ups by a code, and as many without one (2000)`;

const DATABASE = 'referrals';
/** A count in the large installation, by one in the small. Medians. */
const MAX_GROWTH = 2;
const WARM_UP = 10;
const AT_ONCE = 32;
const SHARED_BUFFERS = Math.floor(totalmem() / 8 / 1024 ** 2);

/** @param {string[]} words of the command line @returns {Promise<number>} the exit code: 1 when something does not hold */
export async function referrals(words) {
  const options = optionsOf(words);
  const ending = new Ending();
  try {
    return await run({ ...options, ending });
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
    options: { referrals: text, times: text, 'sign-ups': text },
  });
  const total = Number(values.referrals ?? 10 * BELOW);
  const [times, signUps] = [Number(values.times ?? 101), Number(values['sign-ups'] ?? 2_000)];
  if (!(total >= BELOW && total % BELOW === 0 && times >= 1 && signUps >= AT_ONCE))
    throw new Sentence(`--referrals must be a multiple of ${BELOW}.\n\n${USAGE}`);
  return { total, times, signUps };
}

async function run({ total, times, signUps, ending }) {
  const folder = prepareFolder(mkdtempSync(join(folderOnDisk(), 'countersign-referrals-')));
  ending.before(() => rmSync(folder, { recursive: true, force: true }));
  const towns = [];
  for (const size of [...new Set([BELOW, total])]) towns.push(await settle({ total: size, folder, ending }));

  say('Measuring reads ...');
  const reads = await measureReads(towns, times, () => ending.check());
  print(describeReads(reads, towns));
  say('Measuring sign-ups ...');
  const figures = [];
  for (const town of towns) figures.push(await measureSignUps(town, signUps, () => ending.check()));
  print(describeSignUps(figures, towns));

  const [, ofCount] = reads;
  const growth = ofCount.medians.at(-1) / ofCount.medians[0];
  const isSteady = growth <= MAX_GROWTH;
  print(
    isSteady
      ? 'The count costs the same in both tables.'
      : `- the count takes ${growth.toFixed(2)} times as long in the large table`,
  );
  return isSteady ? 0 : 1;
}

/** An installation with one person who has `BELOW` people below. */
async function settle({ total, folder, ending }) {
  const own = join(folder, String(total));
  mkdirSync(own);
  const bot = new TelegramBot();
  const postgres = await Postgres.start(join(own, 'postgres'), { sharedBuffers: SHARED_BUFFERS });
  ending.before(() => postgres.stop());
  await postgres.createDatabase(DATABASE);
  const databaseUrl = postgres.urlOf(DATABASE);
  const { env, applicationId } = await install({ databaseUrl, folder: own, bot });
  const settings = JSON.stringify({ referrals: { mode: 'optional', levels: [0.1, 0.05] } });
  await runCli(['application', 'set', '--application', applicationId, '--settings-stdin'], env, settings);
  const service = await startService(env);
  ending.before(() => service.stop());
  const town = { total, bot, applicationId, origin: service.origin };
  const { accessToken, userId } = await signUp(town);
  const authorization = `Bearer ${accessToken}`;
  const { code } = await get(town, '/v1/me/referral-code', authorization);
  say(`Making ${total} referrals ...`);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await fill(client, { total, applicationId, userId });
  } finally {
    await client.end();
  }
  return { ...town, authorization, code };
}

/** In turn at both installations, because a machine drifts. */
async function measureReads(towns, times, check) {
  const paths = [
    '/v1/me',
    '/v1/me/referrals',
    '/v1/me/referrals/people?level=1',
    '/v1/me/referrals/people?level=9',
  ];
  const measured = [];
  for (const path of paths) {
    check();
    const latencies = towns.map(() => []);
    for (let turn = -WARM_UP; turn < times; turn += 1)
      for (const [index, town] of towns.entries()) {
        const start = performance.now();
        await get(town, path, town.authorization);
        if (turn >= 0) latencies[index].push(performance.now() - start);
      }
    measured.push({ path, medians: latencies.map(median) });
  }
  const { total } = await get(towns[0], '/v1/me/referrals', towns[0].authorization);
  if (total !== BELOW) throw new Error(`${total} people are below, and should be ${BELOW}`);
  return measured;
}

function describeReads(measured, towns) {
  const [me] = measured;
  const headings = [
    'route',
    ...towns.flatMap(({ total }) => [` ${total.toLocaleString('en')} referrals, ms`, ' of GET /v1/me']),
  ];
  return table(
    headings,
    measured.map(({ path, medians }) => [
      `GET ${path}`,
      ...medians.flatMap((value, index) => [value.toFixed(2), (value / me.medians[index]).toFixed(2)]),
    ]),
  );
}

/** First sign-ins of new people, in turns with and without a code; all by the one code whose tree is the large one. */
async function measureSignUps(town, count, check) {
  const rounds = 8;
  const seconds = { plain: [], referred: [] };
  for (let round = -1; round < rounds; round += 1)
    for (const kind of round % 2 === 0 ? ['plain', 'referred'] : ['referred', 'plain']) {
      check();
      const taken = await signUps(town, Math.ceil(count / rounds), kind === 'referred');
      if (round >= 0) seconds[kind].push(taken);
    }
  const perSecond = (kind) => Math.ceil(count / rounds) / median(seconds[kind]);
  return { plain: perSecond('plain'), referred: perSecond('referred') };
}

async function signUps(town, count, isReferred) {
  const launches = Array.from({ length: count }, () =>
    town.bot.launchOf(town.bot.newUser(), isReferred ? `r_${town.code}` : undefined),
  );
  const start = performance.now();
  const work = async () => {
    for (let initData = launches.pop(); initData !== undefined; initData = launches.pop()) {
      const { referral } = await post(town, initData);
      if ((referral?.outcome === 'bound') !== isReferred)
        throw new Error('a sign-up was not as it should be');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return (performance.now() - start) / 1_000;
}

function describeSignUps(figures, towns) {
  return table(
    ['referrals', ' plain sign-ups/s', ' by a code, sign-ups/s', ' of plain'],
    figures.map(({ plain, referred }, index) => [
      towns[index].total.toLocaleString('en'),
      plain.toFixed(0),
      referred.toFixed(0),
      (referred / plain).toFixed(2),
    ]),
  );
}

function signUp(town) {
  return post(town, town.bot.launchOf(town.bot.newUser()));
}

async function post({ origin, applicationId }, initData) {
  const answer = await request(`${origin}/v1/auth/telegram/init-data`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ applicationId, initData }),
  });
  if (answer.status !== 200) throw new Error(`the sign-in: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function get({ origin }, path, authorization) {
  const answer = await request(`${origin}${path}`, { headers: { authorization } });
  if (answer.status !== 200) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

function print(text) {
  process.stdout.write(`${text}\n\n`);
}
