import { isRight } from '../../signatures/is-right';
import { aTelegramUser, FakeTelegram } from '@countersign/fake-telegram';
import { signatureVectors } from '../../../testing/telegram/vectors';
import { publicKeyFromHex } from '../telegram-public-keys';
import { checkInitDataSignature } from './init-data-signatures';
import { parseInitData } from './parse-init-data';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const telegram = new FakeTelegram();
const raw = telegram.signInitData({
  botToken: '42:TEST',
  user: aTelegramUser(),
  authDate: new Date(1_760_000_000_000),
});
const signature = new URLSearchParams(raw).get('signature') ?? '';

function codeFor(text: string, botId = '42', publicKey = telegram.publicKeys.production): string {
  const fields = parseInitData(text);
  const checked = fields.ok ? checkInitDataSignature(fields.value, { botId, publicKey }, isRight) : fields;
  return checked.ok ? 'accepted' : checked.code;
}

describe('checkInitDataSignature', () => {
  it.each(signatureVectors)('finds $id $expected', ({ init_data, bot_id, public_key_hex, expected }) => {
    const code = codeFor(init_data, bot_id.toString(), publicKeyFromHex(public_key_hex));

    expect(code === 'accepted').toBe(expected === 'valid');
  });

  it('does not cover the hash', () => {
    expect(codeFor(raw.replace(/&hash=.*/, ''))).toBe('accepted');
  });

  it('takes one spelling of 64 bytes only', () => {
    const stem = signature.slice(0, -1);
    const spellings = Array.from(ALPHABET).filter(
      (last) => Buffer.from(stem + last, 'base64url').length === 64,
    );
    const sameBytes = spellings.filter(
      (last) => Buffer.from(stem + last, 'base64url').toString('base64url') === signature,
    );

    expect(sameBytes).toHaveLength(16);
    for (const last of sameBytes) {
      const expected = stem + last === signature ? 'accepted' : 'init_data.signature_malformed';
      expect(codeFor(raw.replace(signature, stem + last))).toBe(expected);
    }
  });

  it.each([
    ['no signature', '', 'init_data.signature_missing'],
    ['an empty signature', '&signature=', 'init_data.signature_missing'],
    ['padding', `&signature=${signature}%3D%3D`, 'init_data.signature_malformed'],
    ['the other base64 alphabet', `&signature=%2B${signature.slice(1)}`, 'init_data.signature_malformed'],
    ['a signature of zeros', `&signature=${'A'.repeat(86)}`, 'init_data.signature_mismatch'],
  ])('refuses %s', (_, field, code) => {
    expect(codeFor(raw.replace(`&signature=${signature}`, field))).toBe(code);
  });
});

describe('publicKeyFromHex', () => {
  it.each(['', 'zz'.repeat(32), '00'.repeat(31), '00'.repeat(33)])('refuses %j', (hex) => {
    expect(() => publicKeyFromHex(hex)).toThrow(RangeError);
  });
});
