import type { ReactNode } from 'react';
import { call, inPath } from '../api';
import { hrefOf } from '../router';
import { useMay } from '../session';
import { texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Act } from '../ui/act';
import { Card, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { Facts } from '../ui/values';

const { applications } = texts;

export function Applications(): ReactNode {
  return (
    <>
      <h1>{applications.title}</h1>
      <Card title={applications.title}>
        <List
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
        <Card title={applications.bots}>
          <List
            path="/v1/admin/bots"
            label={applications.bots}
            query={{ applicationId }}
            columns={['id', 'username', 'botId', 'provider', 'environment', 'status']}
            acts={({ id }) => <a href={hrefOf('bots', String(id))}>{texts.show}</a>}
          />
        </Card>
      ) : null}
    </>
  );
}
