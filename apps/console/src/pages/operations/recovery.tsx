import { useState, type ReactNode } from 'react';
import { call, inPath } from '../../api';
import { hrefOf } from '../../router';
import { useMay } from '../../session';
import { texts } from '../../texts';
import { useLoaded } from '../../use-loaded';
import { Act } from '../../ui/act';
import { Button, Field, Loading, Problem } from '../../ui/basics';
import { List } from '../../ui/list';
import { Facts } from '../../ui/values';
import { Rotate, SetStatus, type BotProps } from './bot-acts';

const { bots, person, recovery } = texts;
const { steps } = recovery;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;
const WALLETS: readonly unknown[] = ['ethereum', 'ton'];

/** The six steps of docs/operations.md after the token of a bot has leaked. */
export function Recovery(props: BotProps): ReactNode {
  const { bot, reload } = props;
  const may = useMay();
  const [leakedAt, setLeakedAt] = useState('');
  const [endedFor, setEndedFor] = useState('');
  const [isReplaced, setReplaced] = useState(false);
  const isCompromised = bot['status'] === 'compromised';
  const [wasCompromised, setWasCompromised] = useState(isCompromised);
  if (isCompromised && !wasCompromised) setWasCompromised(true);
  const since = INSTANT.test(leakedAt.trim()) ? leakedAt.trim() : '';
  const { provider, environment, botId } = bot;
  return (
    <>
      <p>{recovery.text}</p>
      <Facts of={bot} only={['username', 'botId', 'status', 'applicationId']} />
      <Field
        label={recovery.leakedAt}
        hint={recovery.leakedAtHint}
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
              label={recovery.compromise}
              text={recovery.compromiseText}
              isDanger
            />
          )}
        </Step>
        <Step title={steps.sessions} isDone={endedFor !== '' && endedFor === since}>
          {since === '' ? null : (
            <Act
              scope="sessions:end"
              label={recovery.revoke}
              consequence={recovery.revokeText}
              isDanger
              run={(_, idempotencyKey) =>
                call('POST', '/v1/admin/sessions/revoke', {
                  idempotencyKey,
                  body: { since, bot: { provider, environment, botId } },
                })
              }
              show={({ body }) => body}
              onDone={() => {
                setEndedFor(since);
              }}
            />
          )}
        </Step>
        <Step title={steps.identities}>
          <p className="hint">{recovery.identitiesText}</p>
          {since !== '' && may('identities:read') ? (
            <Attached since={since} bot={`${String(provider)}/${String(environment)}/${String(botId)}`} />
          ) : null}
        </Step>
        <Step title={steps.profiles}>
          <p className="hint">{recovery.profilesText}</p>
          {since !== '' && may('audit:read') ? (
            <List
              path="/v1/admin/audit"
              label={steps.profiles}
              query={{ action: 'profile.changed', applicationId: String(bot['applicationId']), from: since }}
              columns={['occurredAt', 'details']}
              acts={({ actor }) => <SessionOf actor={String(actor)} />}
            />
          ) : null}
        </Step>
        <Step title={steps.token} isDone={isReplaced}>
          <p className="hint">{recovery.tokenText}</p>
          {isCompromised ? (
            <Rotate
              {...props}
              reload={() => {
                setReplaced(true);
                reload();
              }}
            />
          ) : null}
        </Step>
        <Step title={steps.active} isDone={wasCompromised && !isCompromised}>
          {isCompromised && isReplaced ? (
            <SetStatus {...props} status="active" label={bots.activate} text={bots.activateText} />
          ) : null}
          {isCompromised && !isReplaced ? (
            <p className="hint">
              {recovery.activeText} <a href={hrefOf('bots', String(bot['id']))}>{bots.one}</a>
            </p>
          ) : null}
        </Step>
      </ol>
    </>
  );
}

/** Identities that the platform signed for, and confirmed ones, need no action. */
function Attached({ since, bot }: { readonly since: string; readonly bot: string }): ReactNode {
  return (
    <List
      path="/v1/admin/identities"
      label={steps.identities}
      query={{ attachedSince: since, bot }}
      columns={['identityId', 'userId', 'provider', 'cap', 'attachedAt', 'attachedBy']}
      acts={({ identityId, userId, provider, cap }, reload) => {
        if (cap === 'platform') return recovery.needsNothing;
        if (WALLETS.includes(provider))
          return <Wallets userId={String(userId)} provider={String(provider)} />;
        const post = (act: string) => (_: unknown, idempotencyKey: string) =>
          call('POST', `/v1/admin/identities/${inPath(identityId)}/${act}`, { idempotencyKey });
        return (
          <div className="row">
            <Act
              scope="identities:write"
              label={recovery.confirm}
              consequence={recovery.confirmText}
              run={post('confirm')}
              onDone={reload}
            />
            <Act
              scope="identities:write"
              label={person.detach}
              consequence={person.detachText}
              isDanger
              run={post('detach')}
              show={({ body }) => body}
              onDone={reload}
            />
          </div>
        );
      }}
    />
  );
}

function Wallets({ userId, provider }: { readonly userId: string; readonly provider: string }): ReactNode {
  const may = useMay();
  const [isShown, setShown] = useState(false);
  if (!may('wallets:read')) return recovery.walletText;
  if (!isShown)
    return (
      <Button
        onPress={() => {
          setShown(true);
        }}
      >
        {person.wallets}
      </Button>
    );
  return (
    <List
      path="/v1/admin/wallets"
      label={person.wallets}
      query={{ userId, provider }}
      columns={['walletId', 'linkedAt']}
      acts={({ walletId }, reload) => (
        <Act
          scope="wallets:write"
          label={person.unlink}
          consequence={person.unlinkText}
          isDanger
          run={(_, idempotencyKey) =>
            call('DELETE', `/v1/admin/wallets/${inPath(walletId)}`, { idempotencyKey })
          }
          onDone={reload}
        />
      )}
    />
  );
}

/** The session of a record, to see whether it may be forged. */
function SessionOf({ actor }: { readonly actor: string }): ReactNode {
  const may = useMay();
  const [isShown, setShown] = useState(false);
  if (!actor.startsWith('session:') || !may('sessions:read')) return <code className="id">{actor}</code>;
  return isShown ? (
    <Session path={`/v1/admin/sessions/${inPath(actor.slice('session:'.length))}`} />
  ) : (
    <Button
      onPress={() => {
        setShown(true);
      }}
    >
      {recovery.session}
    </Button>
  );
}

function Session({ path }: { readonly path: string }): ReactNode {
  const { value, refusal, reload } = useLoaded(path, (signal) => call('GET', path, { signal }));
  if (refusal) return <Problem refusal={refusal} retry={reload} />;
  return value ? <Facts of={value.body} only={['assurance', 'createdAt', 'userId']} /> : <Loading />;
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
        {isDone ? <span className="chip">{recovery.isDone}</span> : null}
      </h2>
      {children}
    </li>
  );
}
