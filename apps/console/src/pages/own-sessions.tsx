import type { ReactNode } from 'react';
import { call, inPath } from '../api';
import { useSession } from '../session';
import { texts } from '../texts';
import { useLoaded, useRound } from '../use-loaded';
import { Act } from '../ui/act';
import { Card, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { Facts } from '../ui/values';

const { sessions } = texts;

export function OwnSessions({ onEnded }: { readonly onEnded: () => void }): ReactNode {
  const session = useSession();
  const { value, refusal, reload } = useLoaded('me', (signal) => call('GET', '/v1/admin/me', { signal }));
  const [round, reloadList] = useRound();
  return (
    <>
      <h1>{sessions.title}</h1>
      <Card title={sessions.title}>
        <p className="hint">{sessions.note}</p>
        <List
          isWhole
          path="/v1/admin/me/sessions"
          label={sessions.title}
          columns={['sessionId', 'current', 'beganAt', 'expiresAt', 'endsAt']}
          acts={({ sessionId }, reload) => (
            <Act
              scope={null}
              label={sessions.end}
              consequence={sessions.endText}
              isDanger
              run={(_, idempotencyKey) =>
                call('DELETE', `/v1/admin/me/sessions/${inPath(sessionId)}`, { idempotencyKey })
              }
              onDone={sessionId === session.sessionId ? onEnded : reload}
            />
          )}
        />
      </Card>
      <Card title={sessions.principal}>
        {refusal ? (
          <Problem refusal={refusal} retry={reload} />
        ) : value ? (
          <Facts of={value.body} only={['principalId', 'name', 'providerSubject', 'scopes']} />
        ) : (
          <Loading />
        )}
      </Card>
      {value?.body['providerSubject'] === null ? (
        <Card
          title={sessions.secrets}
          acts={
            <Act
              scope={null}
              label={sessions.addSecret}
              consequence={sessions.addSecretText}
              fields={[
                { name: 'name', label: sessions.secretName },
                {
                  name: 'expiresAt',
                  label: sessions.expiresAt,
                  hint: texts.webhooks.instantHint,
                  isOptional: true,
                },
              ]}
              run={({ name, expiresAt }, idempotencyKey) =>
                call('POST', '/v1/admin/me/secrets', {
                  idempotencyKey,
                  body: { name, ...(expiresAt ? { expiresAt } : {}) },
                })
              }
              show={({ body }) => body}
              onDone={reloadList}
            />
          }
        >
          <List
            isWhole
            round={round}
            path="/v1/admin/me/secrets"
            label={sessions.secrets}
            columns={['secretId', 'name', 'isOneTime', 'createdAt', 'expiresAt', 'lastUsedAt']}
            acts={({ secretId }, reload) => (
              <Act
                scope={null}
                label={sessions.removeSecret}
                consequence={sessions.removeSecretText}
                isDanger
                run={(_, idempotencyKey) =>
                  call('DELETE', `/v1/admin/me/secrets/${inPath(secretId)}`, { idempotencyKey })
                }
                onDone={reload}
              />
            )}
          />
        </Card>
      ) : null}
    </>
  );
}
