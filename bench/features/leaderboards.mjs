import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { inClone } from '../../scripts/lib/clone.mjs';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { fillBoard } from '../fills/boards.mjs';
import { print } from '../frame.mjs';
import { basic, call, signIn } from '../product/caller.mjs';
import { install } from '../product/installation.mjs';
import { withServices } from '../../scripts/lib/services.mjs';
import { percentilesOf } from '../report/statistics.mjs';
import { tableOf } from '../report/table.mjs';

const require = createRequire(import.meta.url);
const { RANK, AROUND, TOP } = require(inClone('dist/libs/community/leaderboards/src/store/ranks.sql.js'));

/** What the median of a rank may take in SQL, in milliseconds. */
const MAX_RANK_MS = 5;
const SMALL = 100_000;
const PER_CALL = 10;
const WARM_UP = 20;
const SAMPLE = 100_000;
const SHARED_BUFFERS = Math.floor(totalmem() / 8 / 1024 ** 2);
const FIRST_KEY = '-9223372036854775808';

/** Ranks among few and many people, in SQL and over HTTP, alone and while scores come in. */
export async function readRanks({ people, scores, times, folder, bot, ending, check }) {
  if (people < SMALL / 100) throw new Sentence('--people is too small.');
  const figures = [];
  for (const size of new Set([Math.min(SMALL, people), people])) {
    check();
    const side = await prepare({ size, folder: join(folder, String(size)), bot, ending });
    figures.push(...(await measure(side, { size, times, scores: 0, check })));
    figures.push(...(await measure(side, { size, times, scores, check })));
    await side.service.stop();
  }
  print(
    tableOf(figures, {
      ' people': ({ size }) => size.toLocaleString('en'),
      ' scores/s': ({ rate }) => rate.toFixed(0),
      what: ({ what }) => what,
      ' median, ms': ({ p50 }) => p50.toFixed(2),
      ' p99, ms': ({ p99 }) => p99.toFixed(2),
    }),
  );
  return figures
    .filter(({ what, p50 }) => what === 'rank, SQL' && p50 > MAX_RANK_MS)
    .map(({ size, p50 }) => `a rank among ${size} people takes ${p50.toFixed(2)} ms at the median`);
}

/** An installation with one board on which everyone has a score. */
async function prepare({ size, folder, bot, ending }) {
  const installation = await install({ folder, bot, ending, sharedBuffers: SHARED_BUFFERS });
  const { applicationId, clientSecret, client, env } = installation;
  const board = { applicationId, name: 'Bench', rule: 'sum', better: 'higher', calendar: 'by-hand' };
  const { id: boardId } = await withServices(env, (get) =>
    get('community/leaderboards', 'BoardOperations').create(board),
  );
  const service = await installation.start({ JOBS: 'on' });
  const { userId } = await signIn(service, applicationId, bot, bot.newUser());
  const { rows } = await client.query('SELECT id FROM board_seasons WHERE board_id = $1', [boardId]);
  const seasonId = rows[0].id;
  say(`Making ${size} people with scores ...`);
  await fillBoard(client, { total: size, seasonId, userId });
  const sample = await client.query(
    'SELECT user_id AS id FROM board_entries WHERE season_id = $1 AND user_id IS NOT NULL ORDER BY random() LIMIT $2',
    [seasonId, SAMPLE],
  );
  const side = {
    service,
    client,
    boardId,
    seasonId,
    ids: sample.rows.map(({ id }) => id),
    headers: basic(applicationId, clientSecret),
    sent: 0,
  };
  await send(side);
  // The job counts it within a minute.
  for (let buckets = 0; size > 10_000 && buckets < size / 2_500; await wait(200)) {
    const found = await client.query(
      'SELECT count(*)::int AS count FROM board_buckets WHERE season_id = $1',
      [seasonId],
    );
    buckets = found.rows[0].count;
  }
  return side;
}

/** One call with scores of people of the sample. */
async function send(side) {
  const scores = Array.from({ length: PER_CALL }, () => {
    side.sent += 1;
    const userId = side.ids[Math.floor(Math.random() * side.ids.length)];
    return { id: `bench-${side.sent}`, userId, score: Math.floor(Math.random() * 1_000) };
  });
  const { headers } = side;
  await call('POST', `${side.service.origin}/v1/boards/${side.boardId}/scores`, {
    headers,
    body: { scores },
  });
}

/** `scores`: how many a second come in meanwhile. */
async function measure(side, { size, times, scores, check }) {
  say(`Measuring among ${size} people, with ${scores} scores a second ...`);
  const { client, seasonId, ids, headers, service, boardId } = side;
  const anyone = () => ids[Math.floor(Math.random() * ids.length)];
  const calls = {
    'rank, SQL': () => client.query({ name: 'rank', text: RANK, values: [seasonId, anyone()] }),
    'around, SQL': () => client.query({ name: 'around', text: AROUND, values: [seasonId, anyone(), 5] }),
    'top 50, SQL': () => client.query({ name: 'top', text: TOP, values: [seasonId, FIRST_KEY, '0', 50] }),
    'rank, HTTP': () => call('GET', `${service.origin}/v1/boards/${boardId}/ranks/${anyone()}`, { headers }),
  };
  const load = startLoad(side, scores / PER_CALL);
  if (scores > 0) await wait(5_000);
  const from = { sent: side.sent, at: performance.now() };
  const found = [];
  for (const [what, ask] of Object.entries(calls)) {
    check();
    const latencies = [];
    for (let turn = -WARM_UP; turn < times; turn += 1) {
      const start = performance.now();
      await ask();
      if (turn >= 0) latencies.push(performance.now() - start);
      if (scores > 0) await wait(20);
    }
    found.push({ what, ...percentilesOf(latencies) });
  }
  const rate = (side.sent - from.sent) / ((performance.now() - from.at) / 1_000);
  await load.stop();
  return found.map((figure) => ({ ...figure, size, rate }));
}

/** Calls with scores at a pace, whether or not earlier ones were answered. */
function startLoad(side, perSecond) {
  const open = new Set();
  if (perSecond === 0) return { stop: () => Promise.resolve() };
  const timer = setInterval(() => {
    const sending = send(side).finally(() => open.delete(sending));
    open.add(sending);
  }, 1_000 / perSecond);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}
