import { columns, columnsOf, type RowOf } from '@countersign/database';
import { SessionEntity } from './session.entity';

export const SESSION = columnsOf(SessionEntity);

export const DISPUTED_SINCE = '(SELECT disputed_since FROM installation)';

/**
 * The columns of a SELECT. While an operator has to answer about a restore, earlier sessions read as ended, so every
 * way in refuses them. Their rows stay unchanged.
 */
export function readable({ selected }: { readonly selected: string }): string {
  const instead = (column: string, value: string) =>
    `CASE WHEN created_at < ${DISPUTED_SINCE} THEN coalesce(${column}, ${value}) ELSE ${column} END AS`;
  return selected
    .replace('ended_at AS', instead('ended_at', DISPUTED_SINCE))
    .replace('end_reason AS', instead('end_reason', "'disputed'"));
}

/** The columns that are set at sign-in: by default, every new column. */
export const NEW_SESSION = SESSION.omit(
  'createdAt',
  'stepUpExpiresAt',
  'stepUpAssurance',
  'stepUpBot',
  'reentryRefusedAt',
  'priorAccessDigest',
  'priorAccessExpiresAt',
  'rotations',
  'awaitsFirstUse',
  'endedAt',
  'endReason',
  'endedBy',
  'openidClients',
);
export type NewSession = RowOf<typeof NEW_SESSION>;

export const ACCESS_SESSION = SESSION.pick(
  'id',
  'applicationId',
  'userId',
  'identityId',
  'assurance',
  'door',
  'isOfAllowedBot',
  'deviceKeyThumbprint',
  'scopes',
  'idleExpiresAt',
  'expiresAt',
  'accessDigest',
  'accessIdleExpiresAt',
  'accessExpiresAt',
  'priorAccessDigest',
  'priorAccessExpiresAt',
  'awaitsFirstUse',
  'accessIdleIn',
  'authenticatedAt',
  'endReason',
);

export const PAIR = SESSION.pick(
  'idleExpiresAt',
  'accessDigest',
  'accessIdleExpiresAt',
  'accessExpiresAt',
  'priorAccessDigest',
  'priorAccessExpiresAt',
  'familyDigest',
  'refreshDigest',
  'rotations',
  'awaitsFirstUse',
  'deviceKeyThumbprint',
);

export const ROTATION = SESSION.pick('id')
  .and(PAIR)
  .and(columns<{ readonly reenteredAt: Date | null }>({ reenteredAt: 'timestamptz' }));

/** The next pair of a session. `reenteredAt`: the instant of a re-entry, which ends step-up (no fresh proof). */
export type Rotation = RowOf<typeof ROTATION>;

export interface Slide {
  readonly sessionId: string;
  readonly accessDigest: Buffer;
  readonly usedAt: Date;
  readonly deadline: Date;
}

export const SLIDE = columns<Slide>({
  sessionId: 'uuid',
  accessDigest: 'bytea',
  usedAt: 'timestamptz',
  deadline: 'timestamptz',
});
