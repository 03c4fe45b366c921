import type { ReactNode } from 'react';
import { call, inPath, type Row } from '../../api';
import { texts } from '../../texts';
import { useRound } from '../../use-loaded';
import { Act, type ActField } from '../../ui/act';
import { Card } from '../../ui/basics';
import { List } from '../../ui/list';

const { secrets } = texts;

interface SecretsProps {
  readonly path: string;
  /** The scope to add and remove secrets. */
  readonly scope: string;
  /** Whether no secret can be added or removed, with any scope. */
  readonly isFixed?: boolean;
  readonly columns: readonly string[];
  readonly fields: readonly ActField[];
}

/** The secrets of an application, an endpoint or a principal. A secret is shown once, when it is added. */
export function Secrets({ path, scope, isFixed = false, columns, fields }: SecretsProps): ReactNode {
  const [round, reloadList] = useRound();
  return (
    <Card
      title={secrets.title}
      acts={
        isFixed ? null : (
          <Act
            scope={scope}
            label={secrets.add}
            consequence={secrets.addText}
            fields={fields}
            run={(values, idempotencyKey) => call('POST', path, { idempotencyKey, body: filled(values) })}
            show={({ body }) => body}
            onDone={reloadList}
          />
        )
      }
    >
      <List
        isWhole
        path={path}
        label={secrets.title}
        round={round}
        columns={columns}
        acts={({ secretId }, reload) =>
          isFixed ? null : (
            <Act
              scope={scope}
              label={secrets.remove}
              consequence={secrets.removeText}
              isDanger
              run={(_, idempotencyKey) => call('DELETE', `${path}/${inPath(secretId)}`, { idempotencyKey })}
              onDone={reload}
            />
          )
        }
      />
    </Card>
  );
}

/** The values without the empty ones. */
export function filled(values: Readonly<Record<string, string>>): Row {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));
}
