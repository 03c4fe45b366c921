import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { call, inPath, readPage } from '../api';
import { useMay } from '../session';
import { labelOf, texts } from '../texts';
import { useLoaded, useRound } from '../use-loaded';
import { Act, type ActProps } from '../ui/act';
import { Card, Loading, Problem } from '../ui/basics';
import { List, type ListProps } from '../ui/list';
import { Facts, Value } from '../ui/values';
import { BackToFind } from './find';
import { PersonActs } from './people/person-acts';

const { person } = texts;
type TabOfPerson = 'sessions' | 'identities' | 'applications' | 'teams' | 'wallets' | 'audit';
type ListOfPerson = Pick<ListProps, 'columns'> & Partial<ListProps>;
/** The most recent sessions whose applications are counted. */
const MAX_SESSIONS = '200';

export function Person({ userId }: { readonly userId: string }): ReactNode {
  const may = useMay();
  const path = `/v1/admin/users/${inPath(userId)}`;
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }));
  const [round, reloadList] = useRound();
  const reloadAll = (): void => {
    reload();
    reloadList();
  };
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (!value) return <Loading />;
  const { body: user } = value;
  const one = (
    scope: string,
    [label, consequence]: readonly [label: string, consequence: string],
    method: string,
    at: string,
    show?: ActProps['show'],
  ): ReactNode => (
    <Act
      scope={scope}
      label={label}
      consequence={consequence}
      isDanger
      run={(_, idempotencyKey) => call(method, `/v1/admin/${at}`, { idempotencyKey })}
      onDone={reloadAll}
      {...(show ? { show } : {})}
    />
  );
  const lists: readonly (readonly [id: TabOfPerson, scope: string, list: ListOfPerson | null])[] = [
    [
      'sessions',
      'sessions:read',
      {
        columns: ['sessionId', 'state', 'applicationId', 'door', 'createdAt', 'lastUsedAt'],
        acts: ({ sessionId, state }) =>
          state === 'live'
            ? one('sessions:end', [person.end, person.endText], 'POST', `sessions/${inPath(sessionId)}/end`)
            : null,
      },
    ],
    [
      'identities',
      'identities:read',
      {
        columns: [
          ...['identityId', 'provider', 'environment', 'isFounding'],
          ...['attachedAt', 'attachedBy'],
        ],
        acts: ({ identityId, isFounding, attachedBy }) =>
          isFounding === true
            ? null
            : one(
                'identities:write',
                attachedBy === 'merge'
                  ? [person.separateMerge, person.separateMergeText]
                  : [person.detach, person.detachText],
                'POST',
                `identities/${inPath(identityId)}/detach`,
                ({ body }) => body,
              ),
      },
    ],
    ['applications', 'sessions:read', null],
    ['teams', 'teams:read', { columns: ['teamId', 'name', 'role', 'state', 'applicationId', 'joinedAt'] }],
    [
      'wallets',
      'wallets:read',
      {
        columns: ['walletId', 'kind', 'provider', 'chainId', 'isPrimary', 'canSignIn', 'linkedAt'],
        acts: ({ walletId, kind }) =>
          kind === 'embedded'
            ? null
            : one(
                'wallets:write',
                [person.unlink, person.unlinkText],
                'DELETE',
                `wallets/${inPath(walletId)}`,
              ),
      },
    ],
    [
      'audit',
      'audit:read',
      {
        path: '/v1/admin/audit',
        query: { userId },
        columns: ['occurredAt', 'action', 'actor', 'subject', 'applicationId', 'details'],
      },
    ],
  ];
  const shown = lists.filter(([, scope]) => may(scope));
  return (
    <>
      <p className="hint">
        <BackToFind /> /
      </p>
      <h1>{person.title}</h1>
      <Card title={person.account} acts={<PersonActs path={path} user={user} onDone={reloadAll} />}>
        <Facts of={user} />
      </Card>
      {shown.length === 0 ? null : (
        <Tabs className="tabs">
          <TabList aria-label={person.title}>
            {shown.map(([id]) => (
              <Tab key={id} id={id}>
                {person[id]}
              </Tab>
            ))}
          </TabList>
          {shown.map(([id, , list]) => (
            <TabPanel key={id} id={id} className="card">
              {list ? (
                <List path={`${path}/${id}`} label={person[id]} round={round} {...list} />
              ) : (
                <ApplicationsOf path={path} />
              )}
            </TabPanel>
          ))}
        </Tabs>
      )}
    </>
  );
}

function ApplicationsOf({ path }: { readonly path: string }): ReactNode {
  const { value, refusal, reload } = useLoaded(`${path} applications`, (signal) =>
    readPage(`${path}/sessions`, { signal, query: { limit: MAX_SESSIONS } }),
  );
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (!value) return <Loading />;
  const counts = new Map<unknown, number>();
  for (const { applicationId } of value.items)
    counts.set(applicationId, (counts.get(applicationId) ?? 0) + 1);
  return (
    <>
      <p className="hint">{person.applicationsText}</p>
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
