import { ApiProperty } from '@nestjs/swagger';
import { assurances, type Assurance } from '../session';

export class SessionResponse {
  @ApiProperty({
    description: 'The id of the session.',
    format: 'uuid',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  sessionId: string;

  @ApiProperty({
    description: 'The application that the session is for.',
    format: 'uuid',
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  applicationId: string;

  @ApiProperty({
    description: 'The name that the client gave its device at sign-in.',
    type: String,
    nullable: true,
    example: 'Pixel 9',
  })
  deviceName: string | null;

  @ApiProperty({
    description: 'How hard the proof that opened the session is to forge.',
    enum: assurances,
    example: 'platform',
  })
  assurance: Assurance;

  @ApiProperty({
    description: 'When the session was opened.',
    format: 'date-time',
    example: '2026-11-20T08:00:00.000Z',
  })
  createdAt: string;

  @ApiProperty({ format: 'date-time', description: 'To the minute.', example: '2026-11-20T09:30:00.000Z' })
  lastUsedAt: string;

  @ApiProperty({
    format: 'date-time',
    description: 'Unless it is refreshed before.',
    example: '2026-12-20T08:00:00.000Z',
  })
  expiresAt: string;

  @ApiProperty({ description: 'Whether it is the caller’s session.', example: true })
  current: boolean;

  @ApiProperty({ description: 'Whether every use needs a proof of its device key.', example: false })
  isBound: boolean;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the proof that opened the session was last presented without its device key.',
    example: null,
  })
  refusedReentryAt: string | null;
}

export class SessionPage {
  @ApiProperty({ description: 'The sessions, newest first.', type: [SessionResponse] })
  items: readonly SessionResponse[];

  @ApiProperty({
    description: '`cursor` of the next page; null on the last page.',
    type: String,
    nullable: true,
    example: null,
  })
  nextCursor: string | null;
}
