import { useId, type ReactNode } from 'react';
import {
  Button as AriaButton,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField,
  type ButtonProps,
} from 'react-aria-components';
import type { Refusal } from '../api';
import { texts } from '../texts';

/** Removes the characters that change the direction of the text around them. */
export function plain(name: string): string {
  return name.replaceAll(/\p{Bidi_Control}/gu, '');
}

interface OwnButtonProps extends ButtonProps {
  readonly kind?: 'plain' | 'main' | 'danger' | 'copy' | 'day';
  /** True while the call runs. The form sends no second call, and the button keeps the focus. */
  readonly isBusy?: boolean;
}

export function Button({ kind = 'plain', isBusy = false, ...props }: OwnButtonProps): ReactNode {
  return (
    <AriaButton {...props} className={`${kind === 'day' ? '' : 'button '}${kind}${isBusy ? ' busy' : ''}`} />
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string | undefined;
  readonly isRequired?: boolean | undefined;
  readonly type?: 'text' | 'password' | 'datetime-local' | 'number';
  readonly rows?: number | undefined;
  readonly autoComplete?: string;
}

export function Field({
  label,
  hint,
  rows,
  type = 'text',
  autoComplete = 'off',
  isRequired = false,
  ...props
}: FieldProps): ReactNode {
  return (
    <TextField {...props} isRequired={isRequired} type={type} autoComplete={autoComplete} className="field">
      <Label>{label}</Label>
      {rows === undefined ? <Input spellCheck={false} /> : <TextArea rows={rows} spellCheck={false} />}
      {hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="error" />
    </TextField>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: string;
  readonly isRequired?: boolean;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}

export function Choice({
  label,
  hint,
  value,
  options,
  onChange,
  isRequired = false,
}: ChoiceProps): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        required={isRequired}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map(([option, word]) => (
          <option key={option} value={option}>
            {word}
          </option>
        ))}
      </select>
      {hint === undefined ? null : (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      )}
    </div>
  );
}

interface ProblemProps {
  readonly refusal: Refusal;
  /** Loads again. Absent if the person sends a form again instead. */
  readonly retry?: () => void;
}

export function Problem({ refusal, retry }: ProblemProps): ReactNode {
  const detail = texts.help[refusal.code] ?? refusal.detail;
  return (
    <div role="alert" className="problem">
      <strong>{refusal.title}</strong>
      {detail === '' || detail === refusal.title ? null : <p>{detail}</p>}
      <p className="hint">
        <code>{refusal.code}</code>
        {refusal.requestId === null ? null : (
          <>
            {' '}
            {texts.request} <code>{refusal.requestId}</code>
          </>
        )}
      </p>
      {retry ? <Button onPress={retry}>{texts.tryAgain}</Button> : null}
    </div>
  );
}

interface CardProps {
  readonly title?: string;
  readonly acts?: ReactNode;
  readonly children: ReactNode;
}

export function Card({ title, acts, children }: CardProps): ReactNode {
  return (
    <section className="card">
      {title === undefined ? null : (
        <div className="card-head">
          <h2>{title}</h2>
          {acts}
        </div>
      )}
      {children}
    </section>
  );
}

export function Loading(): ReactNode {
  return (
    <p role="status" className="hint">
      {texts.loading}
    </p>
  );
}
