import type { InitDataFields } from './parse-init-data';

/** The fields that an Ed25519 signature covers (all but `hash` and `signature`), ordered by name. */
export function signedFields(fields: InitDataFields): readonly (readonly [name: string, value: string])[] {
  return orderedByName([...fields].filter(([name]) => name !== 'hash' && name !== 'signature'));
}

/** The fields that the hash covers: all but `hash`, ordered by name. `signature` is one of them, even an empty one. */
export function hashedFields(fields: InitDataFields): readonly (readonly [name: string, value: string])[] {
  return orderedByName([...fields].filter(([name]) => name !== 'hash'));
}

/** `name=value` lines. Names without `=` and values without line feeds make it say one thing only. */
export function checkString(fields: readonly (readonly [name: string, value: string])[]): string {
  return fields.map(([name, value]) => `${name}=${value}`).join('\n');
}

/** By code unit: an order by locale would differ from Telegram's. */
function orderedByName(fields: [name: string, value: string][]): [name: string, value: string][] {
  return fields.sort(([one], [other]) => (one < other ? -1 : 1));
}
