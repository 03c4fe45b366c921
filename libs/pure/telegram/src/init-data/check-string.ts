import type { InitDataFields } from './parse-init-data';

type Field = readonly [name: string, value: string];

/** The fields that an Ed25519 signature covers (all but `hash` and `signature`), ordered by name. */
export function signedFields(fields: InitDataFields): readonly Field[] {
  const covered: Field[] = [];
  for (const field of fields) if (field[0] !== 'hash' && field[0] !== 'signature') covered.push(field);
  return covered.sort(byName);
}

/**
 * The fields that the hash covers: all but `hash`, ordered by name. `signature` is one of them, even an empty
 * one.
 */
export function hashedFields(fields: InitDataFields): readonly Field[] {
  const covered: Field[] = [];
  for (const field of fields) if (field[0] !== 'hash') covered.push(field);
  return covered.sort(byName);
}

/** `name=value` lines. Names without `=` and values without line feeds make it unambiguous. */
export function checkString(fields: readonly Field[]): string {
  let lines = '';
  for (const [name, value] of fields) lines += `${lines && '\n'}${name}=${value}`;
  return lines;
}

/** By code unit: an order by locale would differ from Telegram's. */
function byName([one]: Field, [other]: Field): number {
  return one < other ? -1 : 1;
}
