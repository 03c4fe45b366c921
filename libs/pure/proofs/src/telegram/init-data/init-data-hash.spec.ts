import { createHmac } from 'node:crypto';
import { isRight } from '../../signatures/is-right';
import { hmacVectors, intermediateVectors } from '../../../testing/telegram/vectors';
import { signFields } from '@countersign/fake-telegram';
import { checkInitDataHash, deriveInitDataKey } from './init-data-signatures';
import { parseInitData } from './parse-init-data';

const BOT_TOKEN = '42:TEST';

function codeFor(raw: string, botToken = BOT_TOKEN): string {
  const fields = parseInitData(raw);
  const checked = fields.ok
    ? checkInitDataHash(fields.value, [deriveInitDataKey(botToken)], isRight)
    : fields;
  return checked.ok ? 'accepted' : checked.code;
}

describe('deriveInitDataKey', () => {
  it.each(intermediateVectors)('agrees with $id', ({ token, input, expected_hex }) => {
    const key = deriveInitDataKey(token ?? input ?? '');
    const isMessage = token !== undefined && input !== undefined;
    const bytes = isMessage ? createHmac('sha256', key).update(input).digest() : key.export();

    expect(bytes.toString('hex')).toBe(expected_hex);
  });

  it('refuses an empty token, whose key everybody knows', () => {
    expect(() => deriveInitDataKey('')).toThrow(RangeError);
  });
});

describe('checkInitDataHash', () => {
  it.each(hmacVectors)('finds $id $expected', ({ init_data, bot_token, expected }) => {
    expect(codeFor(init_data, bot_token) === 'accepted').toBe(expected === 'valid');
  });

  it.each([
    ['start_param', 'a'],
    ['signature', ''],
  ])('covers %s=%s', (name, value) => {
    const raw = signFields(
      [
        ['auth_date', '1'],
        [name, value],
      ],
      BOT_TOKEN,
    );

    expect(codeFor(raw)).toBe('accepted');
    expect(codeFor(raw.replace(`&${name}=${value}`, ''))).toBe('init_data.hash_mismatch');
  });

  it.each([
    ['no hash', 'auth_date=1', 'init_data.hash_missing'],
    ['an empty hash', 'auth_date=1&hash=', 'init_data.hash_missing'],
    ['63 digits', `auth_date=1&hash=${'0'.repeat(63)}`, 'init_data.hash_malformed'],
    ['upper-case hex', `auth_date=1&hash=${'A'.repeat(64)}`, 'init_data.hash_malformed'],
    ['64 characters of two bytes', `auth_date=1&hash=${'я'.repeat(64)}`, 'init_data.hash_malformed'],
    ['another hash', `auth_date=1&hash=${'0'.repeat(64)}`, 'init_data.hash_mismatch'],
  ])('refuses %s', (_, raw, code) => {
    expect(codeFor(raw)).toBe(code);
  });
});
