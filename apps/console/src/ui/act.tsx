import { useEffect, useState, type ReactNode } from 'react';
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { readPage, Refusal, type Answer, type Row } from '../api';
import { useMay, useSession } from '../session';
import { texts } from '../texts';
import { Button, Choice, Field, Problem } from './basics';
import { useSubmit } from './use-submit';
import { Facts } from './values';

export interface ActField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly isOptional?: boolean;
  readonly isSecret?: boolean;
  readonly rows?: number;
  /** The possible values; the first is the default. */
  readonly options?: readonly string[] | undefined;
}

/** The reason that the audit trail records. */
export const reasonField: ActField = {
  name: 'reason',
  label: texts.person.reason,
  hint: texts.person.reasonHint,
};

export interface ActProps {
  readonly scope: string | null;
  readonly label: string;
  /** What happens, in a sentence. */
  readonly consequence: string;
  readonly isDanger?: boolean;
  /** Shown below the consequence. */
  readonly children?: ReactNode;
  readonly fields?: readonly ActField[];
  readonly initial?: Readonly<Record<string, string>>;
  /** The call; the key is the same for each try of one dialog. */
  readonly run: (values: Readonly<Record<string, string>>, idempotencyKey: string) => Promise<Answer>;
  /** When the dialog closes after the act, or after a rejection because the state has changed. */
  readonly onDone?: () => void;
  /** The fields of the answer to show, such as a new secret. */
  readonly show?: (answer: Answer) => Row | null;
  /** For personal fields: they are hidden after `BRIEF_MS`. */
  readonly isBrief?: boolean;
}

const BRIEF_MS = 60_000;
/** `outdated`: rejected with 412, since the page shows an earlier state; it is read again when the dialog closes. */
type Progress = 'asking' | 'running' | 'outdated' | 'done' | 'shown';

interface Done {
  readonly shown: Row | null;
  readonly requestId: string | null;
  readonly records: readonly Row[] | null;
}

/** A button for an act, and the dialog that says what it does, does it, and shows the audit record that it made. */
export function Act(props: ActProps): ReactNode {
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const [opened, setOpened] = useState(0);
  const [progress, setProgress] = useState<Progress>('asking');
  if (!may(props.scope)) return null;
  const close = (): void => {
    setOpen(false);
    if (progress !== 'asking' && progress !== 'running') props.onDone?.();
  };
  return (
    <DialogTrigger
      isOpen={isOpen}
      onOpenChange={(next) => {
        if (!next) {
          close();
          return;
        }
        setProgress('asking');
        setOpen(true);
        setOpened((before) => before + 1);
      }}
    >
      <Button kind={props.isDanger ? 'danger' : 'plain'}>{props.label}</Button>
      {/* Escape does not close a dialog that shows a secret or waits for an answer. */}
      <ModalOverlay
        className="overlay"
        isKeyboardDismissDisabled={progress === 'running' || progress === 'shown'}
      >
        <Modal className="modal">
          <Dialog className="dialog">
            <ActForm key={opened} {...props} onProgress={setProgress} onClose={close} />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

interface ActFormProps extends ActProps {
  readonly onProgress: (progress: Progress) => void;
  readonly onClose: () => void;
}

function ActForm(props: ActFormProps): ReactNode {
  const { label, consequence, children, fields = [], initial = {}, isDanger, isBrief = false } = props;
  const { run, show, onProgress, onClose } = props;
  const { principalId } = useSession();
  const may = useMay();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({
    ...Object.fromEntries(fields.flatMap(({ name, options }) => (options ? [[name, options[0] ?? '']] : []))),
    ...initial,
  });
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [done, setDone] = useState<Done | null>(null);
  const { isRunning, refusal, submit } = useSubmit(async () => {
    onProgress('running');
    try {
      const answer = await run(values, idempotencyKey);
      const { requestId } = answer;
      const records = may('audit:read') ? await recordsOf(principalId, requestId) : null;
      const shown = show?.(answer) ?? null;
      setDone({ shown, records, requestId });
      onProgress(shown ? 'shown' : 'done');
    } catch (error) {
      onProgress(error instanceof Refusal && error.status === 412 ? 'outdated' : 'asking');
      throw error;
    }
  });
  const isShown = done !== null && done.shown !== null;
  useEffect(() => {
    if (!isShown || !isBrief) return undefined;
    const hide = (): void => {
      setDone((before) => before && { ...before, shown: null });
    };
    const timer = setTimeout(hide, BRIEF_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [isShown, isBrief]);

  if (done)
    return (
      <>
        <Heading slot="title">{texts.done}</Heading>
        {isBrief ? <p role="status">{done.shown ? texts.brief : texts.hidden}</p> : null}
        {done.shown ? <Facts of={done.shown} /> : null}
        <AuditRecords records={done.records} requestId={done.requestId} />
        <div className="row">
          <Button kind="main" autoFocus onPress={onClose}>
            {texts.close}
          </Button>
        </div>
      </>
    );
  return (
    <form onSubmit={submit}>
      <Heading slot="title">{label}</Heading>
      <p>{consequence}</p>
      {children}
      {fields.map(({ name, label: fieldLabel, hint, isOptional, isSecret, rows, options }) => {
        const value = values[name] ?? '';
        const onChange = (next: string): void => {
          setValues((before) => ({ ...before, [name]: next }));
        };
        return options ? (
          <Choice
            key={name}
            label={fieldLabel}
            hint={hint}
            value={value}
            options={options.map((option) => [option, option] as const)}
            onChange={onChange}
          />
        ) : (
          <Field
            key={name}
            label={fieldLabel}
            hint={hint}
            rows={rows}
            isRequired={!isOptional}
            type={isSecret ? 'password' : 'text'}
            value={value}
            onChange={onChange}
          />
        );
      })}
      {refusal ? <Problem refusal={refusal} /> : null}
      <div className="row">
        <Button isDisabled={isRunning} onPress={onClose}>
          {texts.cancel}
        </Button>
        <Button type="submit" kind={isDanger ? 'danger' : 'main'} isBusy={isRunning}>
          {label}
        </Button>
      </div>
    </form>
  );
}

function AuditRecords({
  records,
  requestId,
}: {
  readonly records: readonly Row[] | null;
  readonly requestId: string | null;
}): ReactNode {
  if (records === null || records.length === 0)
    return (
      <p>
        {texts.recorded} <code>{requestId}</code>
      </p>
    );
  return (
    <>
      <h3>{texts.auditRecord}</h3>
      {records.map((record, index) => (
        <Facts
          key={index}
          of={record}
          only={['occurredAt', 'action', 'actor', 'subject', 'details', 'requestId']}
        />
      ))}
    </>
  );
}

/** The audit records of the request; null if they cannot be read. */
async function recordsOf(principalId: string, requestId: string | null): Promise<readonly Row[] | null> {
  try {
    const { items } = await readPage('/v1/admin/audit', {
      query: { actor: `principal:${principalId}`, limit: '25' },
    });
    return items.filter((record) => record['requestId'] === requestId);
  } catch {
    return null;
  }
}

/** The entries of a field, which lines, spaces or commas separate. */
export function listOf(text = ''): readonly string[] {
  return text.split(/[\s,]+/).filter((each) => each !== '');
}
