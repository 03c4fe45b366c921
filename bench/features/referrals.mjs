import { totalmem } from 'node:os';
import { join } from 'node:path';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { BELOW, fillReferrals } from '../fills/referrals.mjs';
import { print } from '../frame.mjs';
import { bearer, call, signIn } from '../product/caller.mjs';
import { install } from '../product/installation.mjs';
import { median } from '../report/statistics.mjs';
import { tableOf } from '../report/table.mjs';

/** A count in the large installation, by one in the small. Medians. */
const MAX_GROWTH = 2;
const WARM_UP = 10;
const AT_ONCE = 32;
const ROUNDS = 8;
const SHARED_BUFFERS = Math.floor(totalmem() / 8 / 1024 ** 2);
const SETTINGS = { referrals: { mode: 'optional', levels: [0.1, 0.05] } };
const COUNT = '/v1/me/referrals';
const PATHS = ['/v1/me', COUNT, '/v1/me/referrals/people?level=1', '/v1/me/referrals/people?level=9'];

/** The people below a person, and sign-ups by a code, with few and with many referrals. */
export async function readReferrals({ referrals: total, times, signUps, folder, bot, ending, check }) {
  if (total % BELOW !== 0) throw new Sentence(`--referrals must be a multiple of ${BELOW}.`);
  const sides = [];
  for (const size of new Set([BELOW, total]))
    sides.push(await prepare({ size, folder: join(folder, String(size)), bot, ending }));
  const get = ({ service, headers }, path) => call('GET', `${service.origin}${path}`, { headers });
  for (const side of sides) {
    const { total: below } = await get(side, COUNT);
    if (below !== BELOW) throw new Error(`${below} people are below, and should be ${BELOW}`);
  }

  say('Measuring reads ...');
  const reads = [];
  for (const path of PATHS) {
    check();
    const latencies = sides.map(() => []);
    // In turn at both installations, because a machine drifts.
    for (let turn = -WARM_UP; turn < times; turn += 1)
      for (const [index, side] of sides.entries()) {
        const start = performance.now();
        await get(side, path);
        if (turn >= 0) latencies[index].push(performance.now() - start);
      }
    reads.push({ path, medians: latencies.map(median) });
  }
  const columns = sides.flatMap(({ name }, index) => [
    [` ${name}, ms`, ({ medians }) => medians[index].toFixed(2)],
    [` ${name}, by GET /v1/me`, ({ medians }) => (medians[index] / reads[0].medians[index]).toFixed(2)],
  ]);
  print(tableOf(reads, { route: ({ path }) => `GET ${path}`, ...Object.fromEntries(columns) }));

  say('Measuring sign-ups ...');
  const figures = [];
  for (const side of sides)
    figures.push({ name: side.name, ...(await measureSignUps(side, signUps, check)) });
  print(
    tableOf(figures, {
      table: ({ name }) => name,
      ' plain sign-ups/s': ({ plain }) => plain.toFixed(0),
      ' by a code, sign-ups/s': ({ referred }) => referred.toFixed(0),
      ' of plain': ({ plain, referred }) => (referred / plain).toFixed(2),
    }),
  );
  const { medians } = reads[1];
  const growth = medians.at(-1) / medians[0];
  return growth > MAX_GROWTH
    ? [`the count takes ${growth.toFixed(2)} times as long in the large installation`]
    : [];
}

/** An installation with one person who has `BELOW` people below. */
async function prepare({ size, folder, bot, ending }) {
  const options = { folder, bot, ending, settings: SETTINGS, sharedBuffers: SHARED_BUFFERS };
  const installation = await install(options);
  const { applicationId, client } = installation;
  const service = await installation.start();
  const { accessToken, userId } = await signIn(service, applicationId, bot, bot.newUser());
  const headers = bearer(accessToken);
  const { code } = await call('GET', `${service.origin}/v1/me/referral-code`, { headers });
  say(`Making ${size} referrals ...`);
  await fillReferrals(client, { total: size, applicationId, userId });
  return { name: `${size.toLocaleString('en')} referrals`, service, applicationId, bot, headers, code };
}

/** First sign-ins of new people, in turns with and without a code; all by the one code whose tree is the large one. */
async function measureSignUps(side, count, check) {
  const seconds = { plain: [], referred: [] };
  const each = Math.ceil(count / ROUNDS);
  for (let round = -1; round < ROUNDS; round += 1)
    for (const kind of round % 2 === 0 ? ['plain', 'referred'] : ['referred', 'plain']) {
      check();
      const taken = await signUp(side, each, kind === 'referred');
      if (round >= 0) seconds[kind].push(taken);
    }
  return { plain: each / median(seconds.plain), referred: each / median(seconds.referred) };
}

async function signUp({ service, applicationId, bot, code }, count, isReferred) {
  let left = count;
  const work = async () => {
    while (left-- > 0) {
      const startParam = isReferred ? `r_${code}` : undefined;
      const { referral } = await signIn(service, applicationId, bot, bot.newUser(), startParam);
      if ((referral?.outcome === 'bound') !== isReferred)
        throw new Error('a sign-up was not as it should be');
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return (performance.now() - start) / 1_000;
}
