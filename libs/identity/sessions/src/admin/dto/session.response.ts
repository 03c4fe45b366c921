import { OmitType } from '@nestjs/swagger';
import { Flag, Id, Instant, ListOf, OneOf, Text, PageOf } from '@countersign/http';
import { SessionResponse } from '../../dto/session.response';
import { loginMethodsInUse, endReasons, type LoginMethod, type EndReason } from '../../session';

const sessionStates = ['live', 'ended'] as const;
type SessionState = (typeof sessionStates)[number];

export class SessionOpenidClientResponse {
  @Id('The id of the client.')
  clientId: string;

  @Text('The name of the client at the time of the sign-in.', 'Wiki')
  name: string;

  @Flag('Whether the client signed in a device.', false)
  isDevice: boolean;
}

/** A session for operators: no sealed field and no device name. */
export class AdminSessionResponse extends OmitType(SessionResponse, ['deviceName', 'current']) {
  @Id('The account that it belongs to.')
  userId: string;

  @Id('The identity that opened it; null when that has left the account.', undefined, { nullable: true })
  identityId: string | null;

  @OneOf(sessionStates, 'One that ran out has ended.', 'live', { name: 'SessionState' })
  state: SessionState;

  @Text(
    '`browser` or `device` if OpenID clients signed in through it: they are in `openidClients`. Otherwise the same as ' +
      '`door`, or `other`.',
    'telegram-init-data',
  )
  kind: string;

  @ListOf(SessionOpenidClientResponse, 'The OpenID clients that signed in through this session.')
  openidClients: readonly SessionOpenidClientResponse[];

  @OneOf(
    loginMethodsInUse.names,
    'The login method; `null` while no feature in use has it. The session opens nothing then.',
    'telegram-init-data',
    {
      nullable: true,
    },
  )
  door: LoginMethod | null;

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

  @Text(
    'Who ended the session: `principal:`, `operator:`, `application:` or `session:` with an id or a name, `person`, or `system`. ' +
      '`null` if the session is live, or if it has expired.',
    null,
    { nullable: true },
  )
  endedBy: string | null;
}

export class AdminSessionPageResponse extends PageOf(AdminSessionResponse, 'Newest first.') {}
