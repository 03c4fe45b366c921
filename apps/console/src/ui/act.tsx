import { useState, type SyntheticEvent, type ReactNode } from 'react';
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { readPage, Refusal, type Answer, type Row } from '../api';
import { useMay, useSession } from '../session';
import { texts } from '../texts';
import { Button, Field, Problem } from './basics';
import { Facts } from './values';

export interface ActField {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly isOptional?: boolean;
  readonly isSecret?: boolean;
  readonly rows?: number;
}

export interface ActProps {
  readonly scope: string | null;
  readonly label: string;
  /** What happens, in a sentence. */
  readonly consequence: string;
  readonly isDanger?: boolean;
  /** What is said below the consequence. */
  readonly children?: ReactNode;
  readonly fields?: readonly ActField[];
  readonly initial?: Readonly<Record<string, string>>;
  /** The call; the key is the same for each try of one dialog. */
  readonly run: (values: Readonly<Record<string, string>>, idempotencyKey: string) => Promise<Answer>;
  /** After the dialog is closed. */
  readonly onDone?: () => void;
  /** What of the answer is shown, such as a new secret. */
  readonly show?: (answer: Answer) => Row | null;
}

interface Done {
  readonly answer: Answer;
  readonly records: readonly Row[] | null;
}

/** A button for an act, and the dialog that says what it does, does it, and shows the audit record that it made. */
export function Act(props: ActProps): ReactNode {
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const [opened, setOpened] = useState(0);
  if (!may(props.scope)) return null;
  return (
    <DialogTrigger
      isOpen={isOpen}
      onOpenChange={(next) => {
        setOpen(next);
        if (next) setOpened((before) => before + 1);
      }}
    >
      <Button kind={props.isDanger ? 'danger' : 'plain'}>{props.label}</Button>
      <ModalOverlay className="overlay">
        <Modal className="modal">
          <Dialog className="dialog">
            <ActForm
              key={opened}
              {...props}
              onClose={(isDone) => {
                setOpen(false);
                if (isDone) props.onDone?.();
              }}
            />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

function ActForm(props: ActProps & { readonly onClose: (isDone: boolean) => void }): ReactNode {
  const { label, consequence, children, fields = [], initial = {}, isDanger, run, show, onClose } = props;
  const { principalId } = useSession();
  const may = useMay();
  const [values, setValues] = useState<Readonly<Record<string, string>>>(initial);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [isRunning, setRunning] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [done, setDone] = useState<Done | null>(null);

  const act = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (isRunning) return;
    setRunning(true);
    setRefusal(null);
    try {
      const answer = await run(values, idempotencyKey);
      const records = may('audit:read') ? await recordsOf(principalId, answer.requestId) : null;
      setDone({ answer, records });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setRefusal(error);
    } finally {
      setRunning(false);
    }
  };

  if (done) {
    const shown = show?.(done.answer) ?? null;
    return (
      <>
        <Heading slot="title">{texts.done}</Heading>
        {shown ? <Facts of={shown} /> : null}
        <AuditRecords records={done.records} requestId={done.answer.requestId} />
        <div className="row">
          <Button
            kind="main"
            autoFocus
            onPress={() => {
              onClose(true);
            }}
          >
            {texts.close}
          </Button>
        </div>
      </>
    );
  }
  return (
    <form onSubmit={(event) => void act(event)}>
      <Heading slot="title">{label}</Heading>
      <p>{consequence}</p>
      {children}
      {fields.map(({ name, label: fieldLabel, hint, isOptional, isSecret, rows }) => (
        <Field
          key={name}
          label={fieldLabel}
          hint={hint}
          rows={rows}
          isRequired={!isOptional}
          type={isSecret ? 'password' : 'text'}
          value={values[name] ?? ''}
          onChange={(value) => {
            setValues((before) => ({ ...before, [name]: value }));
          }}
        />
      ))}
      {refusal ? <Problem refusal={refusal} /> : null}
      <div className="row">
        <Button
          onPress={() => {
            onClose(false);
          }}
        >
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

/** What the request has written into the audit trail. */
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
