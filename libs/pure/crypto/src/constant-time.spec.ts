import * as fc from 'fast-check';
import { equalsConstantTime } from './constant-time';

describe('equalsConstantTime', () => {
  it.each([
    ['', '', true],
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'ab', false],
    ['', 'a', false],
    ['é', Buffer.from('c3a9', 'hex'), true],
    ['é', 'é'.normalize('NFD'), false],
    [Buffer.from('abc'), Buffer.from('abc'), true],
    [Buffer.from('abc'), 'abd', false],
    [Buffer.alloc(0), '', true],
    ['\ud800', '\ufffd', false],
    ['\ud800', Buffer.from('\ufffd'), false],
  ])('%j and %j: %s', (a, b, isEqual) => {
    expect(equalsConstantTime(a, b)).toBe(isEqual);
    expect(equalsConstantTime(b, a)).toBe(isEqual);
  });

  it('agrees with ===', () => {
    const text = fc.string({ unit: 'binary', maxLength: 3 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(equalsConstantTime(a, b)).toBe(a === b);
        expect(equalsConstantTime(a, Buffer.from(a))).toBe(true);
      }),
    );
  });
});
