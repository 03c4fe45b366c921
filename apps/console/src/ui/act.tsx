import { useEffect, useState, type ReactNode } from 'react';
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { call, readPage, type Answer, type Row, type Session } from '../api';
import { useMay, useSession } from '../session';
import { labelOf, texts } from '../texts';
import { Button, Problem } from './basics';
import { Input } from './input';
import { bodyOf, initialOf, operation, pathOf } from './operations';
import { useSubmit } from './use-submit';
import { Copy, Facts, Id } from './values';

/** An operation as a button. */
export interface ActOf {
  readonly op: string;
  /** The name of its words in `texts`, if not that of the operation. */
  readonly as?: string;
  /** By default what deletes something. */
  readonly isDanger?: boolean;
  /** Whether it stays beside a menu that has the other acts. */
  readonly isMain?: boolean;
  /** Whether the button is there, for a row. @param subject what the page is about */
  readonly when?: (row: Row, session: Session, subject: Row) => boolean;
  /** The inputs that the form has. By default all, or none beside a `body`. */
  readonly fields?: readonly string[];
  /** What is sent in each case. */
  readonly body?: Row;
  /** Of the answer, what the dialog shows, such as a new secret. By default what was created. */
  readonly show?: (body: Row) => Row | null;
  /** For personal fields: they are hidden after `BRIEF_MS`. */
  readonly isBrief?: boolean;
  /** The name of a file that the answer is saved as. */
  readonly file?: (values: Row) => string;
}

interface ActProps {
  /** What people call what it is done to; empty where that is a row, or new. */
  readonly about?: string;
  readonly act: ActOf;
  /** For its path, and the initial values of its inputs. */
  readonly of: Row;
  /** What it changes, whose values its form has at first. */
  readonly row?: Row;
  /** When the dialog closes after the act. */
  readonly onDone: () => void;
  /** Shown below the consequence. */
  readonly children?: ReactNode;
}

const BRIEF_MS = 60_000;
type Progress = 'asking' | 'running' | 'done' | 'shown';

interface Done {
  readonly shown: Row | null;
  readonly requestId: string | null;
  readonly records: readonly Row[] | null;
}

/** A button for an act, and the dialog that says what it does, does it, and shows the audit record that it made. */
export function Act(props: ActProps): ReactNode {
  const { op, as, isDanger } = props.act;
  const { scope, label, method } = operation(op, as);
  const kind = (isDanger ?? method === 'DELETE') ? 'danger' : 'plain';
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const [opened, setOpened] = useState(0);
  const [progress, setProgress] = useState<Progress>('asking');
  if (!may(scope)) return null;
  const close = (): void => {
    setOpen(false);
    if (progress !== 'asking' && progress !== 'running') props.onDone();
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
      <Button kind={kind}>{label}</Button>
      {/* Escape does not close a dialog that shows a secret or waits for an answer. */}
      <ModalOverlay
        className="overlay"
        isKeyboardDismissDisabled={progress === 'running' || progress === 'shown'}
      >
        <Modal className="modal">
          <Dialog className="dialog">
            <ActForm key={opened} {...props} kind={kind} onProgress={setProgress} onClose={close} />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

interface ActFormProps extends ActProps {
  readonly kind: 'plain' | 'danger';
  readonly onProgress: (progress: Progress) => void;
  readonly onClose: () => void;
}

function ActForm(props: ActFormProps): ReactNode {
  const { act, of, row = {}, about = '', kind, children, onProgress, onClose } = props;
  const { op, as, fields: named, body: fixed, isBrief = false } = act;
  const { label, text, isCreation, ...api } = operation(op, as);
  const fields = api.fields.filter(({ name }) => named?.includes(name) ?? fixed === undefined);
  const show = act.show ?? ((body: Row): Row | null => (isCreation ? body : null));
  const { principalId } = useSession();
  const may = useMay();
  const [values, setValues] = useState(() => initialOf(fields, { ...of, ...row }));
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [done, setDone] = useState<Done | null>(null);
  const send = (): Promise<Answer> => {
    const before = api.method === 'PATCH' ? row : undefined;
    const body = { ...fixed, ...bodyOf(fields, values, before) };
    const hasBody = fixed !== undefined || fields.length > 0;
    return call(api.method, pathOf(operation(op), { ...row, ...of }), {
      idempotencyKey,
      ...(hasBody ? { body } : {}),
    });
  };
  const { isRunning, refusal, submit } = useSubmit(async () => {
    onProgress('running');
    try {
      const { requestId, body } = await send();
      const records = may('audit:read') ? await recordsOf(principalId, requestId) : null;
      if (act.file) download(act.file(of), 'application/json', [JSON.stringify(body, null, 2)]);
      const shown = show(body);
      setDone({ shown, records, requestId });
      onProgress(shown ? 'shown' : 'done');
    } catch (error) {
      onProgress('asking');
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
        {done.shown ? <Shown of={done.shown} /> : null}
        <AuditRecords records={done.records} requestId={done.requestId} />
        <div className="row">
          <Button kind="main" autoFocus onPress={onClose}>
            {done.shown && secretIn(done.shown) ? texts.stored : texts.close}
          </Button>
        </div>
      </>
    );
  return (
    <form onSubmit={submit}>
      <Heading slot="title">{label}</Heading>
      {about === '' ? null : <p className="hint">{about}</p>}
      <p className="says">{text}</p>
      {children}
      {fields.map((field) => (
        <Input
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          onChange={(next) => {
            setValues((before) => ({ ...before, [field.name]: next }));
          }}
        />
      ))}
      {refusal ? <Problem refusal={refusal} /> : null}
      <div className="row">
        <Button isDisabled={isRunning} onPress={onClose}>
          {texts.cancel}
        </Button>
        <Button type="submit" kind={kind === 'danger' ? kind : 'main'} isBusy={isRunning}>
          {label}
        </Button>
      </div>
    </form>
  );
}

/** What a secret is used with. */
const IDS_TO_USE: readonly string[] = ['principalId', 'applicationId'];

/** The name of a secret that is shown once. */
function secretIn(of: Row): string | undefined {
  return Object.keys(of).find((name) => /secret$/i.test(name) && typeof of[name] === 'string');
}

/** A secret stands alone, and what else was made is folded. */
function Shown({ of }: { readonly of: Row }): ReactNode {
  const name = secretIn(of);
  if (name === undefined) return <Facts of={of} />;
  const secret = String(of[name]);
  return (
    <>
      <p>{texts.secretOnce}</p>
      <p className="secret">
        <code>{secret}</code>
        <Copy text={secret} label={texts.copy} isShown />
      </p>
      {Object.keys(of)
        .filter((field) => IDS_TO_USE.includes(field))
        .map((field) => (
          <p key={field}>
            {labelOf(field)}: <Id name={field} id={String(of[field])} isWhole />
          </p>
        ))}
      <details>
        <summary>{texts.details}</summary>
        <Facts of={of} without={[name, ...IDS_TO_USE]} />
      </details>
    </>
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
    <details>
      <summary>{texts.auditRecord}</summary>
      {records.map((record, index) => (
        <Facts
          key={index}
          of={{ ...record, code: record['action'] }}
          only={['occurredAt', 'action', 'code', 'actor', 'subject', 'details', 'requestId']}
        />
      ))}
    </details>
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

/** Has the browser save a text as a file, without rendering it. */
function download(name: string, type: string, texts: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([...texts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
