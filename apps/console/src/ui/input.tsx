import { useState, type ReactNode } from 'react';
import { useNames } from '../names';
import { useSession } from '../session';
import { labelOf, rolesOf, texts, wordOf } from '../texts';
import { Button, Choice, Field } from './basics';
import type { ApiField } from './operations';

interface InputProps {
  readonly field: ApiField;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** For a filter: the label of a choice without a value. Its instants are in the past. */
  readonly absent?: string;
}

interface ControlProps extends Pick<InputProps, 'value' | 'onChange'> {
  readonly label: string;
  readonly hint: string | undefined;
}

export const FLAG = [
  ['false', texts.no],
  ['true', texts.yes],
] as const;

/** Descriptions of more than two words become hints. */
export function Input({ field, value, onChange, absent }: InputProps): ReactNode {
  const { name, kind, isOptional, options = [], byDefault } = field;
  const known = useNames(
    name === 'actor' ? 'principalId' : name === 'applicationIds' ? 'applicationId' : name,
  );
  const label = kind === 'id' && known.size === 0 ? `${labelOf(name)} ID` : labelOf(name);
  const hints = [
    ...(field.hint.split(' ').length > 2 && !(kind === 'id' && known.size > 0) ? [field.hint] : []),
    ...(kind === 'lines' && known.size === 0 ? [texts.onePerLine] : []),
  ];
  const hint = hints.length === 0 ? undefined : hints.join(' ');
  const props = { label, hint, value, onChange };
  const named =
    name === 'actor'
      ? [...[...known].map(([id, each]) => [`principal:${id}`, each] as const), ['system', 'system'] as const]
      : [...known];
  const none = isOptional && byDefault === undefined ? [['', absent ?? texts.byDefault] as const] : [];
  if (kind === 'choices')
    return (
      <Choices
        {...props}
        options={options.map((option) => [option, option])}
        hasRoles={options.includes('principals:write')}
      />
    );
  if (kind === 'lines' && known.size > 0) return <Choices {...props} options={[...known]} />;
  if (kind === 'instant') return <InstantInput {...props} isOptional={isOptional} absent={absent} />;
  if (kind === 'flag') return <Choice {...props} options={FLAG} />;
  if (kind === 'choice') {
    const words = options.map((each) => [each, wordOf(name, each)] as const);
    if (name === 'action') words.sort(([, one], [, other]) => one.localeCompare(other));
    return <Choice {...props} options={[...none, ...words]} />;
  }
  if (known.size > 0 && (kind === 'id' || name === 'actor'))
    return (
      <KnownInput
        {...props}
        isRequired={!isOptional}
        options={[...(isOptional ? none : [['', texts.choose] as const]), ...named]}
      />
    );
  return (
    <Field
      {...props}
      label={isOptional && absent === undefined ? `${label} (${texts.optional})` : label}
      isRequired={!isOptional}
      type={kind === 'secret' ? 'password' : 'text'}
      rows={kind === 'lines' ? 3 : undefined}
    />
  );
}

interface KnownInputProps extends ControlProps {
  readonly isRequired: boolean;
  readonly options: readonly (readonly [value: string, label: string])[];
}

function KnownInput({ options, ...props }: KnownInputProps): ReactNode {
  const [isTyped, setTyped] = useState(false);
  return (
    <>
      <Choice
        {...props}
        value={isTyped ? OTHER : props.value}
        options={[...options, [OTHER, texts.other]]}
        onChange={(next) => {
          setTyped(next === OTHER);
          props.onChange(next === OTHER ? '' : next);
        }}
      />
      {isTyped ? <Field {...props} hint={undefined} label={`${props.label}: ${texts.other}`} /> : null}
    </>
  );
}

const OTHER = 'other';

interface InstantInputProps extends ControlProps {
  readonly isOptional: boolean;
  readonly absent: string | undefined;
}

const HOUR_MS = 3_600_000;
const future = [1, 24, 30 * 24, 90 * 24] as const;

function InstantInput({ label, hint, value, onChange, isOptional, absent }: InstantInputProps): ReactNode {
  const [chosen, setChosen] = useState('');
  const isPast = absent !== undefined;
  const presets: readonly (readonly [string, () => number])[] = isPast
    ? [
        [texts.times.lastHour, () => Date.now() - HOUR_MS],
        [texts.times.today, () => new Date().setHours(0, 0, 0, 0)],
        [texts.times.lastWeek, () => Date.now() - 7 * 24 * HOUR_MS],
      ]
    : future.map((hours, index) => [texts.times.in[index] ?? '', () => Date.now() + hours * HOUR_MS]);
  return (
    <>
      <Choice
        label={label}
        hint={hint}
        value={chosen}
        isRequired={!isOptional}
        options={[
          ['', isOptional ? (absent ?? texts.byDefault) : texts.choose],
          ...presets.map(([each]) => [each, each] as const),
          ['date', texts.times.date],
        ]}
        onChange={(next) => {
          setChosen(next);
          const make = presets.find(([each]) => each === next)?.[1];
          onChange(make ? new Date(make()).toISOString() : '');
        }}
      />
      {chosen === 'date' ? (
        <Field
          label={`${label}: ${texts.times.date}`}
          type="datetime-local"
          value={value === '' ? '' : localOf(value)}
          onChange={(text) => onChange(text === '' ? '' : new Date(text).toISOString())}
        />
      ) : null}
    </>
  );
}

function localOf(instant: string): string {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

interface ChoicesProps extends ControlProps {
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly hasRoles?: boolean;
}

/** Groups options such as `users:read` by the word before the sign. @param value the chosen options, one per line */
function Choices({ label, hint, options, value, onChange, hasRoles = false }: ChoicesProps): ReactNode {
  const { scopes } = useSession();
  const chosen = value.split('\n').filter((each) => each !== '');
  const groups = [...new Set(options.map(([option]) => groupOf(option)))];
  return (
    <fieldset className="field plain">
      <legend>{label}</legend>
      {hint === undefined ? null : <span className="hint">{hint}</span>}
      {hasRoles ? (
        <div className="row">
          {rolesOf(scopes).map(([role, ofRole]) => (
            <Button
              key={role}
              aria-pressed={ofRole.length === chosen.length && ofRole.every((each) => chosen.includes(each))}
              onPress={() => onChange(ofRole.join('\n'))}
            >
              {role}
            </Button>
          ))}
        </div>
      ) : null}
      {groups.map((group) => (
        <fieldset key={group} className="checks">
          {group === '' ? null : <legend>{labelOf(group)}</legend>}
          <div className="row">
            {options
              .filter(([option]) => groupOf(option) === group)
              .map(([option, word]) => (
                <label key={option}>
                  <input
                    type="checkbox"
                    checked={chosen.includes(option)}
                    onChange={({ target }) => {
                      const others = chosen.filter((each) => each !== option);
                      onChange((target.checked ? [...others, option] : others).join('\n'));
                    }}
                  />
                  {option === '*' ? texts.all : labelOf(word.slice(group === '' ? 0 : group.length + 1))}
                </label>
              ))}
          </div>
        </fieldset>
      ))}
    </fieldset>
  );
}

function groupOf(option: string): string {
  return /^(.+)[.:]/.exec(option)?.[1] ?? '';
}
