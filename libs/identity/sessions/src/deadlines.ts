import { earliest, plusSeconds } from '@countersign/clock';

/** Lifetimes of a session in whole seconds, from its application's settings at sign-in. */
export interface SessionPolicy {
  readonly accessIdle: number;
  readonly accessAbsolute: number;
  readonly refreshIdle: number;
  readonly absolute: number;
}

interface AccessDeadlines {
  readonly accessIdleExpiresAt: Date;
  readonly accessExpiresAt: Date;
}

export interface SessionDeadlines extends AccessDeadlines {
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
}

export function deadlinesAtSignIn(policy: SessionPolicy, now: Date): SessionDeadlines {
  return deadlinesAtRotation(policy, plusSeconds(now, policy.absolute), now);
}

/** New deadlines when a pair is issued. No token outlives its session, and no session its absolute end. */
export function deadlinesAtRotation(
  policy: Omit<SessionPolicy, 'absolute'>,
  expiresAt: Date,
  now: Date,
): SessionDeadlines {
  const idleExpiresAt = earliest(expiresAt, plusSeconds(now, policy.refreshIdle));
  const accessExpiresAt = earliest(idleExpiresAt, plusSeconds(now, policy.accessAbsolute));
  const accessIdleExpiresAt = earliest(accessExpiresAt, plusSeconds(now, policy.accessIdle));
  return { expiresAt, idleExpiresAt, accessExpiresAt, accessIdleExpiresAt };
}
