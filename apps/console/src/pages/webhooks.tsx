import { useState, type ReactNode } from 'react';
import { call, inPath, type Answer, type Row } from '../api';
import { hrefOf } from '../router';
import { texts } from '../texts';
import { useRound } from '../use-loaded';
import { Act, listOf } from '../ui/act';
import { Card, Choice } from '../ui/basics';
import { List } from '../ui/list';
import { One } from '../ui/one';
import { Facts } from '../ui/values';
import { filled } from './operations/secrets';

const { webhooks } = texts;
const scope = 'webhooks:write';
const states = ['pending', 'delivered', 'failed'] as const;

export function Webhooks(): ReactNode {
  const [round, reloadList] = useRound();
  return (
    <>
      <h1>{webhooks.title}</h1>
      <Card
        title={webhooks.title}
        acts={
          <Act
            scope={scope}
            label={webhooks.create}
            consequence={webhooks.createText}
            fields={[
              { name: 'name', label: webhooks.name },
              { name: 'url', label: webhooks.url, hint: webhooks.urlHint },
              { name: 'types', label: webhooks.types, hint: webhooks.typesHint, rows: 4 },
              {
                name: 'applicationIds',
                label: webhooks.applicationIds,
                hint: webhooks.applicationIdsHint,
                rows: 2,
                isOptional: true,
              },
            ]}
            run={({ name, url, types, applicationIds }, idempotencyKey) => {
              const of = listOf(applicationIds);
              return call('POST', '/v1/admin/webhooks', {
                idempotencyKey,
                body: {
                  name,
                  url,
                  types: listOf(types),
                  applicationIds: of.length === 0 ? null : of,
                },
              });
            }}
            show={({ body }) => {
              const { endpointId, name } = body['webhook'] as Row;
              return { endpointId, name, ...(body['secret'] as Row) };
            }}
            onDone={reloadList}
          />
        }
      >
        <List
          round={round}
          path="/v1/admin/webhooks"
          label={webhooks.title}
          columns={['endpointId', 'name', 'url', 'status', 'types']}
        />
      </Card>
    </>
  );
}

export function Webhook({ endpointId }: { readonly endpointId: string }): ReactNode {
  const path = `/v1/admin/webhooks/${inPath(endpointId)}`;
  const [state, setState] = useState('');
  const [round, reloadList] = useRound();
  return (
    <One path={path} list={['webhooks', webhooks.title]} title={webhooks.one}>
      {({ body: endpoint }, reload) => {
        const reloadAll = (): void => {
          reload();
          reloadList();
        };
        const post = (act: string) => (_: unknown, idempotencyKey: string) =>
          call('POST', `${path}/${act}`, { idempotencyKey });
        return (
          <>
            <Card
              title={String(endpoint['name'])}
              acts={
                <div className="row">
                  <Act
                    scope={scope}
                    label={webhooks.test}
                    consequence={webhooks.testText}
                    run={post('test')}
                    show={({ body }) => body}
                    onDone={reloadAll}
                  />
                  {endpoint['status'] === 'active' ? (
                    <Act
                      scope={scope}
                      label={webhooks.disable}
                      consequence={webhooks.disableText}
                      isDanger
                      run={post('disable')}
                      onDone={reloadAll}
                    />
                  ) : (
                    <Act
                      scope={scope}
                      label={webhooks.enable}
                      consequence={webhooks.enableText}
                      run={post('enable')}
                      onDone={reloadAll}
                    />
                  )}
                  <Act
                    scope={scope}
                    label={texts.secrets.add}
                    consequence={texts.secrets.addText}
                    fields={[
                      {
                        name: 'overlapUntil',
                        label: webhooks.overlapUntil,
                        hint: webhooks.overlapUntilHint,
                        isOptional: true,
                      },
                    ]}
                    run={(values, idempotencyKey) =>
                      call('POST', `${path}/secrets`, { idempotencyKey, body: filled(values) })
                    }
                    show={({ body }) => body}
                    onDone={reloadAll}
                  />
                  <Act
                    scope={scope}
                    label={webhooks.replayAll}
                    consequence={webhooks.replayAllText}
                    fields={[
                      { name: 'from', label: webhooks.from, hint: webhooks.instantHint },
                      { name: 'before', label: webhooks.before, hint: webhooks.instantHint },
                    ]}
                    run={({ from, before }) => replayAll(path, { from, before })}
                    show={({ body }) => body}
                    onDone={reloadAll}
                  />
                </div>
              }
            >
              <Facts of={endpoint} />
            </Card>
            <Card title={webhooks.deliveries}>
              <Choice
                label={webhooks.state}
                value={state}
                options={[['', webhooks.any], ...states.map((each) => [each, each] as const)]}
                onChange={setState}
              />
              <List
                path={`${path}/deliveries`}
                label={webhooks.deliveries}
                query={{ state }}
                round={round}
                columns={['eventId', 'type', 'subject', 'state', 'attemptCount', 'occurredAt', 'dueAt']}
                acts={({ eventId }) => (
                  <div className="row">
                    <a href={hrefOf('webhooks', endpointId, String(eventId))}>{texts.show}</a>
                    <Act
                      scope={scope}
                      label={webhooks.replay}
                      consequence={webhooks.replayText}
                      run={post(`deliveries/${inPath(eventId)}/replay`)}
                      onDone={reloadAll}
                    />
                  </div>
                )}
              />
            </Card>
          </>
        );
      }}
    </One>
  );
}

export function Delivery({
  endpointId,
  eventId,
}: {
  readonly endpointId: string;
  readonly eventId: string;
}): ReactNode {
  const path = `/v1/admin/webhooks/${inPath(endpointId)}/deliveries/${inPath(eventId)}`;
  return (
    <One path={path} list={['webhooks', webhooks.one, endpointId]} title={webhooks.attempts}>
      {({ body }) => (
        <Card title={webhooks.deliveries}>
          <Facts of={body} />
        </Card>
      )}
    </One>
  );
}

/** Replays the events of a range. Each call handles a batch and returns the cursor of the next one. */
async function replayAll(path: string, range: Row): Promise<Answer> {
  let [replayed, cursor] = [0, null as string | null];
  for (;;) {
    const answer = await call('POST', `${path}/deliveries/replay`, {
      idempotencyKey: crypto.randomUUID(),
      body: { ...range, ...(cursor === null ? {} : { cursor }) },
    });
    replayed += Number(answer.body['replayed']);
    cursor = (answer.body['nextCursor'] ?? null) as string | null;
    if (cursor === null) return { ...answer, body: { replayed } };
  }
}
