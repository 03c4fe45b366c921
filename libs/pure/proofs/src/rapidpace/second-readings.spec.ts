import * as fc from 'fast-check';
import { aHostileRecord, anHonestRecord } from '../../testing/rapidpace/hostile-records';
import { readingsOf, type Reading } from '../../testing/rapidpace/readings';
import { tries } from '@countersign/text/testing';
import { canonicalString, RAPIDPACE_KEYS, type RapidpaceRecord } from './rapidpace-record';
import { readPlayer } from './verify-record';

const recordOf = (reading: Reading): RapidpaceRecord => new Map(reading as [string, string][]);
const aRecord = fc.oneof(aHostileRecord, anHonestRecord);

describe('the readings of a canonical string', () => {
  it.each<[string, Reading[]]>([
    ['telegram_id1', [[['telegram_id', '1']]]],
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

  it('that are accepted name one person and one date, with keys that are not documented too', () => {
    const keys = [...RAPIDPACE_KEYS, 'is_premium', 'name', 'tele', 'user', 'zeta'].toSorted();
    const count = { accepted: 0, refused: 0, readAgain: 0 };
    fc.assert(
      fc.property(aRecord, (record) => {
        const canonical = canonicalString(record);
        const players = readingsOf(canonical, keys).flatMap((reading) => {
          const player = readPlayer(recordOf(reading));
          return player.ok ? [player.value] : [];
        });
        const meant = new Set(
          players.map(({ telegramId, authDate }) => `${telegramId} ${authDate?.getTime() ?? ''}`),
        );
        expect(meant.size).toBeLessThanOrEqual(1);

        const player = readPlayer(record);
        if (player.ok) expect(players).toContainEqual(player.value);
        count[player.ok ? 'accepted' : 'refused'] += 1;
        if (players.length > 1) count.readAgain += 1;
      }),
      tries(1000),
    );

    expect(count.accepted).toBeGreaterThan(250);
    expect(count.refused).toBeGreaterThan(125);
    expect(count.readAgain).toBeGreaterThan(10);
  });

  it('leave the proof the same for null and empty text, and for nothing else', () => {
    fc.assert(
      fc.property(anHonestRecord, fc.constantFrom(...RAPIDPACE_KEYS), (record, key) => {
        const [withNull, withEmpty, without] = [null, '', undefined].map((value) => {
          const entries = [...record].filter(([name]) => name !== key);
          if (value !== undefined) entries.push([key, value]);
          return canonicalString(new Map(entries));
        });
        expect(withNull).toBe(withEmpty);
        expect(withNull).not.toBe(without);
      }),
      tries(250),
    );
  });
});
