import type { ReactNode } from 'react';
import { call, inPath } from '../api';
import { texts } from '../texts';
import { useRound } from '../use-loaded';
import { Act } from '../ui/act';
import { bodyOf, fieldsOf, valuesOf } from '../ui/api-form';
import { Card } from '../ui/basics';
import { List } from '../ui/list';
import { One } from '../ui/one';
import { Facts } from '../ui/values';

const { nav, person, team } = texts;
const scope = 'teams:write';

export function Team({ teamId }: { readonly teamId: string }): ReactNode {
  const path = `/v1/admin/teams/${inPath(teamId)}`;
  const [round, reloadList] = useRound();
  return (
    <One path={path} list={['', nav.find]} title={person.teams}>
      {({ body }, reload) => {
        const reloadAll = (): void => {
          reload();
          reloadList();
        };
        return (
          <>
            <Card
              title={String(body['name'])}
              acts={
                body['deletedAt'] === null ? (
                  <div className="row">
                    <Act
                      scope={scope}
                      label={team.change}
                      consequence={team.changeText}
                      fields={fieldsOf('changeTeam')}
                      initial={valuesOf('changeTeam', body)}
                      run={(values, idempotencyKey) =>
                        call('PATCH', path, { idempotencyKey, body: bodyOf('changeTeam', values, body) })
                      }
                      onDone={reloadAll}
                    />
                    <Act
                      scope={scope}
                      label={team.transfer}
                      consequence={team.transferText}
                      fields={fieldsOf('transferTeam')}
                      isDanger
                      run={(values, idempotencyKey) =>
                        call('POST', `${path}/transfer`, {
                          idempotencyKey,
                          body: bodyOf('transferTeam', values),
                        })
                      }
                      onDone={reloadAll}
                    />
                    <Act
                      scope={scope}
                      label={team.delete}
                      consequence={team.deleteText}
                      isDanger
                      run={(_, idempotencyKey) => call('DELETE', path, { idempotencyKey })}
                      onDone={reloadAll}
                    />
                  </div>
                ) : (
                  <Act
                    scope={scope}
                    label={team.restore}
                    consequence={team.restoreText}
                    run={(_, idempotencyKey) => call('POST', `${path}/restore`, { idempotencyKey })}
                    onDone={reloadAll}
                  />
                )
              }
            >
              <Facts of={body} />
            </Card>
            <Card title={team.members}>
              <List
                path={`${path}/members`}
                label={team.members}
                round={round}
                columns={['userId', 'role', 'joinedAt']}
                acts={({ userId, role }) =>
                  role === 'owner' ? null : (
                    <Act
                      scope={scope}
                      label={team.remove}
                      consequence={team.removeText}
                      isDanger
                      run={(_, idempotencyKey) =>
                        call('DELETE', `${path}/members/${inPath(userId)}`, { idempotencyKey })
                      }
                      onDone={reloadAll}
                    />
                  )
                }
              />
            </Card>
          </>
        );
      }}
    </One>
  );
}
