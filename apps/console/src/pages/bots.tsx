import { useState, type ReactNode } from 'react';
import { call, inPath, type Row } from '../api';
import { hrefOf } from '../router';
import { useMay } from '../session';
import { texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Act } from '../ui/act';
import { Card, Field, Loading, Problem } from '../ui/basics';
import { List } from '../ui/list';
import { Facts } from '../ui/values';

const { bots } = texts;

export function Bots(): ReactNode {
  return (
    <>
      <h1>{bots.title}</h1>
      <Card title={bots.title}>
        <List
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

interface BotProps {
  readonly path: string;
  readonly bot: Row;
  readonly etag: string | null;
  readonly reload: () => void;
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
            ) : null}
            {may('bots:write') ? (
              <a className="button danger" href={hrefOf('bots', String(bot['id']), 'recovery')}>
                {bots.recovery}
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

/** What docs/operations.md says of a leaked token, one step after the other. */
function Recovery(props: BotProps): ReactNode {
  const { bot } = props;
  const may = useMay();
  const [leakedAt, setLeakedAt] = useState('');
  const [endedFor, setEndedFor] = useState('');
  const isCompromised = bot['status'] === 'compromised';
  const [wasCompromised, setWasCompromised] = useState(isCompromised);
  if (isCompromised && !wasCompromised) setWasCompromised(true);
  const attachedBy = `${String(bot['provider'])}/${String(bot['environment'])}/${String(bot['botId'])}`;
  const { steps } = bots;
  return (
    <>
      <h1>{bots.recovery}</h1>
      <p>{bots.recoveryText}</p>
      <Facts of={bot} only={['username', 'botId', 'status', 'applicationId']} />
      <Field
        label={bots.leakedAt}
        hint={bots.leakedAtHint}
        value={leakedAt}
        onChange={setLeakedAt}
        isRequired
      />
      <ol className="steps">
        <Step title={steps.compromise} isDone={wasCompromised}>
          {isCompromised ? null : (
            <SetStatus
              {...props}
              status="compromised"
              label={bots.compromise}
              text={bots.compromiseText}
              isDanger
            />
          )}
        </Step>
        <Step title={steps.sessions} isDone={endedFor !== '' && endedFor === leakedAt}>
          {leakedAt === '' ? null : (
            <Act
              scope="sessions:end"
              label={bots.revoke}
              consequence={bots.revokeText}
              isDanger
              run={(_, idempotencyKey) =>
                call('POST', '/v1/admin/sessions/revoke', {
                  idempotencyKey,
                  body: {
                    since: leakedAt,
                    bot: { provider: bot['provider'], environment: bot['environment'], botId: bot['botId'] },
                  },
                })
              }
              show={({ body }) => body}
              onDone={() => {
                setEndedFor(leakedAt);
              }}
            />
          )}
        </Step>
        <Step title={steps.identities}>
          <p className="hint">{bots.identitiesText}</p>
          {leakedAt !== '' && may('identities:read') ? (
            <List
              path="/v1/admin/identities"
              label={steps.identities}
              query={{ attachedSince: leakedAt, bot: attachedBy }}
              columns={['identityId', 'userId', 'attachedAt', 'attachedBy']}
            />
          ) : null}
        </Step>
        <Step title={steps.teams}>
          <p className="hint">{bots.teamsText}</p>
          <pre>countersign team list-changed; countersign team revert; countersign referral list-bound</pre>
        </Step>
        <Step title={steps.token}>
          <p className="hint">{bots.tokenText}</p>
          <Rotate {...props} />
        </Step>
        <Step title={steps.active} isDone={wasCompromised && !isCompromised}>
          {isCompromised ? (
            <SetStatus {...props} status="active" label={bots.activate} text={bots.activateText} />
          ) : null}
        </Step>
        <Step title={steps.read}>
          <p className="hint">{bots.readText}</p>
          {may('audit:read') ? <a href={hrefOf('audit')}>{texts.nav.audit}</a> : null}
        </Step>
      </ol>
    </>
  );
}

function Step({
  title,
  isDone = false,
  children,
}: {
  readonly title: string;
  readonly isDone?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <li className="card">
      <h2>
        {title}
        {isDone ? <span className="chip">{bots.isDone}</span> : null}
      </h2>
      {children}
    </li>
  );
}

function Rotate({ path, etag, reload }: BotProps): ReactNode {
  return (
    <Act
      scope="bots:write"
      label={bots.rotate}
      consequence={bots.rotateText}
      fields={[{ name: 'token', label: bots.token, hint: bots.tokenHint, isSecret: true }]}
      run={({ token }, idempotencyKey) =>
        call('POST', `${path}/rotate`, { idempotencyKey, etag, body: { token } })
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

function SetStatus({ path, etag, reload, status, label, text, isDanger = false }: SetStatusProps): ReactNode {
  return (
    <Act
      scope="bots:write"
      label={label}
      consequence={text}
      isDanger={isDanger}
      run={(_, idempotencyKey) => call('PATCH', path, { idempotencyKey, etag, body: { status } })}
      onDone={reload}
    />
  );
}
