import type { Row } from '../api';
import { endedSessions, erasure } from '../foresights';
import { FindPerson } from '../pages/find';
import { texts, wordOf } from '../texts';
import { resource } from '../ui/resource';

const isActive = ({ status }: Row): boolean => status === 'active';
const ofIdentity = endedSessions((session, { identityId }) => session['identityId'] === identityId);
function withClients(session: Row): Row {
  const clients = (session['openidClients'] as readonly Row[]).map(({ name }) => String(name));
  if (clients.length === 0) return session;
  return { ...session, kind: `${wordOf('kind', String(session['kind']))}: ${clients.join(', ')}` };
}
const isErasing = ({ erasesAt }: Row): boolean => typeof erasesAt === 'string';

export const people = resource({
  path: 'people',
  list: 'listUsers',
  columns: ['userId', 'providers', 'status', 'lastSeenOn', 'createdAt'],
  filters: ['status'],
  beside: [{ title: texts.find.title, scope: 'users:lookup', body: () => <FindPerson /> }],
  read: 'readUser',
  called: ({ userId, providers }) =>
    `${texts.account} …${String(userId).slice(-8)} (${(providers as readonly string[]).map((each) => wordOf('provider', each)).join(', ')})`,
  lead: ['lastSeenOn'],
  without: ['identityCount', 'providers'],
  acts: [
    { op: 'deactivateUser', when: isActive, foresight: endedSessions() },
    { op: 'activateUser', when: (user) => !isActive(user) },
    { op: 'endUserSessions', foresight: endedSessions() },
    { op: 'revealUser', fields: ['reason', 'fields'], isBrief: true, show: (body) => body },
    { op: 'exportUser', file: ({ userId }) => `person-${String(userId)}.json` },
    {
      op: 'eraseUser',
      fields: ['reason', 'forfeit'],
      asked: { field: 'forfeit', code: 'account.forfeit_not_named' },
      foresight: erasure,
      isDanger: true,
      isMain: true,
      when: (user) => !isErasing(user),
    },
    { op: 'cancelUserErasure', isMain: true, when: isErasing },
  ],
  sections: [
    {
      list: 'listUserSessions',
      columns: [
        ...['kind', 'applicationId', 'state', 'endReason', 'endedBy'],
        ...['lastUsedAt', 'createdAt', 'sessionId'],
      ],
      shown: withClients,
      acts: [{ op: 'endSession', isDanger: true, when: ({ state }) => state === 'live' }],
    },
    {
      ...{ list: 'listIdentities', query: ['userId'] },
      columns: ['provider', 'environment', 'isFounding', 'attachedAt', 'attachedBy', 'identityId'],
      acts: [
        {
          ...{ op: 'detachIdentity', isDanger: true, show: (body) => body, foresight: ofIdentity },
          when: ({ isFounding, attachedBy }) => isFounding !== true && attachedBy !== 'merge',
        },
        {
          ...{ op: 'detachIdentity', as: 'separateMerge', isDanger: true, show: (body) => body },
          when: ({ isFounding, attachedBy }) => isFounding !== true && attachedBy === 'merge',
        },
      ],
    },
    {
      list: 'listTeams',
      query: ['userId'],
      columns: ['name', 'applicationId', 'memberCount', 'createdAt', 'teamId'],
    },
    {
      ...{ list: 'listWallets', query: ['userId'] },
      columns: ['walletId', 'kind', 'provider', 'chainId', 'isPrimary', 'canSignIn', 'linkedAt'],
      acts: [{ op: 'unlinkWallet', when: ({ kind }) => kind !== 'embedded', foresight: ofIdentity }],
    },
    {
      ...{ list: 'listAuditRecords', as: 'history', query: ['userId'] },
      columns: ['occurredAt', 'action', 'actor', 'applicationId', 'details'],
    },
  ],
});
