import { ApiProperty } from '@nestjs/swagger';
import { NextCursor } from '@countersign/admin';
import { earliest } from '@countersign/clock';
import { assurances, doorNames, endOf, endReasons, lastProofOf, lastUseOf } from '../../session';
import type { Assurance, DoorName, EndReason } from '../../session';
import { sessionStates, type ListedSession, type SessionState } from '../listed-session';

const SESSION_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
const INSTANT = '2026-11-20T08:00:00.000Z';

/** A session as operators see it: nothing that is sealed, and no name of a device. */
export class AdminSessionResponse {
  @ApiProperty({ format: 'uuid', description: 'The id of the session.', example: SESSION_ID })
  sessionId: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The account that it belongs to.',
    example: '0199a3c5-0d52-7c6e-b1f4-6a0e6b0f7c21',
  })
  userId: string;

  @ApiProperty({
    format: 'uuid',
    description: 'The application that it is for.',
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  applicationId: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The identity that opened it; null when that has left the account.',
    example: '0199a3c5-0d53-7f0b-9a3d-52b6f7a1c0de',
  })
  identityId: string | null;

  @ApiProperty({
    enum: [...sessionStates],
    enumName: 'SessionState',
    description: 'Whether it still lives; one that ran out has ended.',
    example: 'live',
  })
  state: SessionState;

  @ApiProperty({
    enum: [...assurances],
    description: 'How hard the proof that opened it is to forge.',
    example: 'platform',
  })
  assurance: Assurance;

  @ApiProperty({
    type: String,
    enum: [...doorNames],
    nullable: true,
    description: 'By which proof it was opened; null where that was not stored.',
    example: 'telegram-init-data',
  })
  door: DoorName | null;

  @ApiProperty({
    type: [String],
    description: 'What it may do in its application.',
    example: ['orders:read'],
  })
  scopes: readonly string[];

  @ApiProperty({ description: 'Whether every use needs a proof of its device key.', example: false })
  isBound: boolean;

  @ApiProperty({
    description: 'Whether it rests on a bot that the application merely allows.',
    example: false,
  })
  isOfAllowedBot: boolean;

  @ApiProperty({ format: 'date-time', description: 'When it was opened.', example: INSTANT })
  createdAt: string;

  @ApiProperty({
    format: 'date-time',
    description: 'When a proof of the person was last verified.',
    example: INSTANT,
  })
  authenticatedAt: string;

  @ApiProperty({ format: 'date-time', description: 'To the minute.', example: '2026-11-20T09:30:00.000Z' })
  lastUsedAt: string;

  @ApiProperty({
    format: 'date-time',
    description: 'When it ends unless it is refreshed before.',
    example: '2026-12-20T08:00:00.000Z',
  })
  expiresAt: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'The end of its step-up; null when there was none.',
    example: null,
  })
  stepUpExpiresAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the proof that opened it was last presented without its device key.',
    example: null,
  })
  refusedReentryAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When it ended, or ran out; null while it lives.',
    example: null,
  })
  endedAt: string | null;

  @ApiProperty({
    type: String,
    enum: [...endReasons, 'absolute'],
    nullable: true,
    description: 'Why it ended: `idle` and `absolute` for one that ran out; null while it lives.',
    example: null,
  })
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

export class AdminSessionPageResponse {
  @ApiProperty({ type: [AdminSessionResponse], description: 'Newest first.' })
  items: readonly AdminSessionResponse[];

  @NextCursor()
  nextCursor: string | null;
}
