import * as fc from 'fast-check';
import { aHostileRecord, anHonestRecord } from '../../testing/rapidpace/hostile-records';
import { growthPerCharacter, tries } from '@countersign/text/testing';
import { SEED_SECRET } from '../../testing/rapidpace/seed';
import { signValues, spellingNames, spellings } from '../../testing/rapidpace/sign-values';
import { parsePlayerBody } from './parse-player-body';
import { parseRedirectQuery } from './parse-redirect-query';
import { readPlayer, verifyRecord } from './verify-record';
import { deriveRapidpaceKey } from './rapidpace-record';

const keys = [deriveRapidpaceKey(SEED_SECRET)];
const values = {
  telegram_id: 542262331,
  first_name: 'Ada + Łukasz',
  last_name: '🦊 %41;',
  username: null,
  language_code: 'pt-br',
  trace_id: '35b1baf8-a268-44cf-91cb-58112f29202f',
  auth_date: 1687519459,
};
const hmac = signValues(values, SEED_SECRET);
const body = JSON.stringify(values, null, 1);
const queries = spellingNames.map((name) => spellings[name](values, hmac));

function isBodyAccepted(text: string, header = hmac): boolean {
  const record = parsePlayerBody(text);
  return record.ok && verifyRecord(record.value, header, keys).ok;
}

function isQueryAccepted(rawQuery: string): boolean {
  const query = parseRedirectQuery(rawQuery);
  return query.ok && verifyRecord(query.value.record, query.value.hmac, keys).ok;
}

/** Second opinions on what a text says, by the readers that everybody uses. */
function saidByBody(text: string): string {
  const parsed = Object.entries(JSON.parse(text) as Record<string, unknown>);
  return inOrder(parsed.map(([key, value]) => [key, String(value ?? '')]));
}

function saidByQuery(rawQuery: string): string {
  // What was encoded as a whole may stand before parameters that others added.
  const [first = '', ...added] = rawQuery.split('&');
  const isWhole = !first.includes('=') && /%3d/i.test(first);
  const whole = isWhole ? decodeURIComponent(first).split('&') : [];
  const fields = [
    ...whole.map((pair) => [pair.split('=')[0] ?? '', pair.split('=').slice(1).join('=')]),
    ...new URLSearchParams(isWhole ? added.join('&') : rawQuery),
  ];
  return inOrder(
    fields.map(([key = '', value = '']) => [key, key === 'x-urm-hmac' ? value.replaceAll(' ', '+') : value]),
  );
}

const DECIDING = ['auth_date', 'telegram_id', 'trace_id', 'x-urm-hmac'];

/** What is signed, and who and when: a name may be read as two keys (`last_` and `name`), which says nothing of another person. */
function inOrder(fields: string[][]): string {
  const sorted = fields.sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
  const signed = sorted.filter(([key]) => key !== 'x-urm-hmac').flat();
  return JSON.stringify([signed.join(''), sorted.filter(([key = '']) => DECIDING.includes(key))]);
}

const aCharacter = fc.oneof(
  fc.constantFrom(...Array.from('&=%+?#;\0\n"{}[]:,\\/aZ09_- ')),
  fc.constantFrom('null', 'telegram_id', '%26', '%3D', '%2B', '%25', '%20', '\\u0031', '1e3', '"a":1,'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const aMutation = fc.oneof(
  fc.record({ at: fc.nat(), length: fc.constant(0), insert: aCharacter }),
  fc.record({ at: fc.nat(), length: fc.nat({ max: 8 }), insert: fc.constant('') }),
  fc.record({ at: fc.nat(), length: fc.constant(1), insert: aCharacter }),
  fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 40 }),
    insert: fc.string({ unit: 'binary', maxLength: 40 }),
  }),
);
const mutations = fc.array(aMutation, { minLength: 1, maxLength: 3 });

function mutated(text: string, changes: readonly { at: number; length: number; insert: string }[]): string {
  return changes.reduce((before, { at, length, insert }) => {
    const from = at % (before.length + 1);
    return before.slice(0, from) + insert + before.slice(from + length);
  }, text);
}

describe('a signed record under change', () => {
  it('is accepted as it was made', () => {
    expect(isBodyAccepted(body)).toBe(true);
    expect(queries.map(isQueryAccepted)).toEqual(queries.map(() => true));
  });

  it('is accepted as a body after any change only when it says the same', () => {
    fc.assert(
      fc.property(mutations, (changes) => {
        const text = mutated(body, changes);
        return !isBodyAccepted(text) || saidByBody(text) === saidByBody(body);
      }),
      tries(500),
    );
  });

  it.each(spellingNames)(
    'is accepted as a query (%s) after any change only when it says the same',
    (name) => {
      const query = spellings[name](values, hmac);
      fc.assert(
        fc.property(mutations, (changes) => {
          const rawQuery = mutated(query, changes);
          return !isQueryAccepted(rawQuery) || saidByQuery(rawQuery) === saidByQuery(query);
        }),
        tries(500),
      );
    },
  );

  it('is not accepted after a key was dropped, or given another value', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(values)), fc.option(fc.string()), (key, value) => {
        const { [key]: before, ...rest } = values as Record<string, string | number | null>;
        expect(isBodyAccepted(JSON.stringify(rest))).toBe(false);
        fc.pre(String(before ?? '') !== (value ?? ''));
        expect(isBodyAccepted(JSON.stringify({ ...rest, [key]: value }))).toBe(false);
      }),
      tries(250),
    );
  });
});

describe('any record', () => {
  it('is accepted in every spelling, or in none', () => {
    fc.assert(
      fc.property(fc.oneof(anHonestRecord, aHostileRecord), (record) => {
        const drawn = Object.fromEntries(record);
        const itsHmac = signValues(drawn, SEED_SECRET);
        const isGood = readPlayer(record).ok;
        expect(isBodyAccepted(JSON.stringify(drawn), itsHmac)).toBe(isGood);
        for (const name of spellingNames) {
          // A name such as `a&b=` looks like a field of its own once the whole is decoded.
          if (name === 'encoded as a whole' && JSON.stringify(drawn).includes('&')) continue;
          expect(isQueryAccepted(spellings[name](drawn, itsHmac))).toBe(isGood);
        }
      }),
      tries(500),
    );
  });
});

describe('hostile input', () => {
  it.each([
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)), maxLength: 300 }),
    fc.stringMatching(/^([a-z_]{1,4}(=|%3D)[%0-9A-F+{}":,]{0,12}(&|%26)?){0,20}$/),
    fc.json(),
    fc.jsonValue().map((value) => JSON.stringify({ telegram_id: value, first_name: value })),
  ])('is refused and never throws (%#)', (anyText) => {
    fc.assert(
      fc.property(
        anyText,
        (text) => !isBodyAccepted(text) && !isQueryAccepted(text) && !isBodyAccepted(body, `${text}.`),
      ),
      tries(250),
    );
  });

  it('takes linear time, whatever its shape', () => {
    const bodies = [
      '&',
      '=',
      '%',
      '+',
      'a=&',
      '%41',
      '%26',
      '%26a%3D',
      '%F0',
      '"',
      '\\',
      '{"a":',
      '[',
      'last_name',
      '\u00ff',
    ];
    const read = (length: number): void => {
      for (const filling of bodies) {
        for (const prefix of ['', 'first_name=', 'first_name%3D', '{"telegram_id":1,"first_name":"']) {
          const text = (prefix + filling.repeat(length)).slice(0, length);
          isBodyAccepted(text);
          isQueryAccepted(text);
        }
      }
    };
    expect(growthPerCharacter(read, 8192)).toBeLessThan(4);
  });
});
