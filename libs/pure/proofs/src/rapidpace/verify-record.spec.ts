import { canonicalString, deriveRapidpaceKey, signRecord, type RapidpaceRecord } from './rapidpace-record';
import { parsePlayerBody } from './parse-player-body';
import { verifyRecord } from './verify-record';
import { SEED_BODY, SEED_CANONICAL, SEED_HMAC, SEED_SECRET } from '../../testing/rapidpace/seed';

const SEED = JSON.parse(SEED_BODY) as Record<string, unknown>;
const TRACE_ID = '35b1baf8-a268-44cf-91cb-58112f29202f';
const keys = [deriveRapidpaceKey(SEED_SECRET)];

function recordOf(values: object): RapidpaceRecord {
  const record = parsePlayerBody(JSON.stringify(values));
  if (!record.ok) throw new Error(record.code);
  return record.value;
}

function codeFor(values: object, hmac = signRecord(recordOf(values), SEED_SECRET)): string {
  const verified = verifyRecord(recordOf(values), hmac, keys);
  return verified.ok ? 'accepted' : verified.code;
}

const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(SEED).filter(([name]) => !names.includes(name)));

describe('verifyRecord', () => {
  it.each([
    ['a username that has the name of a key', { ...SEED, username: 'my_username' }],
    ['a name that ends where a key begins', { telegram_id: 1, first_name: 'xlanguage_code', last_name: 'A' }],
    ['keys that are not documented', { ...SEED, is_premium: 'true', Zone: '', utm_source: 'mail' }],
  ])('accepts %s, rightly signed', (_, values) => {
    const record = recordOf(values);

    expect(verifyRecord(record, signRecord(record, SEED_SECRET), keys).ok).toBe(true);
  });

  it('leaves out what campaigns add, unless it was signed', () => {
    const isUnsigned = (key: string) => key.startsWith('utm_');
    const marked = recordOf({ ...SEED, utm_source: 'mail' });

    const added = verifyRecord(marked, SEED_HMAC, keys, isUnsigned);
    expect(added.ok && added.value.canonical).toBe(SEED_CANONICAL);
    const signed = verifyRecord(marked, signRecord(marked, SEED_SECRET), keys, isUnsigned);
    expect(signed.ok && signed.value.canonical).toBe(canonicalString(marked));
    expect(verifyRecord(marked, SEED_HMAC, keys).ok).toBe(false);
  });

  it.each([
    ['ids and dates as text', { ...SEED, telegram_id: '542262331', auth_date: '1687519459' }, SEED_HMAC],
    ['last_name empty', { ...SEED, last_name: '' }, 'ucGhyoaxL8tnfdCI1BsuDf4It/4RjzGf1erdOjZj+Ps='],
    ['last_name absent', without('last_name'), 'rOW9QATBB5MEhEv9lYzN5ZDbqnl0waB5JSF3ym1+M/I='],
    [
      'a player called "null"',
      { ...SEED, last_name: 'null' },
      'V5/veA2Hh6JVzZtTdsO91Q9Qymh9oH97xxpM+CB4g7Q=',
    ],
    [
      'nothing known of the person',
      { ...SEED, first_name: null, last_name: null, username: null, language_code: null },
      'kP6XyWSUFG94g5GMVjFvg2PVejpRWtB2hybpbqXEbS8=',
    ],
    ['the id alone', { telegram_id: 1 }, 'kCVVctEJnwZuLUlJeQTZYYTOoFtojfCqds4jyPZ96bk='],
  ])('agrees with the signature of %s', (_, values, hmac) => {
    expect(signRecord(recordOf(values), SEED_SECRET)).toBe(hmac);
    expect(codeFor(values, hmac)).toBe('accepted');
  });

  it('accepts any of several secrets, in any place, and nothing without one', () => {
    const others = ['one', 'two'].map(deriveRapidpaceKey);

    for (const at of [0, 1, 2]) {
      expect(verifyRecord(recordOf(SEED), SEED_HMAC, others.toSpliced(at, 0, ...keys)).ok).toBe(true);
    }
    expect(verifyRecord(recordOf(SEED), SEED_HMAC, others)).toEqual({
      ok: false,
      code: 'rapidpace.hmac_mismatch',
    });
    expect(verifyRecord(recordOf(SEED), SEED_HMAC, [])).toEqual({
      ok: false,
      code: 'rapidpace.hmac_mismatch',
    });
  });

  it.each([
    ['no HMAC', '', 'rapidpace.hmac_missing'],
    ['an HMAC without padding', SEED_HMAC.slice(0, -1), 'rapidpace.hmac_malformed'],
    ['base64url', SEED_HMAC.replace('+', '-'), 'rapidpace.hmac_malformed'],
    ['a space in it', SEED_HMAC.replace('+', ' '), 'rapidpace.hmac_malformed'],
    ['a line feed behind it', `${SEED_HMAC}\n`, 'rapidpace.hmac_malformed'],
    ['two of them in one header', `${SEED_HMAC}, ${SEED_HMAC}`, 'rapidpace.hmac_malformed'],
    ['the same bytes in another spelling', SEED_HMAC.replace('c=', 'd='), 'rapidpace.hmac_malformed'],
    ['31 bytes', Buffer.alloc(31).toString('base64'), 'rapidpace.hmac_malformed'],
    ['another HMAC', Buffer.alloc(32).toString('base64'), 'rapidpace.hmac_mismatch'],
  ])('refuses %s', (_, hmac, code) => {
    expect(codeFor(SEED, hmac)).toBe(code);
  });

  it.each([
    ['no id', without('telegram_id'), 'rapidpace.telegram_id_missing'],
    ['the id empty', { ...SEED, telegram_id: '' }, 'rapidpace.telegram_id_missing'],
    ['a negative id', { ...SEED, telegram_id: -1 }, 'rapidpace.telegram_id_invalid'],
    ['a leading zero', { ...SEED, telegram_id: '01' }, 'rapidpace.telegram_id_invalid'],
    ['an id in other digits', { ...SEED, telegram_id: '١٢٣' }, 'rapidpace.telegram_id_invalid'],
    ['an id of 2^53', { ...SEED, telegram_id: '9007199254740992' }, 'rapidpace.telegram_id_invalid'],
    ['a date in milliseconds', { ...SEED, auth_date: 1687519459000 }, 'rapidpace.auth_date_malformed'],
    ['a date of 12 digits', { ...SEED, auth_date: 168751945900 }, 'rapidpace.auth_date_malformed'],
    ['a date before text', { ...SEED, auth_date: '1687519459x' }, 'rapidpace.auth_date_malformed'],
    ['a fraction of a second', { ...SEED, auth_date: 1687519459.5 }, 'rapidpace.auth_date_malformed'],
    ['a username too long', { ...SEED, username: 'a'.repeat(33) }, 'rapidpace.username_invalid'],
    ['a trace id that is no UUID', { ...SEED, trace_id: '35b1baf8' }, 'rapidpace.trace_id_invalid'],
    ['text behind a trace id', { ...SEED, trace_id: `${TRACE_ID}0` }, 'rapidpace.trace_id_invalid'],
    ...[0, 9, 14, 19, 24].map((at): [string, object, string] => [
      `a trace id with another character at ${at}`,
      { ...SEED, trace_id: `${TRACE_ID.slice(0, at)}g${TRACE_ID.slice(at + 1)}` },
      'rapidpace.trace_id_invalid',
    ]),
    ['a language too long', { ...SEED, language_code: 'e'.repeat(36) }, 'rapidpace.language_code_invalid'],
    ['a first name too long', { ...SEED, first_name: 'я'.repeat(65) }, 'rapidpace.name_invalid'],
    ['a line feed in a name', { ...SEED, first_name: 'a\nb' }, 'rapidpace.control_character'],
    ['C1 in a username', { ...SEED, username: 'a\u0085' }, 'rapidpace.control_character'],
    ['half a surrogate pair', { ...SEED, first_name: '\ud83e' }, 'rapidpace.malformed'],
    [
      'a name with the name of the signature',
      { ...SEED, last_name: 'x-urm-hmac' },
      'rapidpace.ambiguous_record',
    ],
    ['an id in the name of a key', { ...SEED, telegram_id5: '' }, 'rapidpace.ambiguous_record'],
    ['the name of an absent key', { telegram_id: 1, last_name: 'trace_id' }, 'rapidpace.ambiguous_record'],
  ])('refuses %s, rightly signed', (_, values, code) => {
    expect(codeFor(values)).toBe(code);
  });

  it.each([
    ['joiners and directional marks', { first_name: '\u200F\u200D\u2067ש\u2069 👩‍🚀' }],
    ['names that nearly are keys', { first_name: 'usernam', last_name: 'telegram_i', username: 'trace_i' }],
    ['the largest id', { telegram_id: '9007199254740991' }],
    ['a trace id in capitals', { trace_id: '35B1BAF8-A268-44CF-91CB-58112F29202F' }],
  ])('accepts %s', (_, values) => {
    expect(codeFor({ ...SEED, ...values })).toBe('accepted');
  });

  describe('with a link that was signed for the attacker', () => {
    const victim = '542262331';
    const trace = '35b1baf8-a268-44cf-91cb-58112f29202f';
    const attacks: [string, object, object][] = [
      [
        'whose last name brings a Telegram id',
        {
          last_name: `telegram_id${victim}trace_idx`,
          telegram_id: 777000777,
          trace_id: trace,
          username: 'eve_1',
        },
        {
          last_name: '',
          telegram_id: victim,
          trace_id: `xtelegram_id777000777trace_id${trace}`,
          username: 'eve_1',
        },
      ],
      [
        'whose last name lets the rest be a username',
        { last_name: `telegram_id${victim}username`, telegram_id: 777000777 },
        { last_name: '', telegram_id: victim, username: 'telegram_id777000777' },
      ],
      [
        'whose first name lets keys be dropped',
        { first_name: `telegram_id${victim}username`, telegram_id: 7 },
        { first_name: '', telegram_id: victim, username: 'telegram_id7' },
      ],
      [
        'whose username hides keys',
        { telegram_id: 777000777, trace_id: trace, username: 'eve' },
        { telegram_id: '777000777', trace_id: `${trace}usernameeve` },
      ],
      [
        'whose dated link is to become an undated one',
        { auth_date: 1687519459, first_name: 'Eve', telegram_id: 777000777 },
        { auth_date: '1687519459first_nameEve', telegram_id: 777000777 },
      ],
    ];

    it.each(attacks)('%s: refuses what it can be rewritten to', (_, signed, rewritten) => {
      const hmac = signRecord(recordOf(signed), SEED_SECRET);

      expect(signRecord(recordOf(rewritten), SEED_SECRET)).toBe(hmac);
      expect(codeFor(rewritten, hmac)).not.toBe('accepted');
    });

    it.each(attacks.slice(0, 3))('%s: refuses the original too', (_, signed) => {
      expect(codeFor(signed)).toBe('rapidpace.ambiguous_record');
    });
  });
});

describe('deriveRapidpaceKey', () => {
  it.each([
    ['', 'a secret must not be empty'],
    ['\ud83e', 'a secret must be well-formed Unicode'],
  ])('refuses a secret that others share (%#)', (secret, message) => {
    expect(() => deriveRapidpaceKey(secret)).toThrow(new RangeError(message));
  });
});
