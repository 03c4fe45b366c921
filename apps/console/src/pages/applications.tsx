import { useState, type ReactNode } from 'react';
import { call, inPath, type Row } from '../api';
import { hrefOf } from '../router';
import { useMay } from '../session';
import { texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Act, listOf } from '../ui/act';
import { Card, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { Facts } from '../ui/values';
import { AddBot } from './operations/bot-acts';
import { Secrets } from './operations/secrets';

const { applications } = texts;

export function Applications(): ReactNode {
  const [round, setRound] = useState(0);
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
            ]}
            run={({ name, trust, origins }, idempotencyKey) =>
              call('POST', '/v1/admin/applications', {
                idempotencyKey,
                body: { name, trust, origins: listOf(origins) },
              })
            }
            show={({ body }) => {
              const { applicationId, name } = body['application'] as Row;
              return { applicationId, name, ...(body['secret'] as Row) };
            }}
            onDone={() => {
              setRound((before) => before + 1);
            }}
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
  const [round, setRound] = useState(0);
  const path = `/v1/admin/applications/${inPath(applicationId)}`;
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }));
  if (refusal) return <Problem refusal={refusal} />;
  if (!value) return <Loading />;
  const { settings, effectiveSettings, ...facts } = value.body;
  return (
    <>
      <p className="hint">
        <a href={hrefOf('applications')}>{applications.title}</a> /
      </p>
      <h1>{applications.one}</h1>
      <Card
        title={applications.one}
        acts={
          <Act
            scope="applications:write"
            label={applications.rename}
            consequence={applications.renameText}
            fields={[{ name: 'name', label: applications.name }]}
            run={({ name }, idempotencyKey) =>
              call('PATCH', path, { idempotencyKey, etag: value.etag, body: { name } })
            }
            onDone={reload}
          />
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
        <Facts of={(effectiveSettings ?? settings) as Readonly<Record<string, unknown>>} />
      </Card>
      {may('applications:read') ? (
        <Card
          title={applications.bots}
          acts={
            <AddBot
              applicationId={applicationId}
              onDone={() => {
                setRound((before) => before + 1);
              }}
            />
          }
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
  );
}
