import { performance } from 'node:perf_hooks';
import { built } from '../product/built.mjs';
import { median } from '../load/statistics.mjs';
import { BOT_ID, BOT_TOKEN, MAX_AGE } from './inputs.mjs';
import { mixtures, shapes } from './shapes.mjs';

const { deriveInitDataKey, telegramPublicKeys, verifyInitData } = built('libs/pure/telegram/src');

export const LIMIT_MICROSECONDS = 1000;

const WARM_UP = 100;
/** An input's time is the least of these, so that a pause of the machine does not count as its own. */
const TRIES = 3;

const hashAlone = {
  hmacKeys: [deriveInitDataKey(BOT_TOKEN)],
  signature: null,
  now: new Date(),
  maxAgeSeconds: MAX_AGE,
};
const bothChecks = {
  ...hashAlone,
  signature: { botId: BOT_ID, publicKey: telegramPublicKeys.production, policy: 'required' },
};

/**
 * How long the refusal of a nasty input takes, in microseconds.
 *
 * @typedef {object} Refusal
 * @property {string} shape
 * @property {string} sender
 * @property {string} code
 * @property {number} median
 * @property {number} max
 * @property {number} longest with the pauses of the machine and of its memory's cleaning
 */

/**
 * @throws {Error} when one of them is accepted
 *
 * @param {import('./options.mjs').Options} options
 * @returns {Refusal[]}
 */
export function measureRefusals({ repetitions, mixtures: count }) {
  const all = shapes();
  const held = all.filter(({ sender }) => sender !== 'anybody');
  return [
    ...all.map((nasty) => refusalOf(nasty, hashAlone, repetitions)),
    refusalOf({ ...held[0], shape: `${held[0].shape}, both checks` }, bothChecks, repetitions),
    refusalOfMany(mixtures(count)),
  ];
}

function refusalOf({ shape, sender, raw }, policy, repetitions) {
  for (let run = 0; run < WARM_UP; run += 1) timeOf(raw, policy);
  const runs = Array.from({ length: repetitions }, () => timeOf(raw, policy));
  return { shape, sender, code: runs[0].code, ...figuresOf(runs) };
}

function refusalOfMany(nasties) {
  const runs = nasties.map(({ raw }) => timeOf(raw, hashAlone));
  return { shape: `${nasties.length} random mixtures`, sender: 'both', code: 'various', ...figuresOf(runs) };
}

function timeOf(raw, policy) {
  let code;
  const times = Array.from({ length: TRIES }, () => {
    const start = performance.now();
    const verified = verifyInitData(raw, policy);
    const microseconds = (performance.now() - start) * 1000;
    if (verified.ok) throw new Error(`accepted: ${raw}`);
    ({ code } = verified);
    return microseconds;
  });
  return { code, least: Math.min(...times), most: Math.max(...times) };
}

function figuresOf(runs) {
  const least = runs.map((run) => run.least);
  return {
    median: median(least),
    max: Math.max(...least),
    longest: Math.max(...runs.map(({ most }) => most)),
  };
}
