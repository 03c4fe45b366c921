import type { ReactNode } from 'react';
import { call, inPath, type Row } from '../api';
import { hrefOf } from '../router';
import { useMay } from '../session';
import { texts } from '../texts';
import { useRound } from '../use-loaded';
import { Act, listOf } from '../ui/act';
import { useAmounts } from '../ui/amounts';
import { Card } from '../ui/basics';
import { List } from '../ui/list';
import { One } from '../ui/one';
import { Facts } from '../ui/values';
import { CreateBoard } from './operations/boards';
import { AddBot } from './operations/bot-acts';
import { CreateListing } from './operations/listings';
import { Secrets } from './operations/secrets';

const { applications } = texts;

const forField = {
  name: 'for',
  label: applications.systems,
  hint: applications.systemsHint,
  isOptional: true,
};

export function Applications(): ReactNode {
  const [round, reloadList] = useRound();
  return (
    <>
      <h1>{applications.title}</h1>
      <Card
        title={applications.title}
        acts={
          <Act
            scope="applications:write"
            label={applications.create}
            consequence={applications.createText}
            fields={[
              { name: 'name', label: applications.name },
              {
                name: 'trust',
                label: applications.trust,
                options: ['first-party', 'third-party'],
              },
              {
                name: 'origins',
                label: applications.origins,
                hint: applications.onePerLine,
                rows: 3,
                isOptional: true,
              },
              forField,
            ]}
            run={({ name, trust, origins, for: systems }, idempotencyKey) =>
              call('POST', '/v1/admin/applications', {
                idempotencyKey,
                body: { name, trust, origins: listOf(origins), for: listOf(systems) },
              })
            }
            show={({ body }) => {
              const { applicationId, name, allowed } = body['application'] as Row;
              return { applicationId, name, ...(body['secret'] as Row), allowed };
            }}
            onDone={reloadList}
          />
        }
      >
        <List
          round={round}
          path="/v1/admin/applications"
          label={applications.title}
          columns={['applicationId', 'name', 'trust', 'createdAt']}
        />
      </Card>
    </>
  );
}

export function Application({ applicationId }: { readonly applicationId: string }): ReactNode {
  const may = useMay();
  const [round, reloadList] = useRound();
  const path = `/v1/admin/applications/${inPath(applicationId)}`;
  return (
    <One path={path} list={['applications', applications.title]} title={applications.one}>
      {({ body: { settings, effectiveSettings, ...facts } }, reload) => (
        <>
          <Card
            title={applications.one}
            acts={
              <div className="row">
                <CreateBoard applicationId={applicationId} onDone={reload} />
                <CreateListing applicationId={applicationId} onDone={reload} />
                <Act
                  scope="applications:write"
                  label={applications.rename}
                  consequence={applications.renameText}
                  fields={[{ name: 'name', label: applications.name }]}
                  run={({ name }, idempotencyKey) => call('PATCH', path, { idempotencyKey, body: { name } })}
                  onDone={reload}
                />
                <Act
                  scope="applications:write"
                  label={applications.addSystems}
                  consequence={applications.addSystemsText}
                  fields={[forField]}
                  run={({ for: systems }, idempotencyKey) =>
                    call('PATCH', path, { idempotencyKey, body: { for: listOf(systems) } })
                  }
                  show={({ body: { allowed } }) => ({ allowed })}
                  onDone={reload}
                />
              </div>
            }
          >
            <Facts of={facts} />
          </Card>
          <Card
            title={applications.settings}
            acts={
              may('applications:write') ? (
                <a className="button" href={hrefOf('applications', applicationId, 'settings')}>
                  {applications.change}
                </a>
              ) : null
            }
          >
            <SettingsOf of={(effectiveSettings ?? settings) as Row} />
          </Card>
          {may('applications:read') ? (
            <Card
              title={applications.bots}
              acts={<AddBot applicationId={applicationId} onDone={reloadList} />}
            >
              <List
                round={round}
                path="/v1/admin/bots"
                label={applications.bots}
                query={{ applicationId }}
                columns={['id', 'username', 'botId', 'provider', 'environment', 'status']}
                acts={({ id }) => <a href={hrefOf('bots', String(id))}>{texts.show}</a>}
              />
            </Card>
          ) : null}
          <Secrets
            path={`${path}/secrets`}
            scope="secrets:write"
            columns={['name', 'secretId', 'createdAt']}
            fields={[{ name: 'name', label: texts.secrets.name }]}
          />
        </>
      )}
    </One>
  );
}

function SettingsOf({ of }: { readonly of: Row }): ReactNode {
  return <Facts of={useAmounts()(of)} />;
}
