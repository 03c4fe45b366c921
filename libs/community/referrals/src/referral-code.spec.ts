import * as fc from 'fast-check';
import { codeInStartParam, newReferralCode, readReferralCode, toStartParam } from './referral-code';

describe('a referral code', () => {
  it('is 12 characters that are not mixed up, and another one each time', () => {
    const codes = Array.from({ length: 2_000 }, newReferralCode);

    for (const code of codes) expect(code).toMatch(/^[a-hjkmnp-z2-9]{12}$/);
    expect(new Set(codes).size).toBe(codes.length);
    expect([...new Set(codes.join(''))].toSorted().join('')).toBe('23456789abcdefghjkmnpqrstuvwxyz');
  });

  it('is read in capitals too', () => {
    expect(readReferralCode('ABCDEFGH2345')).toBe('abcdefgh2345');
  });

  it.each([
    ['nothing', ''],
    ['one character less', 'abcdefgh234'],
    ['one more', 'abcdefgh23456'],
    ['a look-alike digit', 'abcdefgh2340'],
    ['a look-alike letter', 'abcdefghij23'],
    ['a letter of another script', 'аbcdefgh2345'],
    ['a letter that becomes one of ours', 'abcdefg\u212A2345'],
    ['a line break at the end', 'abcdefgh234\n'],
    ['a zero byte', 'abcdefgh234\0'],
    ['half a character', 'abcdefgh234\ud83d'],
    ['a statement', "' OR 1=1; --"],
  ])('is not %s', (_, written) => {
    expect(readReferralCode(written)).toBeNull();
  });

  it('is never what is not of the alphabet', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 10, maxLength: 14 }), (written) => {
        const read = readReferralCode(written);
        expect(read === null || /^[a-hjkmnp-z2-9]{12}$/.test(read)).toBe(true);
      }),
    );
  });

  it('travels in a start parameter', () => {
    expect(codeInStartParam(toStartParam('abcdefgh2345'))).toBe('abcdefgh2345');
    expect(toStartParam(newReferralCode())).toMatch(/^[\w-]{1,64}$/);
  });

  it.each([null, '', 'r', 'R_abcdefgh2345', 'i_abcdefgh2345', 'xr_abcdefgh2345', 'campaign'])(
    'is not in the start parameter %p',
    (startParam) => {
      expect(codeInStartParam(startParam)).toBeNull();
    },
  );
});
