import { OmitType } from '@nestjs/swagger';
import { Flag, Id, Instant, OneOf, Text, PageOf } from '@countersign/http';
import { SessionResponse } from '../../dto/session.response';
import { doorNames, endReasons, type DoorName, type EndReason } from '../../session';

const sessionStates = ['live', 'ended'] as const;
type SessionState = (typeof sessionStates)[number];

/** A session as operators see it: nothing that is sealed, and no name of a device. */
export class AdminSessionResponse extends OmitType(SessionResponse, ['deviceName', 'current']) {
  @Id('The account that it belongs to.')
  userId: string;

  @Id('The identity that opened it; null when that has left the account.', undefined, { nullable: true })
  identityId: string | null;

  @OneOf(sessionStates, 'One that ran out has ended.', 'live', { name: 'SessionState' })
  state: SessionState;

  @OneOf(doorNames, 'Its proof; null where no longer offered.', 'telegram-init-data', { nullable: true })
  door: DoorName | null;

  @Text('What it may do in its application.', ['orders:read'], { list: {} })
  scopes: readonly string[];

  @Flag('Whether it rests on a bot that the application merely allows.', false)
  isOfAllowedBot: boolean;

  @Instant('When a proof of the person was last verified.')
  authenticatedAt: string;

  @Instant('The end of its step-up; null when there was none.', null, { nullable: true })
  stepUpExpiresAt: string | null;

  @Instant('When it ended, or ran out; null while it lives.', null, { nullable: true })
  endedAt: string | null;

  @OneOf([...endReasons, 'absolute'], 'Why it ended; null while it lives.', null, { nullable: true })
  endReason: EndReason | 'absolute' | null;
}

export class AdminSessionPageResponse extends PageOf(AdminSessionResponse, 'Newest first.') {}
