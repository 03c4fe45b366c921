import { useState, type ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { call, inPath, readPage, type Row } from '../api';
import { useMay } from '../session';
import { labelOf, texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Act, type ActField } from '../ui/act';
import { Card, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { Facts, Value } from '../ui/values';
import { BackToFind } from './find';

const { person } = texts;
const reason: ActField = { name: 'reason', label: person.reason, hint: person.reasonHint };
/** Sessions whose applications are looked through. */
const MAX_SESSIONS = '200';

export function Person({ userId }: { readonly userId: string }): ReactNode {
  const may = useMay();
  const path = `/v1/admin/users/${inPath(userId)}`;
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }));
  const [round, setRound] = useState(0);
  const reloadAll = (): void => {
    reload();
    setRound((before) => before + 1);
  };
  if (refusal) return <Problem refusal={refusal} />;
  if (!value) return <Loading />;
  const { body: user, etag } = value;
  const isActive = user['status'] === 'active';
  const erasing = typeof user['erasesAt'] === 'string';
  const post =
    (act: string, body?: object) => (values: Readonly<Record<string, string>>, idempotencyKey: string) =>
      call('POST', `${path}/${act}`, {
        idempotencyKey,
        etag,
        ...(body ? { body: { ...body, ...values } } : {}),
      });
  const tabs: readonly (readonly [id: string, scope: string, label: string, content: ReactNode])[] = [
    [
      'sessions',
      'sessions:read',
      person.sessions,
      <SessionsOf key="s" path={path} round={round} onDone={reloadAll} />,
    ],
    [
      'identities',
      'identities:read',
      person.identities,
      <IdentitiesOf key="i" path={path} onDone={reloadAll} />,
    ],
    ['applications', 'sessions:read', person.applications, <ApplicationsOf key="p" path={path} />],
    [
      'teams',
      'teams:read',
      person.teams,
      <List
        key="t"
        path={`${path}/teams`}
        label={person.teams}
        columns={['teamId', 'name', 'role', 'state', 'applicationId', 'joinedAt']}
      />,
    ],
    ['wallets', 'wallets:read', person.wallets, <WalletsOf key="w" path={path} />],
    [
      'referrals',
      'referrals:read',
      person.referrals,
      <List
        key="r"
        isWhole
        path={`${path}/referrals`}
        label={person.referrals}
        columns={['applicationId', 'source', 'code', 'referrers', 'counts']}
      />,
    ],
    [
      'audit',
      'audit:read',
      person.audit,
      <List
        key="a"
        path="/v1/admin/audit"
        label={person.audit}
        query={{ userId }}
        round={round}
        columns={['occurredAt', 'action', 'actor', 'subject', 'applicationId', 'details']}
      />,
    ],
  ];
  const shown = tabs.filter(([, scope]) => may(scope));
  return (
    <>
      <p className="hint">
        <BackToFind /> /
      </p>
      <h1>{person.title}</h1>
      <Card
        title={person.account}
        acts={
          <div className="row">
            {isActive ? (
              <Act
                scope="users:write"
                label={person.deactivate}
                consequence={person.deactivateText}
                isDanger
                run={post('deactivate')}
                onDone={reloadAll}
              />
            ) : (
              <Act
                scope="users:write"
                label={person.activate}
                consequence={person.activateText}
                run={post('activate')}
                onDone={reloadAll}
              />
            )}
            <Act
              scope="sessions:end"
              label={person.endAll}
              consequence={person.endAllText}
              isDanger
              run={post('sessions/end')}
              onDone={reloadAll}
            />
            <Reveal path={path} />
            {erasing ? (
              <Act
                scope="users:erase"
                label={person.cancelErasure}
                consequence={person.cancelErasureText}
                fields={[reason]}
                run={post('cancel-erasure', {})}
                onDone={reloadAll}
              />
            ) : (
              <Act
                scope="users:erase"
                label={person.erase}
                consequence={person.eraseText}
                fields={[reason]}
                isDanger
                run={post('erase', {})}
                onDone={reloadAll}
              />
            )}
          </div>
        }
      >
        <Facts of={user} />
      </Card>
      {shown.length === 0 ? null : (
        <Tabs className="tabs">
          <TabList aria-label={person.title}>
            {shown.map(([id, , label]) => (
              <Tab key={id} id={id}>
                {label}
              </Tab>
            ))}
          </TabList>
          {shown.map(([id, , , content]) => (
            <TabPanel key={id} id={id} className="card">
              {content}
            </TabPanel>
          ))}
        </Tabs>
      )}
    </>
  );
}

function Reveal({ path }: { readonly path: string }): ReactNode {
  return (
    <Act
      scope="users:reveal"
      label={person.reveal}
      consequence={person.revealText}
      fields={[{ name: 'fields', label: person.revealFields, hint: person.revealFieldsHint }, reason]}
      run={({ fields = '', reason: why = '' }, idempotencyKey) =>
        call('POST', `${path}/reveal`, {
          idempotencyKey,
          body: { fields: fields.split(/[\s,]+/).filter((field) => field !== ''), reason: why },
        })
      }
      show={({ body }) => body}
    />
  );
}

function SessionsOf({
  path,
  round,
  onDone,
}: {
  readonly path: string;
  readonly round: number;
  readonly onDone: () => void;
}): ReactNode {
  return (
    <List
      path={`${path}/sessions`}
      label={person.sessions}
      round={round}
      columns={['sessionId', 'state', 'applicationId', 'door', 'createdAt', 'lastUsedAt']}
      acts={({ sessionId, state }) =>
        state === 'live' ? (
          <Act
            scope="sessions:end"
            label={person.end}
            consequence={person.endText}
            isDanger
            run={(_, idempotencyKey) =>
              call('POST', `/v1/admin/sessions/${inPath(sessionId)}/end`, { idempotencyKey })
            }
            onDone={onDone}
          />
        ) : null
      }
    />
  );
}

function IdentitiesOf({ path, onDone }: { readonly path: string; readonly onDone: () => void }): ReactNode {
  return (
    <List
      path={`${path}/identities`}
      label={person.identities}
      columns={[
        'identityId',
        'provider',
        'environment',
        'isFounding',
        'attachedAt',
        'attachedBy',
        'unlinksAt',
      ]}
      acts={({ identityId, isFounding }) =>
        isFounding === true ? null : (
          <Act
            scope="identities:write"
            label={person.detach}
            consequence={person.detachText}
            isDanger
            run={(_, idempotencyKey) =>
              call('POST', `/v1/admin/identities/${inPath(identityId)}/detach`, { idempotencyKey })
            }
            onDone={onDone}
          />
        )
      }
    />
  );
}

function WalletsOf({ path }: { readonly path: string }): ReactNode {
  return (
    <List
      path={`${path}/wallets`}
      label={person.wallets}
      columns={['walletId', 'kind', 'provider', 'chainId', 'isPrimary', 'signsIn', 'linkedAt']}
      acts={({ walletId }, reload) => (
        <Act
          scope="wallets:write"
          label={person.unlink}
          consequence={person.unlinkText}
          isDanger
          run={(_, idempotencyKey) =>
            call('DELETE', `/v1/admin/wallets/${inPath(walletId)}`, { idempotencyKey })
          }
          onDone={reload}
        />
      )}
    />
  );
}

function ApplicationsOf({ path }: { readonly path: string }): ReactNode {
  const { value, refusal } = useLoaded(`${path} applications`, (signal) =>
    readPage(`${path}/sessions`, { signal, query: { limit: MAX_SESSIONS } }),
  );
  if (refusal) return <Problem refusal={refusal} />;
  if (!value) return <Loading />;
  const counts = new Map<unknown, number>();
  for (const { applicationId } of value.items as readonly (Row & { applicationId: unknown })[])
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
