import * as fc from 'fast-check';
import {
  RAPIDPACE_KEYS,
  type RapidpaceKey,
  type RapidpaceRecord,
} from '../../src/rapidpace/rapidpace-record';

const UUIDS = ['35b1baf8-a268-44cf-91cb-58112f29202f', '00000000-0000-0000-0000-000000000000'];
const IDS = ['1', '542262331', '9007199254740991'];
const DATES = ['1687519459', '1760000000', '99999999999'];

const aKeyName = fc.constantFrom<string>(...RAPIDPACE_KEYS);
const aPieceOfAKeyName = fc
  .tuple(aKeyName, fc.nat({ max: 13 }), fc.nat({ max: 13 }))
  .map(([name, from, to]) => name.slice(Math.min(from, to), Math.max(from, to)));
const aFragment = fc.oneof(
  { weight: 3, arbitrary: aKeyName },
  { weight: 3, arbitrary: aPieceOfAKeyName },
  { weight: 2, arbitrary: fc.constantFrom(...IDS, ...DATES, ...UUIDS, 'en', 'x', '_', ' ', 'Ż') },
);

const fragments = (maxLength: number, max: number) =>
  fc.array(aFragment, { maxLength }).map((parts) => parts.join('').slice(0, max));
const mostly = (usual: fc.Arbitrary<string>, hostile: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: hostile });
const aName = fc.oneof(fragments(4, 64), fc.constantFrom('Хади', 'Ada'));

const values: Record<RapidpaceKey, fc.Arbitrary<string>> = {
  auth_date: mostly(fc.constantFrom('', ...DATES), fragments(2, 64)),
  first_name: aName,
  language_code: mostly(fc.constantFrom('', 'en', 'pt-br'), fragments(2, 35)),
  last_name: aName,
  telegram_id: mostly(fc.constantFrom(...IDS), fragments(2, 64)),
  trace_id: mostly(fc.constantFrom('', ...UUIDS), fragments(2, 64)),
  username: mostly(fc.constantFrom('', 'hadivarp'), fragments(3, 32)),
};

const maybe = (value: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 4, arbitrary: value },
    { weight: 1, arbitrary: fc.constantFrom(null, '') },
    { weight: 2, arbitrary: fc.constant(undefined) },
  );

/** Records whose values are names of keys, parts of them, and texts that look like other values. */
export const aHostileRecord: fc.Arbitrary<RapidpaceRecord> = fc
  .record({
    auth_date: maybe(values.auth_date),
    first_name: maybe(values.first_name),
    language_code: maybe(values.language_code),
    last_name: maybe(values.last_name),
    telegram_id: values.telegram_id,
    trace_id: maybe(values.trace_id),
    username: maybe(values.username),
  })
  .map((drawn) => {
    const present = RAPIDPACE_KEYS.filter((key) => drawn[key] !== undefined);
    return new Map(present.map((key) => [key, drawn[key] ?? null]));
  });

/** Well-formed records, whose names at most resemble keys. */
export const anHonestRecord: fc.Arbitrary<RapidpaceRecord> = fc
  .record({
    auth_date: fc.constantFrom('', ...DATES),
    first_name: fc.string({ unit: 'grapheme', maxLength: 20 }),
    language_code: fc.constantFrom('', 'en'),
    last_name: fc.option(aPieceOfAKeyName),
    telegram_id: fc.constantFrom(...IDS),
    trace_id: fc.constantFrom('', ...UUIDS),
    username: fc.option(aPieceOfAKeyName),
  })
  .chain((drawn) =>
    fc.subarray([...RAPIDPACE_KEYS]).map((chosen) => {
      const present = RAPIDPACE_KEYS.filter((key) => key === 'telegram_id' || chosen.includes(key));
      return new Map(present.map((key) => [key, drawn[key]]));
    }),
  );
