import type { ReactNode } from 'react';
import { call, inPath } from '../../api';
import { useMay, useSession } from '../../session';
import { texts } from '../../texts';
import { Act } from '../../ui/act';
import { Card } from '../../ui/basics';
import { List } from '../../ui/list';

const { reveals } = texts;

/** Requests to read personal fields or export an account that wait for a second person. */
export function Reveals(): ReactNode {
  const may = useMay();
  const { principalId } = useSession();
  if (!may('users:reveal_approve')) return <p>{texts.notFound}</p>;
  return (
    <>
      <h1>{reveals.title}</h1>
      <Card title={reveals.waiting}>
        <p className="hint">{reveals.note}</p>
        <List
          path="/v1/admin/reveal-requests"
          label={reveals.waiting}
          columns={['act', 'fields', 'userId', 'reason', 'actor', 'expiresAt']}
          acts={({ actor, revealRequestId }, reload) =>
            actor === `principal:${principalId}` ? (
              <span className="none">{reveals.own}</span>
            ) : (
              <div className="row">
                {(['approve', 'decline'] as const).map((decision) => (
                  <Act
                    key={decision}
                    scope="users:reveal_approve"
                    label={reveals[decision]}
                    consequence={reveals[`${decision}Text`]}
                    isDanger={decision === 'decline'}
                    run={(_, idempotencyKey) =>
                      call('POST', `/v1/admin/reveal-requests/${inPath(revealRequestId)}/${decision}`, {
                        idempotencyKey,
                      })
                    }
                    onDone={reload}
                  />
                ))}
              </div>
            )
          }
        />
      </Card>
    </>
  );
}
