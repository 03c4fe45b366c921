import type { ReactNode } from 'react';
import { call, inPath } from '../api';
import { useSession } from '../session';
import { texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Act } from '../ui/act';
import { Card, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { Facts } from '../ui/values';

const { sessions } = texts;

export function OwnSessions({ onEnded }: { readonly onEnded: () => void }): ReactNode {
  const session = useSession();
  const { value, refusal, reload } = useLoaded('me', (signal) => call('GET', '/v1/admin/me', { signal }));
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
    </>
  );
}
