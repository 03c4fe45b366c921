import { readFileSync } from 'node:fs';
import { URLSearchParams } from 'node:url';
import { inClone } from '../../scripts/lib/clone.mjs';
import { built } from '../product/built.mjs';

const { signFields } = built('published/fake-telegram/src');

/** Telegram's own, with `photo_url` and a `signature`: 627 characters. Its token is public, so both checks are possible. */
const { init_data: REAL, bot_token: BOT_TOKEN } = vectorOf('miniapp-hmac', 'golang-issue11-plus-sign');
const PEOPLE = 64;

/** Seconds: the real one is old, and all subjects check the age. */
export const MAX_AGE = 50 * 365 * 86_400;
export { BOT_TOKEN };
export const BOT_ID = BOT_TOKEN.split(':', 1)[0];
export const SIGNATURE = new URLSearchParams(REAL).get('signature');

/** Init data with the id of the person that it proves. Only Telegram can sign these. */
export const signedByTelegram = [inputOf(REAL)];

/** The real one and others of the same shape and length, since the holder of the token can hash. */
export const hashed = [
  inputOf(REAL),
  ...Array.from({ length: PEOPLE - 1 }, (_, index) => likeness(index + 1)),
];

/** To be rejected: each input with one letter of the person's name, one of the proof, or the proof changed. */
export function tampered({ raw }, proof) {
  const value = new URLSearchParams(raw).get(proof);
  const swapped = value[9] === '0' ? '1' : '0';
  return [
    raw.replace('Kibenko', 'Kibenk0'),
    raw.replace(value, value.slice(0, 9) + swapped + value.slice(10)),
    raw.replace(`&${proof}=${value}`, ''),
  ];
}

function likeness(index) {
  const fields = [...new URLSearchParams(REAL)].filter(([name]) => name !== 'hash');
  const { id } = inputOf(REAL);
  const other = String(Number(id) + index);
  return inputOf(
    signFields(
      fields.map(([name, value]) => [name, value.replace(id, other)]),
      BOT_TOKEN,
    ),
  );
}

function inputOf(raw) {
  const { id } = JSON.parse(new URLSearchParams(raw).get('user'));
  return { raw, id: String(id) };
}

function vectorOf(file, wanted) {
  const { vectors } = JSON.parse(readFileSync(inClone('test', 'vectors', `${file}.json`), 'utf8'));
  return vectors.find(({ id }) => id === wanted);
}
