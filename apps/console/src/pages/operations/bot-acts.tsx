import type { ReactNode } from 'react';
import { call, type Row } from '../../api';
import { texts } from '../../texts';
import { Act } from '../../ui/act';
import { filled } from './secrets';

const { bots } = texts;

export interface BotProps {
  readonly path: string;
  readonly bot: Row;
  readonly reload: () => void;
}

export function AddBot({
  applicationId = '',
  onDone,
}: {
  readonly applicationId?: string;
  readonly onDone: () => void;
}): ReactNode {
  return (
    <Act
      scope="bots:write"
      label={bots.add}
      consequence={bots.addText}
      fields={[
        { name: 'applicationId', label: bots.applicationId },
        { name: 'provider', label: bots.provider, options: ['telegram', 'openweb3'] },
        { name: 'environment', label: bots.environment, options: ['production', 'test'] },
        { name: 'username', label: bots.username },
        { name: 'miniAppName', label: bots.miniAppName, hint: bots.miniAppNameHint, isOptional: true },
        { name: 'token', label: bots.token, hint: bots.tokenHint, isSecret: true },
      ]}
      initial={{ applicationId }}
      run={(values, idempotencyKey) =>
        call('POST', '/v1/admin/bots', { idempotencyKey, body: filled(values) })
      }
      show={({ body }) => body}
      onDone={onDone}
    />
  );
}

/** A compromised bot gets no overlap: it would give the thief of the token more time. */
export function Rotate({ path, bot, reload }: BotProps): ReactNode {
  const isCompromised = bot['status'] === 'compromised';
  const token = { name: 'token', label: bots.token, hint: bots.tokenHint, isSecret: true };
  const overlapUntil = {
    name: 'overlapUntil',
    label: bots.overlapUntil,
    hint: bots.overlapUntilHint,
    isOptional: true,
  };
  return (
    <Act
      scope="bots:write"
      label={bots.rotate}
      consequence={isCompromised ? bots.rotateLeakedText : bots.rotateText}
      fields={isCompromised ? [token] : [token, overlapUntil]}
      run={(values, idempotencyKey) =>
        call('POST', `${path}/rotate`, {
          idempotencyKey,
          body: filled(values),
        })
      }
      onDone={reload}
    />
  );
}

interface SetStatusProps extends BotProps {
  readonly status: string;
  readonly label: string;
  readonly text: string;
  readonly isDanger?: boolean;
}

export function SetStatus({
  path,
  reload,
  status,
  label,
  text,
  isDanger = false,
}: SetStatusProps): ReactNode {
  return (
    <Act
      scope="bots:write"
      label={label}
      consequence={text}
      isDanger={isDanger}
      run={(_, idempotencyKey) => call('PATCH', path, { idempotencyKey, body: { status } })}
      onDone={reload}
    />
  );
}
