import { useState, type ReactNode } from 'react';
import { call, inPath, type Row } from '../api';
import { hrefOf } from '../router';
import { useMay } from '../session';
import { texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Act, type ActOf } from '../ui/act';
import { Field, Loading, Problem } from '../ui/basics';
import { List, type ListOf, type Of } from '../ui/list';
import { Facts } from '../ui/values';
import { operation } from '../ui/operations';

const { recovery } = texts;
const { steps } = recovery;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Without an overlap, which would give the thief of the token more time. */
export const rotateLeaked: ActOf = { op: 'rotateBotToken', as: 'rotateLeaked', fields: ['token'] };
export const activateBot: ActOf = { op: 'changeBot', as: 'activateBot', body: { status: 'active' } };
const compromise: ActOf = {
  ...{ op: 'changeBot', as: 'compromiseBot', body: { status: 'compromised' } },
  isDanger: true,
};

/** The six steps of docs/operations.md after the token of a bot has leaked. */
export function Recovery({ subject: bot, params, reload, round }: Of): ReactNode {
  const may = useMay();
  const [leakedAt, setLeakedAt] = useState('');
  const [endedFor, setEndedFor] = useState('');
  const [isReplaced, setReplaced] = useState(false);
  const isCompromised = bot['status'] === 'compromised';
  const [wasCompromised, setWasCompromised] = useState(isCompromised);
  if (isCompromised && !wasCompromised) setWasCompromised(true);
  const since = INSTANT.test(leakedAt.trim()) ? leakedAt.trim() : '';
  const { provider, environment, botId, applicationId } = bot;
  const step = (act: ActOf, then: () => void = () => undefined): ReactNode => (
    <Act
      act={act}
      of={params}
      onDone={() => {
        then();
        reload(act.op);
      }}
    />
  );
  const context = { params: {}, subject: {}, round, reload };
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
          {isCompromised ? null : step(compromise)}
        </Step>
        <Step title={steps.sessions} isDone={endedFor !== '' && endedFor === since}>
          {since === ''
            ? null
            : step(
                {
                  ...{ op: 'revokeSessions', isDanger: true, show: (body) => body },
                  body: { since, bot: { provider, environment, botId } },
                },
                () => {
                  setEndedFor(since);
                },
              )}
        </Step>
        <Step title={steps.identities}>
          <p className="hint">{recovery.identitiesText}</p>
          {since !== '' && may('identities:read') ? (
            <List
              list={attached}
              query={{ attachedSince: since, bot: [provider, environment, botId].map(String).join('/') }}
              of={context}
            />
          ) : null}
        </Step>
        <Step title={steps.profiles}>
          <p className="hint">{recovery.profilesText}</p>
          {since !== '' && may('audit:read') ? (
            <List
              list={{
                list: 'listAuditRecords',
                columns: ['occurredAt', 'details'],
                cell: ({ actor }) => <SessionOf actor={String(actor)} />,
              }}
              query={{ action: 'profile.changed', applicationId: String(applicationId), from: since }}
              of={context}
            />
          ) : null}
        </Step>
        <Step title={steps.token} isDone={isReplaced}>
          <p className="hint">{recovery.tokenText}</p>
          {isCompromised
            ? step(rotateLeaked, () => {
                setReplaced(true);
              })
            : null}
        </Step>
        <Step title={steps.active} isDone={wasCompromised && !isCompromised}>
          {isCompromised && isReplaced ? step(activateBot) : null}
          {isCompromised && !isReplaced ? (
            <p className="hint">
              {recovery.activeText}{' '}
              <a href={hrefOf('bots', String(bot['id']))}>{operation('readBot').label}</a>
            </p>
          ) : null}
        </Step>
      </ol>
    </>
  );
}

const isWallet = ({ provider }: Row): boolean => provider === 'ethereum' || provider === 'ton';
/** Those that the platform signed for, and confirmed ones, need no action. */
const needsAnswer = (identity: Row): boolean => identity['cap'] !== 'platform' && !isWallet(identity);

const attached: ListOf = {
  list: 'listIdentities',
  columns: ['identityId', 'userId', 'provider', 'cap', 'attachedAt', 'attachedBy'],
  acts: [
    { op: 'confirmIdentity', when: needsAnswer },
    { op: 'detachIdentity', isDanger: true, when: needsAnswer, show: (body) => body },
  ],
  cell: (identity) =>
    identity['cap'] === 'platform' ? recovery.needsNothing : isWallet(identity) ? recovery.walletText : null,
};

/** The session of a record, to see whether it may be forged. */
function SessionOf({ actor }: { readonly actor: string }): ReactNode {
  const may = useMay();
  if (!actor.startsWith('session:') || !may('sessions:read')) return <code className="id">{actor}</code>;
  return <Session path={`/v1/admin/sessions/${inPath(actor.slice('session:'.length))}`} />;
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
