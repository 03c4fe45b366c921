import { isNextDue, pendingAt, retiredAt, signingAt, stateOf, type IdentityKey } from './identity-key';

const NOW = new Date('2026-11-20T12:00:00Z');
const DAY = 86_400;

/** Signs since so many seconds ago; since the future where negative. */
function aKey(kid: string, signedFor: number, overrides: Partial<IdentityKey> = {}): IdentityKey {
  const signsFrom = new Date(NOW.getTime() - signedFor * 1_000);
  return { kid, algorithm: 'ES256', createdAt: signsFrom, signsFrom, ...overrides };
}

const kids = (keys: readonly IdentityKey[]): readonly string[] => keys.map(({ kid }) => kid);

describe('the key that signs', () => {
  it.each([
    ['the only one', [aKey('a', 10)], 'a'],
    ['the only one, though the clock of its maker is ahead', [aKey('a', -3)], 'a'],
    ['the latest whose time has come', [aKey('c', -1), aKey('b', 0), aKey('a', 900)], 'b'],
    ['the one before, until the time of the next has come', [aKey('b', -0.001), aKey('a', 900)], 'a'],
    ['the earliest, where no time has come', [aKey('b', -600), aKey('a', -3)], 'a'],
  ])('is %s', (_, keys, kid) => {
    expect(signingAt(keys, NOW)?.kid).toBe(kid);
  });

  it('is none where there is no key', () => {
    expect(signingAt([], NOW)).toBeUndefined();
  });
});

describe('a key', () => {
  const keys = [aKey('d', -600), aKey('c', 100), aKey('b', 500), aKey('a', 9_000)];

  it('is pending, signs, and retires', () => {
    expect(keys.map((key) => stateOf(key, keys, NOW))).toEqual([
      'pending',
      'signing',
      'retiring',
      'retiring',
    ]);
    expect(pendingAt(keys, NOW)?.kid).toBe('d');
    expect(pendingAt(keys.slice(1), NOW)).toBeUndefined();
  });

  it('is not pending when it has to sign although its time has not come', () => {
    const early = [aKey('a', -3)];

    expect(pendingAt(early, NOW)).toBeUndefined();
    expect(stateOf(aKey('a', -3), early, NOW)).toBe('signing');
  });

  it.each([
    [359, []],
    [360, ['a']],
    [10_000, ['a']],
  ])('goes when what it signed is over: %i s after the next one began to sign', (seconds, gone) => {
    expect(kids(retiredAt([aKey('b', seconds), aKey('a', 90_000)], NOW))).toEqual(gone);
  });

  it('stays while it signs, however old, and while it has not signed yet', () => {
    expect(retiredAt([aKey('a', 400 * DAY)], NOW)).toEqual([]);
    expect(retiredAt([aKey('b', -600), aKey('a', 400 * DAY)], NOW)).toEqual([]);
    expect(retiredAt([], NOW)).toEqual([]);
  });
});

describe('the next key', () => {
  it.each<[string, boolean, IdentityKey[]]>([
    ['is due where there is none', true, []],
    ['is not due while the newest is young', false, [aKey('a', 30 * DAY - 1)]],
    ['is due when the newest has become old', true, [aKey('a', 30 * DAY)]],
    ['is not due while one is on its way', false, [aKey('b', -1), aKey('a', 31 * DAY)]],
    ['is due when another kind is configured', true, [aKey('a', 10, { algorithm: 'EdDSA' })]],
    [
      'waits for one of another kind that is on its way',
      false,
      [aKey('b', -1, { algorithm: 'EdDSA' }), aKey('a', 9)],
    ],
    ['is not due after the kind was changed', false, [aKey('b', 5), aKey('a', 9, { algorithm: 'EdDSA' })]],
  ])('%s', (_, isDue, keys) => {
    expect(isNextDue(keys, 'ES256', NOW)).toBe(isDue);
  });
});
