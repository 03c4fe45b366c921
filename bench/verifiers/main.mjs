import { cpus, release, type } from 'node:os';
import { createRequire } from 'node:module';
import { say } from '../../scripts/lib/main.mjs';
import { median } from '../load/statistics.mjs';
import { table } from '../report/table.mjs';
import { byEd25519, byHmac } from './subjects.mjs';
import { hashed, signedByTelegram } from './inputs.mjs';
import { readOptions, USAGE } from './options.mjs';
import { checkVerdicts, measure } from './rounds.mjs';
import { LIMIT_MICROSECONDS, measureRefusals } from './worst-cases.mjs';

const { dependencies } = createRequire(import.meta.url)('./package.json');

/** @param {string[]} words of the command line */
export async function benchVerifiers(words) {
  const options = readOptions(words);
  if (!options) {
    print(USAGE);
    return;
  }
  const { rounds, milliseconds } = options;
  const peers = Object.entries(dependencies).map((pair) => pair.join(' '));
  print(
    `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown'}, ${type()} ${release()}. ${peers.join(', ')}.\n` +
      `Medians of ${rounds} interleaved rounds of ${milliseconds} ms each, in random order.`,
  );
  if (options.isSmoke) print('A smoke run: it shows that everything works, and its figures mean nothing.');

  await compare('HMAC', byHmac, hashed, 'hash', options);
  await compare('Ed25519', byEd25519, signedByTelegram, 'signature', options);

  say('Looking for the worst that 8 KiB can do ...');
  print(describeRefusals(measureRefusals(options)));
}

async function compare(title, subjects, inputs, proof, options) {
  say(`${title}: checking everybody's answers ...`);
  await checkVerdicts(subjects, inputs, proof);
  say(`${title}: measuring ...`);
  print(describeRates(title, await measure(subjects, inputs, options)));
}

function describeRates(title, turns) {
  const rows = [...turns].map(([subject, taken]) => {
    const rates = taken.map(({ rate }) => rate);
    return {
      ...subject,
      rates,
      rate: median(rates),
      cpu: median(taken.map((each) => each.cpuMicroseconds)),
    };
  });
  const [ours] = rows;
  return table(
    [title, ' answers/s', 'min–max', ' CPU µs', ' Countersign is', 'target'],
    rows.map(({ name, rates, rate, cpu, target }) => [
      name,
      thousands(rate),
      `${thousands(Math.min(...rates))}–${thousands(Math.max(...rates))}`,
      cpu.toFixed(1),
      `${(ours.rate / rate).toFixed(2)} ×`,
      target === undefined ? '' : `${target} ×: ${ours.rate / rate >= target ? 'reached' : 'missed'}`,
    ]),
  );
}

function describeRefusals(refusals) {
  return table(
    [
      '8 KiB of',
      'shown by',
      'refused for',
      ' median µs',
      ' max µs',
      ' with pauses µs',
      `within ${LIMIT_MICROSECONDS} µs`,
    ],
    refusals.map(({ shape, sender, code, median: middle, max, longest }) => [
      shape,
      sender,
      code,
      middle.toFixed(0),
      max.toFixed(0),
      longest.toFixed(0),
      max <= LIMIT_MICROSECONDS ? 'yes' : 'no',
    ]),
  );
}

function thousands(value) {
  return Math.round(value).toLocaleString('en-US');
}

function print(text) {
  process.stdout.write(`${text}\n\n`);
}
