import { readLinkAge } from './link-age';

const now = new Date('2026-01-02T03:04:05.678Z');
const policy = { now, maxAgeSeconds: 3600, undated: 'refuse' as const };
const ago = (seconds: number) => new Date((Math.floor(now.getTime() / 1000) - seconds) * 1000);

describe('readLinkAge', () => {
  it.each([
    ['now', 0, 'accepted'],
    ['at the limit', 3600, 'accepted'],
    ['a second beyond it', 3601, 'rapidpace.link_expired'],
    ['a minute ahead of us', -60, 'accepted'],
    ['a second more', -61, 'rapidpace.link_in_future'],
  ])('judges a link made %s', (_, seconds, verdict) => {
    const age = readLinkAge(ago(seconds), policy);

    expect(age.ok ? 'accepted' : age.code).toBe(verdict);
    if (age.ok) expect(age.value).toEqual(ago(seconds));
  });

  it('accepts a link of any age where the policy has no limit, but none from the future', () => {
    const unlimited = { ...policy, maxAgeSeconds: null };
    expect(readLinkAge(ago(1e9), unlimited)).toEqual({ ok: true, value: ago(1e9) });
    expect(readLinkAge(ago(-61), unlimited)).toEqual({ ok: false, code: 'rapidpace.link_in_future' });
    expect(readLinkAge(null, unlimited)).toEqual({ ok: false, code: 'rapidpace.undated_link' });
  });

  it('refuses a link without a date, unless the application accepts such', () => {
    expect(readLinkAge(null, policy)).toEqual({ ok: false, code: 'rapidpace.undated_link' });
    expect(readLinkAge(null, { ...policy, undated: 'accept' })).toEqual({ ok: true, value: null });
  });

  it.each([
    [{ maxAgeSeconds: NaN }, 'maxAgeSeconds must be a positive integer'],
    [{ maxAgeSeconds: 0 }, 'maxAgeSeconds must be a positive integer'],
    [{ maxAgeSeconds: 1.5 }, 'maxAgeSeconds must be a positive integer'],
    [{ maxAgeSeconds: Infinity }, 'maxAgeSeconds must be a positive integer'],
    [{ now: new Date(NaN) }, 'now must be a valid date'],
  ])('does not work with a policy that would check nothing: %p', (wrong, message) => {
    expect(() => readLinkAge(ago(0), { ...policy, ...wrong })).toThrow(new RangeError(message));
    expect(() => readLinkAge(null, { ...policy, undated: 'accept', ...wrong })).toThrow(
      new RangeError(message),
    );
  });
});
