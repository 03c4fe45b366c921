import { earliest } from '@countersign/runtime';
import { Flag, Id, Instant, OneOf, PageOf, Text } from '@countersign/http';
import { assurances, lastUseOf, type Assurance, type Session } from '../session';

export class SessionResponse {
  @Id('The id of the session.')
  sessionId: string;

  @Id('The application that the session is for.')
  applicationId: string;

  @Text('The name that the client gave its device at sign-in.', 'Pixel 9', { nullable: true })
  deviceName: string | null;

  @OneOf(assurances, 'How hard the proof that opened the session is to forge.', 'platform')
  assurance: Assurance;

  @Instant('When the session was opened.')
  createdAt: string;

  @Instant('To the minute.')
  lastUsedAt: string;

  @Instant('Unless it is refreshed before.')
  expiresAt: string;

  @Flag('Whether it is the caller’s session.', true)
  current: boolean;

  @Flag('Whether every use needs a proof of its device key.', false)
  isBound: boolean;

  @Instant('When its proof was last presented without its device key.', null, { nullable: true })
  refusedReentryAt: string | null;
}

export class SessionPage extends PageOf(SessionResponse, 'The sessions, newest first.') {}

/** The fields for the owner and operators. The class of the answer selects from them. */
export function shownOf(session: Session): Session & {
  readonly sessionId: string;
  readonly lastUsedAt: Date;
  readonly isBound: boolean;
  readonly refusedReentryAt: Date | null;
} {
  return {
    ...session,
    sessionId: session.id,
    lastUsedAt: lastUseOf(session),
    expiresAt: earliest(session.idleExpiresAt, session.expiresAt),
    isBound: session.deviceKeyThumbprint !== null,
    refusedReentryAt: session.reentryRefusedAt,
  };
}
