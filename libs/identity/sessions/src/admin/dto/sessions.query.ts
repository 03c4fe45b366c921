import { Id, OneOf, PageQuery, requestError } from '@countersign/http';
import { sessionStates, type SessionFilter, type SessionState } from '../listed-session';

const onlyWithUser = 'Only with `userId`: there is no index for it alone.';

/** Filters of lists of sessions: application and state need the user, since no index serves them alone. */
export class SessionsQuery extends PageQuery {
  @Id(
    'Sessions of this account; of a merged one, those of the surviving account.',
    '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
    { input: 'optional' },
  )
  userId?: string;

  @Id(`Sessions for this application. ${onlyWithUser}`, '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42', {
    input: 'optional',
  })
  applicationId?: string;

  @OneOf(sessionStates, `Whether they still live. ${onlyWithUser}`, 'live', { input: 'optional' })
  state?: SessionState;
}

/** Of one person. */
export class UserSessionsQuery extends PageQuery {
  @Id('Sessions for this application.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42', { input: 'optional' })
  applicationId?: string;

  @OneOf(sessionStates, 'Whether they still live.', 'live', { input: 'optional' })
  state?: SessionState;
}

/** @throws AppError request.invalid */
export function sessionFilterOf({ userId, applicationId, state }: SessionsQuery): SessionFilter {
  const needUser = Object.entries({ applicationId, state }).filter(([, value]) => value !== undefined);
  if (userId === undefined && needUser.length > 0)
    throw requestError('request.invalid', {
      fields: needUser.map(([path]) => ({ path, code: 'needs_user', detail: 'needs userId beside it' })),
    });
  return { userId: userId ?? null, applicationId: applicationId ?? null, state: state ?? null };
}
