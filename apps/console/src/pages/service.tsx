import type { ReactNode } from 'react';
import { call, inPath, type Answer } from '../api';
import { useMay } from '../session';
import { texts } from '../texts';
import { useLoaded, useRound } from '../use-loaded';
import { Act } from '../ui/act';
import { Card, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { Facts } from '../ui/values';

const { service } = texts;

export function Service(): ReactNode {
  const may = useMay();
  const [round, reloadList] = useRound();
  return (
    <>
      <h1>{service.title}</h1>
      <div className="columns">
        <Read title={service.readiness} path="/health/ready" informing={503} />
        {may('installation:read') ? (
          <Read title={service.installation} path="/v1/admin/installation" />
        ) : null}
      </div>
      {may('jobs:read') ? (
        <Card title={service.jobs}>
          <List
            isWhole
            path="/v1/admin/jobs"
            label={service.jobs}
            columns={['name', 'cron', 'scheduledAt', 'lastSucceededAt', 'isOverdue']}
            acts={({ name }, reload) => (
              <Act
                scope="jobs:run"
                label={service.run}
                consequence={service.runText}
                run={(_, idempotencyKey): Promise<Answer> =>
                  call('POST', `/v1/admin/jobs/${inPath(name)}/run`, { idempotencyKey })
                }
                onDone={reload}
              />
            )}
          />
        </Card>
      ) : null}
      {may('identity-keys:read') ? (
        <Card
          title={service.keys}
          acts={
            <Act
              scope="identity-keys:write"
              label={service.rotate}
              consequence={service.rotateText}
              run={(_, idempotencyKey) => call('POST', '/v1/admin/identity-keys/rotate', { idempotencyKey })}
              onDone={reloadList}
            />
          }
        >
          <List
            isWhole
            round={round}
            path="/v1/admin/identity-keys"
            label={service.keys}
            columns={['kid', 'algorithm', 'state', 'createdAt', 'signsFromAt']}
          />
        </Card>
      ) : null}
      <p className="hint">
        <a href="/console/files/licences.txt">{service.licences}</a>
      </p>
    </>
  );
}

interface ReadProps {
  readonly title: string;
  readonly path: string;
  readonly informing?: number;
}

function Read({ title, path, informing }: ReadProps): ReactNode {
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal, informing }));
  return (
    <Card title={title}>
      {refusal ? (
        <Problem refusal={refusal} retry={reload} />
      ) : value ? (
        <Facts of={value.body} />
      ) : (
        <Loading />
      )}
    </Card>
  );
}
