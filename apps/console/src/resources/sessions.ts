import { texts } from '../texts';
import { page } from '../ui/resource';

export const sessions = page('sessions', texts.sessions.title, [
  {
    list: 'listOwnSessions',
    columns: ['sessionId', 'current', 'beganAt', 'expiresAt', 'endsAt'],
    hint: texts.sessions.note,
    acts: [{ op: 'endOwnSession' }],
  },
  { read: 'readOwnPrincipal', only: ['principalId', 'name', 'providerSubject', 'scopes'] },
]);
