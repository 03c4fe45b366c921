import type { ReactNode } from 'react';
import { call, inPath, type Row } from '../../api';
import { useMay, useSession } from '../../session';
import { texts } from '../../texts';
import { useLoaded } from '../../use-loaded';
import { Act } from '../../ui/act';
import { Card, Loading, Problem } from '../../ui/basics';
import { List } from '../../ui/list';

const { reveals } = texts;

/** Requests to read personal fields or export an account that wait for a second person. */
export function Reveals(): ReactNode {
  const may = useMay();
  const { principalId, hasProvider } = useSession();
  const { value, refusal, reload } = useLoaded('me', (signal) => call('GET', '/v1/admin/me', { signal }));
  if (!may('users:reveal_approve')) return <p>{texts.notFound}</p>;
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  if (!value) return <Loading />;
  const whyNone = whyNoneOf(value.body, hasProvider);
  return (
    <>
      <h1>{reveals.title}</h1>
      <Card title={reveals.waiting}>
        <p className="hint">{reveals.note}</p>
        {whyNone === null ? null : <p className="hint">{whyNone}</p>}
        <List
          path="/v1/admin/reveal-requests"
          label={reveals.waiting}
          columns={['act', 'fields', 'userId', 'reason', 'actor', 'expiresAt']}
          acts={({ actor, revealRequestId }, reload) =>
            whyNone !== null ? null : actor === `principal:${principalId}` ? (
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

/** Why a principal can decide on no request; null if it can. */
function whyNoneOf({ scopes, providerSubject }: Row, hasProvider: boolean): string | null {
  if ((scopes as readonly string[]).includes('principals:write')) return reveals.createsPrincipals;
  return hasProvider && providerSubject === null ? reveals.notOfProvider : null;
}
