import { say } from '../../scripts/lib/main.mjs';
import { print, readOptions } from '../frame.mjs';
import { machine, pinnedIn } from '../report/setting.mjs';
import { median } from '../report/statistics.mjs';
import { tableOf } from '../report/table.mjs';
import { hashed, signedByTelegram } from './inputs.mjs';
import { checkVerdicts, measure } from './rounds.mjs';
import { byEd25519, byHmac } from './subjects.mjs';
import { LIMIT_MICROSECONDS, measureRejections } from './worst-cases.mjs';

const OPTIONS = {
  rounds: { usual: 31, smoke: 3, most: 10_000, meaning: 'measured rounds per subject' },
  milliseconds: { usual: 100, smoke: 5, most: 10_000, meaning: 'of a turn of a subject in a round' },
  repetitions: { usual: 500, smoke: 20, most: 10_000, meaning: 'of each worst case' },
  mixtures: { usual: 2_000, smoke: 50, most: 10_000, meaning: 'random inputs among the worst cases' },
};

/** Our verifiers of init data beside those of other packages. */
export async function bench(words) {
  const options = readOptions('bench -- verifiers', OPTIONS, words);
  if (!options) return;
  const { rounds, milliseconds } = options;
  print(
    `Node ${process.version}, ${machine()}. ${pinnedIn('bench', 'verifiers')}.\n` +
      `Medians of ${rounds} interleaved rounds of ${milliseconds} ms each, in random order.`,
  );
  await compare('HMAC', byHmac, hashed, 'hash', options);
  await compare('Ed25519', byEd25519, signedByTelegram, 'signature', options);
  say('Looking for the worst 8 KiB ...');
  print(
    tableOf(measureRejections(options), {
      '8 KiB of': ({ shape }) => shape,
      sender: ({ sender }) => sender,
      'rejected for': ({ code }) => code,
      ' median µs': (row) => row.median.toFixed(0),
      ' max µs': ({ max }) => max.toFixed(0),
      ' with pauses µs': ({ longest }) => longest.toFixed(0),
      [`within ${LIMIT_MICROSECONDS} µs`]: ({ max }) => (max <= LIMIT_MICROSECONDS ? 'yes' : 'no'),
    }),
  );
}

async function compare(title, subjects, inputs, proof, options) {
  say(`${title} ...`);
  await checkVerdicts(subjects, inputs, proof);
  const turns = await measure(subjects, inputs, options);
  const rows = [...turns].map(([subject, taken]) => {
    const rates = taken.map(({ rate }) => rate);
    return { ...subject, rates, rate: median(rates), cpu: median(taken.map((turn) => turn.cpuMicroseconds)) };
  });
  const timesOf = ({ rate }) => rows[0].rate / rate;
  const grouped = (value) => Math.round(value).toLocaleString('en-US');
  print(
    tableOf(rows, {
      [title]: ({ name }) => name,
      ' answers/s': ({ rate }) => grouped(rate),
      'min–max': ({ rates }) => `${grouped(Math.min(...rates))}–${grouped(Math.max(...rates))}`,
      ' CPU µs': ({ cpu }) => cpu.toFixed(1),
      ' Countersign is': (row) => `${timesOf(row).toFixed(2)} ×`,
      target: (row) =>
        row.target ? `${row.target} ×: ${timesOf(row) >= row.target ? 'reached' : 'missed'}` : '',
    }),
  );
}
