import { accepted, refused } from './result';

describe('a result', () => {
  it('is a value', () => {
    expect(accepted(5)).toEqual({ ok: true, value: 5 });
  });

  it('is the code of the rule that failed', () => {
    expect(refused('bookmark.too_long')).toEqual({ ok: false, code: 'bookmark.too_long' });
  });
});
