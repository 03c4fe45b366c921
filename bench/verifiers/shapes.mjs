import { built } from '../product/built.mjs';
import { BOT_TOKEN, SIGNATURE } from './inputs.mjs';

const { MAX_INIT_DATA_BYTES } = built('libs/pure/telegram/src');
const { signFields } = built('published/fake-telegram/src');

const REST = `auth_date=1760000000&signature=${SIGNATURE}`;
const NO_PROOF = `${REST}&hash=${'0'.repeat(64)}`;
const FRAGMENTS = [
  ...Array.from('&=%+;?#"\\{}[]:, \n\0a0é🦊'),
  ...[
    '&a=',
    '&user=',
    '%41',
    '%7B%22',
    '%22%3A',
    '%5C',
    '%C3%A9',
    '%F0%9F%A6%8A',
    '%0A',
    '%E0%A4',
    '\\"',
    '\\u0041',
  ],
  ...[
    '{"a":',
    '["',
    '"id":',
    '"first_name":"a"',
    '1'.repeat(40),
    'a'.repeat(80),
    '='.repeat(40),
    '%'.repeat(20),
  ],
];

/** @typedef {{ shape: string, sender: 'anybody' | 'who holds the token', raw: string }} Nasty */

/** @returns {Nasty[]} texts just within the size limit, each to be refused, each at odds with some way of reading them */
export function shapes() {
  return [...anybodys(), ...tokenHolders()];
}

/** @returns {Nasty[]} seeded, so that every run has the same ones */
export function mixtures(count) {
  const random = seeded(1);
  return Array.from({ length: count }, (_, index) => {
    let text = '';
    for (const size = 6800 + random() * 1100; text.length < size;) {
      text += FRAGMENTS[Math.floor(random() * FRAGMENTS.length)].repeat(1 + random() ** 6 * 400);
    }
    return index % 2 === 0
      ? fromAnybody(
          'a random mixture',
          largest((size) => `user=${text.slice(0, size)}&${NO_PROOF}`),
        )
      : fromHolder(
          'a random mixture',
          (size) => `{"id":0,"a":${text.replace(/[&%+\n\0]/g, ' ').slice(0, size)}`,
        );
  });
}

/** Whoever comes along: no key is needed to be read as far as the hash. */
function anybodys() {
  return [
    ['one huge value', (size) => `user=${'a'.repeat(size)}`],
    ['one huge name', (size) => `${'a'.repeat(size)}=1`],
    ['nothing but &', (size) => '&'.repeat(size)],
    ['nothing but =', (size) => `a${'='.repeat(size)}`],
    ['nothing but %', (size) => `user=${'%'.repeat(size)}`],
    ['plus signs', (size) => `user=${'+'.repeat(size)}`],
    ['escaped ASCII', (size) => `user=${'%41'.repeat(size / 3)}`],
    ['escaped emoji', (size) => `user=${'%F0%9F%A6%8A'.repeat(size / 12)}`],
    ['emoji as they are', (size) => `user=${'🦊'.repeat(size / 4)}`],
    ['escapes with a bad one at the end', (size) => `user=${'%41'.repeat(size / 3 - 1)}%E0`],
    ['a line feed at the end', (size) => `user=${'a'.repeat(size - 3)}%0A`],
    ['half an emoji at the end', (size) => `user=${'é'.repeat(size / 2 - 2)}\uD83E`],
    ['the most fields', (size) => manyFields(size / 5, (name) => `${name}=`)],
    ['the most fields, last name first', (size) => manyFields(size / 5, (name) => `${name}=`, true)],
    ['the most fields, names escaped', (size) => manyFields(size / 11, (name) => `%61%62${name}=`)],
    ['fields with long names alike', (size) => manyFields(size / 60, (name) => `${'a'.repeat(54)}${name}=`)],
    ['a field twice at the end', (size) => `${manyFields(size / 5 - 2, (name) => `${name}=`)}&a000=`],
  ].map(([shape, textOf]) =>
    fromAnybody(
      shape,
      largest((size) => `${textOf(size)}&${NO_PROOF}`),
    ),
  );
}

/** A leaked token, or a bot's own owner: the hash is right, and the person is read. */
function tokenHolders() {
  return [
    [
      'JSON, objects in objects',
      (size) => `{"id":1,"first_name":${'{"a":'.repeat(size / 6)}1${'}'.repeat(size / 6)}}`,
    ],
    [
      'JSON, arrays in arrays',
      (size) => `{"id":1,"first_name":${'['.repeat(size / 2)}${']'.repeat(size / 2)}}`,
    ],
    ['JSON without an end', (size) => `{"a":`.repeat(size / 5)],
    ['JSON with the most members', (size) => person(manyMembers(size / 10, (key) => `"${key}":1`))],
    ['JSON with the most objects', (size) => person(`"a":[${'{"a":1},'.repeat(size / 8)}1]`)],
    ['JSON with escaped keys', (size) => person(manyMembers(size / 16, (key) => `"\\u0061${key}":1`))],
    [
      'JSON with a key twice at the end',
      (size) => person(`${manyMembers(size / 10 - 2, (key) => `"${key}":1`)},"a000":1`),
    ],
    ['JSON with backslashes', (size) => person(`"a":"${'\\\\'.repeat(size / 2)}"`)],
    ['JSON with quotes', (size) => person(`"a":"${'\\"'.repeat(size / 2)}"`)],
    ['JSON with blanks', (size) => person(`"a":${' '.repeat(size)}1`)],
    ['JSON with a number of many digits', (size) => person(`"a":${'1'.repeat(size)}`)],
    ['JSON with a small number of many digits', (size) => person(`"a":0.${'0'.repeat(size)}1e-300`)],
    ['a name of emoji', (size) => `{"id":1,"first_name":"${'🦊'.repeat(size / 4)}"}`],
  ].map(([shape, jsonOf]) => fromHolder(shape, jsonOf));
}

function person(members) {
  return `{"first_name":"a",${members},"id":0}`;
}

function manyFields(count, pairOf, isBackwards = false) {
  const pairs = Array.from({ length: count }, (_, index) =>
    pairOf(`a${index.toString(36).padStart(3, '0')}`),
  );
  return (isBackwards ? pairs.reverse() : pairs).join('&');
}

function manyMembers(count, memberOf) {
  return Array.from({ length: count }, (_, index) =>
    memberOf(`a${index.toString(36).padStart(3, '0')}`),
  ).join(',');
}

/** @returns {Nasty} */
function fromAnybody(shape, raw) {
  return { shape, sender: 'anybody', raw };
}

/** @returns {Nasty} of a person that is not percent-encoded, so that there is more of it */
function fromHolder(shape, jsonOf) {
  const raw = largest((size) => {
    const unproved = `user=${jsonOf(size).toWellFormed()}&${REST}`;
    const fields = unproved.split('&').map((pair) => pair.split(/=(.*)/s));
    const hash = signFields(fields, BOT_TOKEN).slice(-64);
    return `${unproved}&hash=${hash}`;
  });
  return { shape, sender: 'who holds the token', raw };
}

/** The longest text within the limit, or nearly so: sizes are tried by halving. */
function largest(textOf) {
  let [low, high] = [64, MAX_INIT_DATA_BYTES];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (Buffer.byteLength(textOf(middle)) <= MAX_INIT_DATA_BYTES) low = middle;
    else high = middle;
  }
  return textOf(low);
}

function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
