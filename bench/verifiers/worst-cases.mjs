import { performance } from 'node:perf_hooks';
import { built } from '../product/built.mjs';
import { median, seededRandom } from '../report/statistics.mjs';
import { BOT_ID, BOT_TOKEN, MAX_AGE, SIGNATURE } from './inputs.mjs';

const { deriveInitDataKey, MAX_INIT_DATA_BYTES, telegramPublicKeys, verifyInitData } =
  built('libs/pure/telegram/src');
const { signFields } = built('published/fake-telegram/src');

export const LIMIT_MICROSECONDS = 1000;
const WARM_UP = 100;
/** The time of an input is the least of these, so that a pause of the machine does not count. */
const TRIES = 3;

const REST = `auth_date=1760000000&signature=${SIGNATURE}`;
const NO_PROOF = `${REST}&hash=${'0'.repeat(64)}`;
const FRAGMENTS = [
  ...'&=%+;?#"\\{}[]:, \n\0a0é🦊',
  ...'&a= &user= %41 %7B%22 %22%3A %5C %C3%A9 %F0%9F%A6%8A %0A %E0%A4 \\" \\u0041 {"a": [" "id": "first_name":"a"'.split(
    ' ',
  ),
  ...['1'.repeat(40), 'a'.repeat(80), '='.repeat(40), '%'.repeat(20)],
];

const HASH_ALONE = {
  hmacKeys: [deriveInitDataKey(BOT_TOKEN)],
  signature: null,
  now: new Date(),
  maxAgeSeconds: MAX_AGE,
};
const BOTH_CHECKS = {
  ...HASH_ALONE,
  signature: { botId: BOT_ID, publicKey: telegramPublicKeys.production, policy: 'required' },
};

/** Without a key: parsed as far as the hash. */
const BY_ANY_SENDER = {
  'one huge value': (size) => `user=${'a'.repeat(size)}`,
  'one huge name': (size) => `${'a'.repeat(size)}=1`,
  'nothing but &': (size) => '&'.repeat(size),
  'nothing but =': (size) => `a${'='.repeat(size)}`,
  'nothing but %': (size) => `user=${'%'.repeat(size)}`,
  'plus signs': (size) => `user=${'+'.repeat(size)}`,
  'escaped ASCII': (size) => `user=${'%41'.repeat(size / 3)}`,
  'escaped emoji': (size) => `user=${'%F0%9F%A6%8A'.repeat(size / 12)}`,
  'emoji as they are': (size) => `user=${'🦊'.repeat(size / 4)}`,
  'escapes with a bad one at the end': (size) => `user=${'%41'.repeat(size / 3 - 1)}%E0`,
  'a line feed at the end': (size) => `user=${'a'.repeat(size - 3)}%0A`,
  'half an emoji at the end': (size) => `user=${'é'.repeat(size / 2 - 2)}\uD83E`,
  'the most fields': (size) => names(size / 5, (name) => `${name}=`).join('&'),
  'the most fields, last name first': (size) =>
    names(size / 5, (name) => `${name}=`)
      .reverse()
      .join('&'),
  'the most fields, names escaped': (size) => names(size / 11, (name) => `%61%62${name}=`).join('&'),
  'fields with long names alike': (size) => names(size / 60, (name) => `${'a'.repeat(54)}${name}=`).join('&'),
  'a field twice at the end': (size) => `${names(size / 5 - 2, (name) => `${name}=`).join('&')}&a000=`,
};

/** With a leaked token, or by the owner of the bot: the hash is valid, and the user is parsed. */
const BY_TOKEN_HOLDER = {
  'JSON, objects in objects': (size) =>
    `{"id":1,"first_name":${'{"a":'.repeat(size / 6)}1${'}'.repeat(size / 6)}}`,
  'JSON, arrays in arrays': (size) => `{"id":1,"first_name":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`,
  'JSON without an end': (size) => `{"a":`.repeat(size / 5),
  'JSON with the most members': (size) => userOf(names(size / 10, (key) => `"${key}":1`).join(',')),
  'JSON with the most objects': (size) => userOf(`"a":[${'{"a":1},'.repeat(size / 8)}1]`),
  'JSON with escaped keys': (size) => userOf(names(size / 16, (key) => `"\\u0061${key}":1`).join(',')),
  'JSON with a key twice at the end': (size) =>
    userOf(`${names(size / 10 - 2, (key) => `"${key}":1`).join(',')},"a000":1`),
  'JSON with backslashes': (size) => userOf(`"a":"${'\\\\'.repeat(size / 2)}"`),
  'JSON with quotes': (size) => userOf(`"a":"${'\\"'.repeat(size / 2)}"`),
  'JSON with blanks': (size) => userOf(`"a":${' '.repeat(size)}1`),
  'JSON with a number of many digits': (size) => userOf(`"a":${'1'.repeat(size)}`),
  'JSON with a small number of many digits': (size) => userOf(`"a":0.${'0'.repeat(size)}1e-300`),
  'a name of emoji': (size) => `{"id":1,"first_name":"${'🦊'.repeat(size / 4)}"}`,
};

/** How long the rejection of texts just within the size limit takes, in microseconds. @throws when one is accepted */
export function measureRejections({ repetitions, mixtures: count }) {
  const all = [
    ...Object.entries(BY_ANY_SENDER).map(([shape, textOf]) => byAnySender(shape, textOf)),
    ...Object.entries(BY_TOKEN_HOLDER).map(([shape, jsonOf]) => byTokenHolder(shape, jsonOf)),
  ];
  const [nested] = all.slice(Object.keys(BY_ANY_SENDER).length);
  const cases = [
    ...all.map((input) => ({ ...input, policy: HASH_ALONE })),
    { ...nested, shape: `${nested.shape}, both checks`, policy: BOTH_CHECKS },
  ];
  const ofMixtures = mixtures(count).map(({ raw }) => timeOf(raw, HASH_ALONE));
  return [
    ...cases.map(({ shape, sender, raw, policy }) => {
      for (let run = 0; run < WARM_UP; run += 1) timeOf(raw, policy);
      const runs = Array.from({ length: repetitions }, () => timeOf(raw, policy));
      return { shape, sender, code: runs[0].code, ...figuresOf(runs) };
    }),
    { shape: `${count} random mixtures`, sender: 'both', code: 'various', ...figuresOf(ofMixtures) },
  ];
}

/** Seeded, so that every run has the same ones. */
function mixtures(count) {
  const random = seededRandom(1);
  return Array.from({ length: count }, (_, index) => {
    let text = '';
    for (const size = 6800 + random() * 1100; text.length < size;)
      text += FRAGMENTS[Math.floor(random() * FRAGMENTS.length)].repeat(1 + random() ** 6 * 400);
    const inJson = (size) => `{"id":0,"a":${text.replace(/[&%+\n\0]/g, ' ').slice(0, size)}`;
    return index % 2 === 0
      ? byAnySender('', (size) => `user=${text.slice(0, size)}`)
      : byTokenHolder('', inJson);
  });
}

function byAnySender(shape, textOf) {
  return { shape, sender: 'any', raw: largest((size) => `${textOf(size)}&${NO_PROOF}`) };
}

/** The user is not percent-encoded, so that it is longer. */
function byTokenHolder(shape, jsonOf) {
  const raw = largest((size) => {
    const unproved = `user=${jsonOf(size).toWellFormed()}&${REST}`;
    const fields = unproved.split('&').map((pair) => pair.split(/=(.*)/s));
    return `${unproved}&hash=${signFields(fields, BOT_TOKEN).slice(-64)}`;
  });
  return { shape, sender: 'holder of the token', raw };
}

function userOf(members) {
  return `{"first_name":"a",${members},"id":0}`;
}

function names(count, textOf) {
  return Array.from({ length: count }, (_, index) => textOf(`a${index.toString(36).padStart(3, '0')}`));
}

/** The longest text within the limit, or nearly so, by bisection. */
function largest(textOf) {
  let [low, high] = [64, MAX_INIT_DATA_BYTES];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (Buffer.byteLength(textOf(middle)) <= MAX_INIT_DATA_BYTES) low = middle;
    else high = middle;
  }
  return textOf(low);
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
  const longest = Math.max(...runs.map(({ most }) => most));
  return { median: median(least), max: Math.max(...least), longest };
}
