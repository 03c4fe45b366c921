import { Id, OneOf, PageQuery } from '@countersign/http';
import { sessionStates, type SessionState } from '../listed-session';

/** Filters of the sessions of one account: no index serves them alone. */
export class UserSessionsQuery extends PageQuery {
  @Id('Sessions for this application.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42', { input: 'optional' })
  applicationId?: string;

  @OneOf(sessionStates, 'Whether they still live.', 'live', { input: 'optional' })
  state?: SessionState;
}
