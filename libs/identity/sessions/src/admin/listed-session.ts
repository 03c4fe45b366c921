import type { RowOf } from '@countersign/database';
import { SESSION } from '../store/session.columns';

export const sessionStates = ['live', 'ended'] as const;
export type SessionState = (typeof sessionStates)[number];

/** Which sessions of an account to list; `null` for all. */
export interface SessionFilter {
  readonly userId: string;
  readonly applicationId: string | null;
  readonly state: SessionState | null;
}

/** What operators see of a session: no digest, nothing sealed. */
export const LISTED_SESSION = SESSION.pick(
  'id',
  'applicationId',
  'userId',
  'identityId',
  'assurance',
  'door',
  'isOfAllowedBot',
  'deviceKeyThumbprint',
  'scopes',
  'authenticatedAt',
  'createdAt',
  'idleExpiresAt',
  'expiresAt',
  'accessIdleExpiresAt',
  'accessIdleIn',
  'stepUpExpiresAt',
  'reentryRefusedAt',
  'endedAt',
  'endReason',
);
export type ListedSession = RowOf<typeof LISTED_SESSION>;
