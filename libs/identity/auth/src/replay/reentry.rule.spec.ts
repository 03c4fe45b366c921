import { type EndReason, type LoginMethod, type Session } from '@countersign/sessions';
import { reentryOf, type Answer } from './reentry.rule';

const NOW = new Date('2026-11-20T12:00:00Z');
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);
const current = (at: Date): Answer => ({ at, isCurrent: true });
const PRESENTER = {
  userId: 'u1',
  applicationId: 'a1',
  door: 'telegram-init-data' as LoginMethod,
  isUndated: false,
  isRegistered: false,
  deviceKeyThumbprint: null,
  isKeyRequired: false,
};

function aSession(overrides: Partial<Session> = {}): Session {
  return {
    userId: 'u1',
    applicationId: 'a1',
    door: 'telegram-init-data' as LoginMethod,
    idleExpiresAt: after(60),
    expiresAt: after(120),
    endedAt: null,
    endReason: null,
    stepUpExpiresAt: null,
    deviceKeyThumbprint: null,
    ...overrides,
  } as Session;
}

describe('who may re-enter a session with the same proof', () => {
  it('the door that opened it, and no other', () => {
    const elsewhere = aSession({ door: 'telegram-third-party-init-data' as LoginMethod });

    expect(reentryOf(elsewhere, PRESENTER, current(NOW), NOW)).toBe('refuse');
  });

  it.each([
    ['lasts', after(1), 'renew'],
    ['has run out', NOW, 'repeat'],
  ])('the pair of a session whose step-up %s', (_, stepUpExpiresAt, reentry) => {
    expect(reentryOf(aSession({ stepUpExpiresAt }), PRESENTER, current(after(-5)), NOW)).toBe(reentry);
  });

  it('a session that nobody used until its idle end is followed, one past its absolute end is not', () => {
    expect(reentryOf(aSession({ idleExpiresAt: NOW }), PRESENTER, current(after(-5)), NOW)).toBe('follow');
    expect(reentryOf(aSession({ expiresAt: NOW }), PRESENTER, current(after(-5)), NOW)).toBe('refuse');
  });

  it.each<[string, Session | null, string]>([
    ['renews its own session while that lives', aSession(), 'renew'],
    ['follows one that was ended by whoever', aSession({ endedAt: NOW, endReason: 'revoked' }), 'follow'],
    ['follows one that ran out', aSession({ expiresAt: NOW }), 'follow'],
    ['follows one whose row is gone', null, 'follow'],
    ['opens nobody else’s', aSession({ userId: 'u2' }), 'refuse'],
  ])('an undated link %s', (_, session, reentry) => {
    const presenter = { ...PRESENTER, isUndated: true };

    expect(reentryOf(session, presenter, current(after(-36_000)), NOW)).toBe(reentry);
  });

  it.each<[string, string | null, string | null, EndReason | null, string]>([
    ['the same key, a moment ago: the identical pair', 'k1', 'k1', null, 'repeat'],
    ['another key', 'k1', 'k2', null, 'other-key'],
    ['no key', 'k1', null, null, 'other-key'],
    ['another key, after a logout', 'k1', 'k2', 'logout', 'other-key'],
    ['the same key, after a logout', 'k1', 'k1', 'logout', 'follow'],
    ['the same key, after a revocation', 'k1', 'k1', 'revoked', 'refuse'],
    ['a key for a session that began without one', null, 'k1', null, 'not-bound'],
    ['a key after a session without one', null, 'k1', 'logout', 'follow'],
  ])('a session with a device key, for %s', (_, bound, shown, endReason, reentry) => {
    const session = aSession({ deviceKeyThumbprint: bound, endReason });

    expect(reentryOf(session, { ...PRESENTER, deviceKeyThumbprint: shown }, current(NOW), NOW)).toBe(reentry);
  });

  it('an undated link, without the key, a session that is over, and none that lives', () => {
    const presenter = { ...PRESENTER, isUndated: true };
    const bound = aSession({ deviceKeyThumbprint: 'k1' });

    expect(reentryOf(bound, presenter, current(NOW), NOW)).toBe('other-key');
    expect(reentryOf({ ...bound, endReason: 'logout' }, presenter, current(NOW), NOW)).toBe('follow');
  });

  it('nobody when the session is gone', () => {
    expect(reentryOf(null, PRESENTER, current(NOW), NOW)).toBe('refuse');
  });
});
