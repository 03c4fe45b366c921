import { useState, type ReactNode } from 'react';
import { call, inPath } from '../api';
import { hrefOf } from '../router';
import { useMay } from '../session';
import { texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Card, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { Facts } from '../ui/values';
import { AddBot, Rotate, SetStatus, type BotProps } from './operations/bot-acts';
import { Recovery } from './operations/recovery';

const { bots, recovery } = texts;

export function Bots(): ReactNode {
  const [round, setRound] = useState(0);
  const reload = (): void => {
    setRound((before) => before + 1);
  };
  return (
    <>
      <h1>{bots.title}</h1>
      <Card title={bots.title} acts={<AddBot onDone={reload} />}>
        <List
          round={round}
          path="/v1/admin/bots"
          label={bots.title}
          columns={['username', 'botId', 'provider', 'environment', 'status', 'applicationId']}
          acts={({ id }) => <a href={hrefOf('bots', String(id))}>{texts.show}</a>}
        />
      </Card>
    </>
  );
}

export function Bot({ id, isRecovery }: { readonly id: string; readonly isRecovery: boolean }): ReactNode {
  const path = `/v1/admin/bots/${inPath(id)}`;
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }));
  if (refusal) return <Problem refusal={refusal} />;
  if (!value) return <Loading />;
  const { body: bot, etag } = value;
  const props = { path, bot, etag, reload };
  return (
    <>
      <p className="hint">
        <a href={hrefOf('bots')}>{bots.title}</a> /
      </p>
      {isRecovery ? <Recovery {...props} /> : <OneBot {...props} />}
    </>
  );
}

function OneBot(props: BotProps): ReactNode {
  const may = useMay();
  const { bot } = props;
  return (
    <>
      <h1>{bots.one}</h1>
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
    </>
  );
}
