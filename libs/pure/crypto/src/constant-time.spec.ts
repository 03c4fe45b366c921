import { equalsConstantTime } from './constant-time';

describe('equalsConstantTime', () => {
  it.each([
    ['', '', true],
    ['abc', 'abc', true],
    ['abc', 'ab', false],
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
});
