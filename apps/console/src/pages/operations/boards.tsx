import { useState, type ReactNode } from 'react';
import { call, inPath } from '../../api';
import { hrefOf } from '../../router';
import { texts } from '../../texts';
import { Act, reasonField } from '../../ui/act';
import { Card, Field } from '../../ui/basics';
import { List } from '../../ui/list';
import { One } from '../../ui/one';
import { Facts, uuidOf } from '../../ui/values';

const { boards } = texts;
const scope = 'boards:write';

export function Boards(): ReactNode {
  return (
    <>
      <h1>{boards.title}</h1>
      <Card title={boards.title}>
        <List
          path="/v1/admin/boards"
          label={boards.title}
          columns={['name', 'applicationId', 'rule', 'better', 'calendar', 'createdAt']}
          acts={({ boardId }) => <a href={hrefOf('boards', String(boardId))}>{texts.show}</a>}
        />
      </Card>
      <Card title={boards.anomalies}>
        <List
          path="/v1/admin/boards/anomalies"
          label={boards.anomalies}
          columns={['boardId', 'userId', 'kind', 'reason', 'times', 'lastAt']}
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
      {({ body }) => (
        <>
          <Card title={String(body['name'])}>
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
              acts={({ id, score }, reload) => (
                <Act
                  scope={scope}
                  label={boards.correct}
                  consequence={boards.correctText}
                  fields={[
                    { name: 'score', label: boards.score, hint: boards.scoreHint, isOptional: true },
                    reasonField,
                  ]}
                  initial={{ score: typeof score === 'number' ? String(score) : '' }}
                  isDanger
                  run={({ score: next = '', reason: why }, idempotencyKey) =>
                    call('POST', `${path}/scores/${inPath(id)}/corrections`, {
                      idempotencyKey,
                      body: { score: next.trim() === '' ? null : Number(next), reason: why },
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
