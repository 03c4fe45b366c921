import * as fc from 'fast-check';
import { aHostileRecord, anHonestRecord } from '../testing/hostile-records';
import { readingsOf, type Reading } from '../testing/readings';
import { tries } from '@countersign/text/testing';
import { findFormatFault } from './record-formats';
import { canonicalString, RAPIDPACE_KEYS, type RapidpaceKey, type RapidpaceRecord } from './rapidpace-record';
import { readPlayer } from './read-player';

const recordOf = (reading: Reading): RapidpaceRecord => new Map(reading as [RapidpaceKey, string][]);
const aRecord = fc.oneof(aHostileRecord, anHonestRecord);

describe('the readings of a canonical string', () => {
  it.each<[string, Reading[]]>([
    ['telegram_id1', [[['telegram_id', '1']]]],
    [
      'last_nametelegram_id1',
      [
        [['last_name', 'telegram_id1']],
        [
          ['last_name', ''],
          ['telegram_id', '1'],
        ],
      ],
    ],
    ['telegram_id1last_nameA', [[['telegram_id', '1last_nameA']]]],
    [
      'telegram_id1trace_idusername',
      [
        [['telegram_id', '1trace_idusername']],
        [
          ['telegram_id', '1'],
          ['trace_id', 'username'],
        ],
        [
          ['telegram_id', '1'],
          ['trace_id', ''],
          ['username', ''],
        ],
        [
          ['telegram_id', '1trace_id'],
          ['username', ''],
        ],
      ],
    ],
    ['1telegram_id', []],
  ])('are all found in %s', (canonical, readings) => {
    const found = readingsOf(canonical, RAPIDPACE_KEYS);

    expect(found).toHaveLength(readings.length);
    expect(found).toEqual(expect.arrayContaining(readings));
  });

  it('are at most one that is accepted, whatever the record, and the formats alone would let more pass', () => {
    const count = { accepted: 0, refused: 0, unambiguousBecauseOfTheRule: 0 };
    fc.assert(
      fc.property(aRecord, (record) => {
        const canonical = canonicalString(record);
        const inForm = readingsOf(canonical, RAPIDPACE_KEYS).filter((one) => !findFormatFault(recordOf(one)));
        const readings = inForm.filter((one) => readPlayer(recordOf(one)).ok);
        expect(readings.length).toBeLessThanOrEqual(1);

        const player = readPlayer(record);
        if (player.ok) expect(readings).toEqual([player.value.fields]);
        count[player.ok ? 'accepted' : 'refused'] += 1;
        if (inForm.length > 1) count.unambiguousBecauseOfTheRule += 1;
      }),
      tries(1000),
    );

    expect(count.accepted).toBeGreaterThan(250);
    expect(count.refused).toBeGreaterThan(250);
    expect(count.unambiguousBecauseOfTheRule).toBeGreaterThan(125);
  });

  it('leave the proof the same for null and empty text, and for nothing else', () => {
    fc.assert(
      fc.property(anHonestRecord, fc.constantFrom(...RAPIDPACE_KEYS), (record, key) => {
        const [withNull, withEmpty, without] = [null, '', undefined].map((value) => {
          const entries = [...record].filter(([name]) => name !== key);
          if (value !== undefined) entries.push([key, value]);
          const player = readPlayer(new Map(entries));
          return player.ok ? player.value.fields : undefined;
        });
        expect(withNull).toEqual(withEmpty);
        if (withNull) expect(withNull).not.toEqual(without);
      }),
      tries(250),
    );
  });
});
