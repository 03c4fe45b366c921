import type { ReactNode } from 'react';
import { inPath, readPage, type Row } from '../api';
import { texts } from '../texts';
import { Loading, Problem } from '../ui/basics';
import type { Of } from '../ui/list';
import { resource } from '../ui/resource';
import { Value } from '../ui/values';
import { useLoaded } from '../use-loaded';

function ApplicationsOf({ params }: Of): ReactNode {
  const path = `/v1/admin/users/${inPath(params['userId'])}/sessions`;
  const { value, refusal, reload } = useLoaded(path, (signal) =>
    readPage(path, { signal, query: { limit: '200' } }),
  );
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (!value) return <Loading />;
  const ids = new Set(value.items.map(({ applicationId }) => applicationId));
  return (
    <>
      <p className="hint">{texts.person.applicationsText}</p>
      <Value name="applicationId" value={[...ids]} />
    </>
  );
}

const isActive = ({ status }: Row): boolean => status === 'active';
const isErasing = ({ erasesAt }: Row): boolean => typeof erasesAt === 'string';

export const people = resource({
  path: 'people',
  read: 'readUser',
  acts: [
    { op: 'deactivateUser', isDanger: true, when: isActive },
    { op: 'activateUser', when: (user) => !isActive(user) },
    { op: 'endUserSessions', isDanger: true },
    { op: 'revealUser', fields: ['reason', 'fields'], isBrief: true, show: (body) => body },
    { op: 'exportUser', file: ({ userId }) => `person-${String(userId)}.json` },
    { op: 'eraseUser', fields: ['reason', 'forfeit'], isDanger: true, when: (user) => !isErasing(user) },
    { op: 'cancelUserErasure', when: isErasing },
  ],
  isTabbed: true,
  sections: [
    {
      list: 'listUserSessions',
      columns: ['sessionId', 'state', 'applicationId', 'door', 'createdAt', 'lastUsedAt'],
      acts: [{ op: 'endSession', isDanger: true, when: ({ state }) => state === 'live' }],
    },
    {
      ...{ list: 'listIdentities', query: ['userId'] },
      columns: ['identityId', 'provider', 'environment', 'isFounding', 'attachedAt', 'attachedBy'],
      acts: [
        {
          ...{ op: 'detachIdentity', isDanger: true, show: (body) => body },
          when: ({ isFounding, attachedBy }) => isFounding !== true && attachedBy !== 'merge',
        },
        {
          ...{ op: 'detachIdentity', as: 'separateMerge', isDanger: true, show: (body) => body },
          when: ({ isFounding, attachedBy }) => isFounding !== true && attachedBy === 'merge',
        },
      ],
    },
    { title: texts.person.applications, scope: 'sessions:read', body: (of) => <ApplicationsOf {...of} /> },
    {
      list: 'listTeams',
      query: ['userId'],
      columns: ['teamId', 'name', 'applicationId', 'memberCount', 'createdAt'],
    },
    {
      list: 'listUserWallets',
      columns: ['walletId', 'kind', 'provider', 'chainId', 'isPrimary', 'canSignIn', 'linkedAt'],
      acts: [{ op: 'unlinkWallet', when: ({ kind }) => kind !== 'embedded' }],
    },
    {
      list: 'listAuditRecords',
      query: ['userId'],
      columns: ['occurredAt', 'action', 'actor', 'subject', 'applicationId', 'details'],
    },
  ],
});
