import type { ReactNode } from 'react';
import { inPath } from '../api';
import { hrefOf } from '../router';
import { useMay } from '../session';
import { texts } from '../texts';
import { useRound } from '../use-loaded';
import { Card } from '../ui/basics';
import { List } from '../ui/list';
import { One } from '../ui/one';
import { Facts } from '../ui/values';
import { AddBot, Rotate, SetStatus, type BotProps } from './operations/bot-acts';
import { Recovery } from './operations/recovery';

const { bots, recovery } = texts;

export function Bots(): ReactNode {
  const may = useMay();
  const [round, reloadList] = useRound();
  return (
    <>
      <h1>{bots.title}</h1>
      <Card title={bots.title} acts={<AddBot onDone={reloadList} />}>
        <List
          round={round}
          path="/v1/admin/bots"
          label={bots.title}
          columns={['username', 'botId', 'provider', 'environment', 'status', 'applicationId']}
          acts={({ id }) => (
            <div className="row">
              <a href={hrefOf('bots', String(id))}>{texts.show}</a>
              {may('bots:write') ? (
                <a href={hrefOf('bots', String(id), 'recovery')}>{recovery.title}</a>
              ) : null}
            </div>
          )}
        />
      </Card>
    </>
  );
}

export function Bot({ id, isRecovery }: { readonly id: string; readonly isRecovery: boolean }): ReactNode {
  const path = `/v1/admin/bots/${inPath(id)}`;
  return (
    <One path={path} list={['bots', bots.title]} title={isRecovery ? recovery.title : bots.one}>
      {({ body: bot }, reload) => {
        const props = { path, bot, reload };
        return isRecovery ? <Recovery {...props} /> : <OneBot {...props} />;
      }}
    </One>
  );
}

function OneBot(props: BotProps): ReactNode {
  const may = useMay();
  const { bot } = props;
  return (
    <Card
      title={String(bot['username'])}
      acts={
        <div className="row">
          <Rotate {...props} />
          {bot['status'] === 'active' ? (
            <SetStatus {...props} status="disabled" label={bots.disable} text={bots.disableText} isDanger />
          ) : bot['status'] === 'disabled' ? (
            <SetStatus {...props} status="active" label={bots.activate} text={bots.activateText} />
          ) : (
            <SetStatus
              {...props}
              status="active"
              label={bots.activate}
              text={bots.activateLeakedText}
              isDanger
            />
          )}
          {may('bots:write') ? (
            <a className="button danger" href={hrefOf('bots', String(bot['id']), 'recovery')}>
              {recovery.title}
            </a>
          ) : null}
        </div>
      }
    >
      <Facts of={bot} />
    </Card>
  );
}
