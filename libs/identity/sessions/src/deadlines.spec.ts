import fc from 'fast-check';
import { deadlinesAtRotation, deadlinesAtSignIn } from './session-pairs';

const NOW = new Date('2026-11-20T12:00:00Z');
const seconds = fc.integer({ min: 10, max: 400 * 86_400 });
const policies = fc.record({
  accessIdle: seconds,
  accessAbsolute: seconds,
  refreshIdle: seconds,
  absolute: seconds,
});

describe('deadlines', () => {
  it('are those of the policy where none is in the way of another', () => {
    const policy = { accessIdle: 1_800, accessAbsolute: 43_200, refreshIdle: 2_592_000, absolute: 7_776_000 };

    expect(deadlinesAtSignIn(policy, NOW)).toEqual({
      accessIdleExpiresAt: new Date('2026-11-20T12:30:00Z'),
      accessExpiresAt: new Date('2026-11-21T00:00:00Z'),
      idleExpiresAt: new Date('2026-12-20T12:00:00Z'),
      expiresAt: new Date('2027-02-18T12:00:00Z'),
    });
  });

  it('never let a token outlive its session, nor a session its absolute end', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 0, max: 400 * 86_400 }), (policy, later) => {
        const first = deadlinesAtSignIn(policy, NOW);
        const next = deadlinesAtRotation(policy, first.expiresAt, new Date(NOW.getTime() + later * 1_000));
        for (const { accessIdleExpiresAt, accessExpiresAt, idleExpiresAt, expiresAt } of [first, next]) {
          expect(accessIdleExpiresAt <= accessExpiresAt).toBe(true);
          expect(accessExpiresAt <= idleExpiresAt).toBe(true);
          expect(idleExpiresAt <= expiresAt).toBe(true);
          expect(expiresAt).toEqual(first.expiresAt);
        }
      }),
    );
  });
});
