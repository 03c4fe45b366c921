import { useState, type ReactNode } from 'react';
import { call, inPath } from '../../api';
import { hrefOf } from '../../router';
import { texts } from '../../texts';
import { useRound } from '../../use-loaded';
import { Act, reasonField } from '../../ui/act';
import { bodyOf, fieldsOf, valuesOf } from '../../ui/api-form';
import { Card, Field } from '../../ui/basics';
import { List } from '../../ui/list';
import { One } from '../../ui/one';
import { Facts, uuidOf } from '../../ui/values';

const { boards } = texts;
const scope = 'boards:write';

export interface CreateProps {
  readonly applicationId?: string;
  readonly onDone: () => void;
}

export function CreateBoard({ applicationId = '', onDone }: CreateProps): ReactNode {
  return (
    <Act
      scope={scope}
      label={boards.create}
      consequence={boards.createText}
      fields={fieldsOf('createBoard')}
      initial={{ applicationId }}
      run={(values, idempotencyKey) =>
        call('POST', '/v1/admin/boards', { idempotencyKey, body: bodyOf('createBoard', values) })
      }
      show={({ body }) => body}
      onDone={onDone}
    />
  );
}

export function Boards(): ReactNode {
  const [round, reloadList] = useRound();
  return (
    <>
      <h1>{boards.title}</h1>
      <Card title={boards.title} acts={<CreateBoard onDone={reloadList} />}>
        <List
          round={round}
          path="/v1/admin/boards"
          label={boards.title}
          columns={['name', 'applicationId', 'rule', 'better', 'calendar', 'createdAt']}
          acts={({ boardId }) => <a href={hrefOf('boards', String(boardId))}>{texts.show}</a>}
        />
      </Card>
    </>
  );
}

export function Board({ boardId }: { readonly boardId: string }): ReactNode {
  const path = `/v1/admin/boards/${inPath(boardId)}`;
  const [typed, setTyped] = useState('');
  return (
    <One path={path} list={['boards', boards.title]} title={boards.one}>
      {({ body }, reloadBoard) => (
        <>
          <Card
            title={String(body['name'])}
            acts={
              <Act
                scope={scope}
                label={boards.change}
                consequence={boards.changeText}
                fields={fieldsOf('changeBoard')}
                initial={valuesOf('changeBoard', body)}
                run={(values, idempotencyKey) =>
                  call('PATCH', path, { idempotencyKey, body: bodyOf('changeBoard', values, body) })
                }
                onDone={reloadBoard}
              />
            }
          >
            <Facts of={body} />
          </Card>
          <Card title={boards.seasons}>
            <List
              path={`${path}/seasons`}
              label={boards.seasons}
              columns={['number', 'startsAt', 'endsAt', 'closedAt']}
              acts={({ seasonId, closedAt }, reload) =>
                closedAt === null ? (
                  <Act
                    scope={scope}
                    label={boards.close}
                    consequence={boards.closeText}
                    fields={[reasonField]}
                    isDanger
                    run={(values, idempotencyKey) =>
                      call('POST', `${path}/seasons/${inPath(seasonId)}/close`, {
                        idempotencyKey,
                        body: values,
                      })
                    }
                    onDone={reload}
                  />
                ) : null
              }
            />
          </Card>
          <Card title={boards.scores}>
            <Field label={boards.userId} value={typed} onChange={setTyped} />
            <List
              path={`${path}/scores`}
              label={boards.scores}
              query={{ userId: uuidOf(typed) }}
              columns={[
                'id',
                'userId',
                'score',
                'sentScore',
                'acceptedAt',
                'correctedAt',
                'correctionReason',
              ]}
              acts={(row, reload) => (
                <Act
                  scope={scope}
                  label={boards.correct}
                  consequence={boards.correctText}
                  fields={fieldsOf('correctScoreOfBoard')}
                  initial={valuesOf('correctScoreOfBoard', row)}
                  isDanger
                  run={(values, idempotencyKey) =>
                    call('POST', `${path}/scores/${inPath(row['id'])}/corrections`, {
                      idempotencyKey,
                      body: bodyOf('correctScoreOfBoard', values),
                    })
                  }
                  onDone={reload}
                />
              )}
            />
          </Card>
        </>
      )}
    </One>
  );
}
