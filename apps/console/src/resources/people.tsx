import { type Row, inPath, readPage } from '../api';
import { texts, labelOf } from '../texts';
import { resource } from '../ui/resource';
import type { ReactNode } from 'react';
import { useLoaded } from '../use-loaded';
import { Loading, Problem } from '../ui/basics';
import type { Of } from '../ui/list';
import { Value } from '../ui/values';

/** The most recent sessions whose applications are counted. */
const MAX_SESSIONS = '200';

function ApplicationsOf({ params }: Of): ReactNode {
  const path = `/v1/admin/users/${inPath(params['userId'])}/sessions`;
  const { value, refusal, reload } = useLoaded(path, (signal) =>
    readPage(path, { signal, query: { limit: MAX_SESSIONS } }),
  );
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (!value) return <Loading />;
  const counts = new Map<unknown, number>();
  for (const { applicationId } of value.items)
    counts.set(applicationId, (counts.get(applicationId) ?? 0) + 1);
  return (
    <>
      <p className="hint">{texts.person.applicationsText}</p>
      {counts.size === 0 ? <p className="hint">{texts.nothing}</p> : null}
      <dl className="facts">
        {[...counts].map(([applicationId, count]) => (
          <div key={String(applicationId)}>
            <dt>
              <Value name="applicationId" value={applicationId} />
            </dt>
            <dd>
              {count} {labelOf('sessions').toLowerCase()}
            </dd>
          </div>
        ))}
      </dl>
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
      list: 'listUserIdentities',
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
    {
      title: texts.applications.title,
      scope: 'sessions:read',
      body: (of) => <ApplicationsOf {...of} />,
    },
    { list: 'listUserTeams', columns: ['teamId', 'name', 'role', 'applicationId', 'joinedAt'] },
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
