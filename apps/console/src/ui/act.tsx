import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { call, Refusal, type Row, type Session } from '../api';
import type { Foresight } from '../foresights';
import { useMay } from '../session';
import { labelOf, texts } from '../texts';
import { useLoaded } from '../use-loaded';
import { Button, Problem } from './basics';
import { Input } from './input';
import { assertSendable, bodyOf, initialOf, operation, pathOf } from './operations';
import { useSubmit } from './use-submit';
import { Copy, Facts, factsOf, Id } from './values';

export interface ActOf {
  readonly op: string;
  /** The key of its words in `texts`; by default the operation. */
  readonly as?: string;
  /** By default, an act that deletes something. */
  readonly isDanger?: boolean;
  /** Whether its button stays outside the menu of the other acts. */
  readonly isMain?: boolean;
  /** Whether the button exists, for a row. @param subject the subject of the page */
  readonly when?: (row: Row, session: Session, subject: Row) => boolean;
  /** The inputs of the form. By default all, or none beside a `body`. */
  readonly fields?: readonly string[];
  /** A refusal of this code shows this field and fills it. */
  readonly asked?: { readonly field: string; readonly code: string };
  readonly body?: Row;
  /** The values of the answer that the dialog shows, such as a new secret. By default the created object. */
  readonly show?: (body: Row) => Row | null;
  /** For personal data, which the dialog hides after `BRIEF_MS`. */
  readonly isBrief?: boolean;
  readonly file?: (values: Row) => string;
  readonly foresight?: Foresight;
}

interface ActProps {
  /** The name of the subject for people. Empty for a row or a new thing. */
  readonly about?: string;
  readonly act: ActOf;
  readonly of: Row;
  readonly row?: Row;
  readonly onDone: () => void;
  readonly children?: ReactNode;
}

const BRIEF_MS = 60_000;

interface Done {
  readonly shown: Row | null;
  readonly requestId: string | null;
}

export const NoticeContext = createContext<(notice: string) => void>(() => undefined);

export function Act(props: ActProps): ReactNode {
  const { op, as, isDanger } = props.act;
  const { scope, label, method, isCreation } = operation(op, as);
  const isNew = isCreation && props.about === '';
  const kind = (isDanger ?? method === 'DELETE') ? 'danger' : isNew ? 'main' : 'plain';
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const [isHeld, setHeld] = useState(false);
  if (!may(scope)) return null;
  return (
    <DialogTrigger
      isOpen={isOpen}
      onOpenChange={(next) => {
        if (next) closeMenu();
        else if (isHeld) props.onDone();
        setHeld(false);
        setOpen(next);
      }}
    >
      <Button kind={kind}>{label}</Button>
      {/* Escape does not close a dialog that shows a secret or waits for an answer. */}
      <ModalOverlay className="overlay" isKeyboardDismissDisabled={isHeld}>
        <Modal className="modal">
          <Dialog className="dialog">
            <ActForm
              {...props}
              kind={kind}
              onHold={setHeld}
              onDone={() => {
                setOpen(false);
                props.onDone();
              }}
            />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

interface ActFormProps extends ActProps {
  readonly kind: 'plain' | 'main' | 'danger';
  readonly onHold: (isHeld: boolean) => void;
}

function ActForm(props: ActFormProps): ReactNode {
  const { act, of, row = {}, about = '', kind, children, onHold, onDone } = props;
  const { op, as, fields: named, body: fixed, isBrief = false, asked } = act;
  const { label, text, isCreation, ...api } = operation(op, as);
  const fields = api.fields.filter(({ name }) => named?.includes(name) ?? fixed === undefined);
  const show = act.show ?? ((body: Row): Row | null => (isCreation ? body : null));
  const notify = useContext(NoticeContext);
  const [values, setValues] = useState(() => initialOf(fields, { ...of, ...row }));
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [done, setDone] = useState<Done | null>(null);
  const [isAsked, setAsked] = useState(false);
  const { isRunning, refusal, submit } = useSubmit(async () => {
    const isPatch = api.method === 'PATCH';
    for (const field of isPatch ? [] : fields) assertSendable(field, values[field.name]);
    onHold(true);
    try {
      const { requestId, body } = await call(api.method, pathOf(operation(op), { ...row, ...of }), {
        idempotencyKey,
        ...(fixed !== undefined || fields.length > 0
          ? { body: { ...fixed, ...bodyOf(fields, values, isPatch ? row : undefined) } }
          : {}),
      });
      if (act.file) download(act.file(of), 'application/json', [JSON.stringify(body, null, 2)]);
      const shown = show(body);
      if (shown) {
        setDone({ shown, requestId });
      } else {
        notify(`${label}: ${texts.done}. ${texts.recorded} ${requestId ?? ''}`);
        onDone();
      }
    } catch (error) {
      onHold(false);
      if (asked && error instanceof Refusal && error.code === asked.code) {
        const ids = String(error.problem[asked.field]).replaceAll(',', '\n');
        setValues((before) => ({ ...before, [asked.field]: ids }));
        setAsked(true);
      }
      throw error;
    }
  });
  const isShown = done !== null && done.shown !== null;
  useEffect(() => {
    if (!isShown || !isBrief) return undefined;
    const timer = setTimeout(() => {
      setDone((before) => before && { ...before, shown: null });
    }, BRIEF_MS);
    return () => clearTimeout(timer);
  }, [isShown, isBrief]);

  if (done)
    return (
      <>
        <Heading slot="title">{texts.done}</Heading>
        {isBrief ? <p role="status">{done.shown ? texts.brief : texts.hidden}</p> : null}
        {done.shown ? <Shown of={done.shown} /> : null}
        <p>
          {texts.recorded} <code>{done.requestId}</code>
        </p>
        <div className="row">
          <Button kind="main" autoFocus slot="close">
            {done.shown && secretIn(done.shown) ? texts.stored : texts.close}
          </Button>
        </div>
      </>
    );
  return (
    <form onSubmit={submit}>
      <Heading slot="title">{label}</Heading>
      {about === '' ? null : (
        <p className="hint">
          <bdi>{about}</bdi>
        </p>
      )}
      <p className="says">{text}</p>
      {children}
      {act.foresight ? <Foreseen foresight={act.foresight} row={{ ...row, ...of }} /> : null}
      {fields
        .filter(({ name }) => isAsked || name !== asked?.field)
        .map((field) => (
          <Input
            key={field.name}
            field={field.name === asked?.field ? { ...field, isOptional: false, hint: '' } : field}
            value={values[field.name] ?? ''}
            onChange={(next) => setValues((before) => ({ ...before, [field.name]: next }))}
          />
        ))}
      {refusal ? <Problem refusal={refusal} /> : null}
      <div className="row">
        <Button isDisabled={isRunning} slot="close">
          {texts.cancel}
        </Button>
        <Button type="submit" kind={kind === 'danger' ? kind : 'main'} isBusy={isRunning}>
          {label}
        </Button>
      </div>
    </form>
  );
}

function Foreseen({ foresight: { scope, read }, row }: { foresight: Foresight; row: Row }): ReactNode {
  const may = useMay();
  const { value } = useLoaded('foresight', async (signal) => (may(scope) ? read(row, signal) : null));
  return <div role="status">{value ? <Facts of={value} /> : null}</div>;
}

const IDS_TO_USE: readonly string[] = ['principalId', 'applicationId', 'clientId'];

function secretIn(of: Row): string | undefined {
  return Object.keys(of).find((name) => /secret$/i.test(name) && typeof of[name] === 'string');
}

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
        <Facts of={factsOf(of, [name, ...IDS_TO_USE])} />
      </details>
    </>
  );
}

function closeMenu(): void {
  const menu = document.activeElement?.closest<HTMLDetailsElement>('details.menu');
  menu?.removeAttribute('open');
  menu?.querySelector('summary')?.focus();
}

/** The browser saves the text as a file and does not render it. */
function download(name: string, type: string, texts: readonly string[]): void {
  const url = URL.createObjectURL(new Blob([...texts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
