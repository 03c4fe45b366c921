import { useState, type ReactNode } from 'react';
import { call, inPath } from '../api';
import { hrefOf } from '../router';
import { texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Act } from '../ui/act';
import { Card, Choice, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { Facts } from '../ui/values';

const { webhooks } = texts;
const states = ['pending', 'delivered', 'failed'] as const;

export function Webhooks(): ReactNode {
  return (
    <>
      <h1>{webhooks.title}</h1>
      <Card title={webhooks.title}>
        <List
          path="/v1/admin/webhooks"
          label={webhooks.title}
          columns={['endpointId', 'name', 'url', 'status', 'failingSince', 'types']}
        />
      </Card>
    </>
  );
}

export function Webhook({ endpointId }: { readonly endpointId: string }): ReactNode {
  const path = `/v1/admin/webhooks/${inPath(endpointId)}`;
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }));
  const [state, setState] = useState('');
  const [round, setRound] = useState(0);
  const reloadAll = (): void => {
    reload();
    setRound((before) => before + 1);
  };
  if (refusal) return <Problem refusal={refusal} />;
  if (!value) return <Loading />;
  const { body: endpoint, etag } = value;
  const post = (act: string) => (_: unknown, idempotencyKey: string) =>
    call('POST', `${path}/${act}`, { idempotencyKey, etag });
  const scope = 'webhooks:write';
  return (
    <>
      <p className="hint">
        <a href={hrefOf('webhooks')}>{webhooks.title}</a> /
      </p>
      <h1>{webhooks.one}</h1>
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
              label={webhooks.replayAll}
              consequence={webhooks.replayAllText}
              fields={[
                { name: 'from', label: webhooks.from, hint: webhooks.instantHint },
                { name: 'before', label: webhooks.before, hint: webhooks.instantHint },
              ]}
              run={({ from, before }, idempotencyKey) =>
                call('POST', `${path}/deliveries/replay`, { idempotencyKey, body: { from, before } })
              }
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
}

export function Delivery({
  endpointId,
  eventId,
}: {
  readonly endpointId: string;
  readonly eventId: string;
}): ReactNode {
  const path = `/v1/admin/webhooks/${inPath(endpointId)}/deliveries/${inPath(eventId)}`;
  const { value, refusal } = useLoaded(path, (signal) => call('GET', path, { signal }));
  if (refusal) return <Problem refusal={refusal} />;
  if (!value) return <Loading />;
  return (
    <>
      <p className="hint">
        <a href={hrefOf('webhooks', endpointId)}>{webhooks.one}</a> /
      </p>
      <h1>{webhooks.attempts}</h1>
      <Card title={webhooks.deliveries}>
        <Facts of={value.body} />
      </Card>
    </>
  );
}
