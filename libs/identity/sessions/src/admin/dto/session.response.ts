import { AdminPageOf } from '@countersign/admin';
import { earliest } from '@countersign/clock';
import { Flag, Id, Instant, OneOf, Text } from '@countersign/http';
import {
  assurances,
  doorNames,
  endOf,
  endReasons,
  lastProofOf,
  lastUseOf,
  type Assurance,
  type DoorName,
  type EndReason,
} from '../../session';
import { sessionStates, type ListedSession, type SessionState } from '../listed-session';

const INSTANT = '2026-11-20T08:00:00.000Z';

/** A session as operators see it: nothing that is sealed, and no name of a device. */
export class AdminSessionResponse {
  @Id('The id of the session.')
  sessionId: string;

  @Id('The account that it belongs to.', '0199a3c5-0d52-7c6e-b1f4-6a0e6b0f7c21')
  userId: string;

  @Id('The application that it is for.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42')
  applicationId: string;

  @Id(
    'The identity that opened it; null when that has left the account.',
    '0199a3c5-0d53-7f0b-9a3d-52b6f7a1c0de',
    { nullable: true },
  )
  identityId: string | null;

  @OneOf(sessionStates, 'Whether it still lives; one that ran out has ended.', 'live', {
    name: 'SessionState',
  })
  state: SessionState;

  @OneOf(assurances, 'How hard the proof that opened it is to forge.', 'platform')
  assurance: Assurance;

  @OneOf(doorNames, 'By which proof it was opened; null where that was not stored.', 'telegram-init-data', {
    nullable: true,
  })
  door: DoorName | null;

  @Text('What it may do in its application.', ['orders:read'], { list: {} })
  scopes: readonly string[];

  @Flag('Whether every use needs a proof of its device key.', false)
  isBound: boolean;

  @Flag('Whether it rests on a bot that the application merely allows.', false)
  isOfAllowedBot: boolean;

  @Instant('When it was opened.', INSTANT)
  createdAt: string;

  @Instant('When a proof of the person was last verified.', INSTANT)
  authenticatedAt: string;

  @Instant('To the minute.', '2026-11-20T09:30:00.000Z')
  lastUsedAt: string;

  @Instant('When it ends unless it is refreshed before.', '2026-12-20T08:00:00.000Z')
  expiresAt: string;

  @Instant('The end of its step-up; null when there was none.', null, { nullable: true })
  stepUpExpiresAt: string | null;

  @Instant('When the proof that opened it was last presented without its device key.', null, {
    nullable: true,
  })
  refusedReentryAt: string | null;

  @Instant('When it ended, or ran out; null while it lives.', null, { nullable: true })
  endedAt: string | null;

  @OneOf(
    [...endReasons, 'absolute'],
    'Why it ended: `idle` and `absolute` for one that ran out; null while it lives.',
    null,
    { nullable: true },
  )
  endReason: EndReason | 'absolute' | null;

  static of(session: ListedSession, now: Date): AdminSessionResponse {
    const { id, userId, applicationId, identityId, assurance, door, scopes, isOfAllowedBot } = session;
    const endReason = endOf(session, now);
    const expiresAt = earliest(session.idleExpiresAt, session.expiresAt);
    return {
      sessionId: id,
      userId,
      applicationId,
      identityId,
      state: endReason === null ? 'live' : 'ended',
      assurance,
      // One of a later version is unknown to this one.
      door: doorNames.find((name) => name === door) ?? null,
      scopes,
      isBound: session.deviceKeyThumbprint !== null,
      isOfAllowedBot,
      createdAt: session.createdAt.toISOString(),
      authenticatedAt: lastProofOf(session).toISOString(),
      lastUsedAt: lastUseOf(session).toISOString(),
      expiresAt: expiresAt.toISOString(),
      stepUpExpiresAt: session.stepUpExpiresAt?.toISOString() ?? null,
      refusedReentryAt: session.reentryRefusedAt?.toISOString() ?? null,
      endedAt: endReason === null ? null : (session.endedAt ?? expiresAt).toISOString(),
      endReason,
    };
  }
}

export class AdminSessionPageResponse extends AdminPageOf(AdminSessionResponse, 'Newest first.') {}
