import type { ReactNode } from 'react';
import { labelOf, texts } from '../texts';
import { Choice, Field } from './basics';
import type { ApiField } from './operations';

interface InputProps {
  readonly field: ApiField;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What a choice says of no value. */
  readonly absent?: string;
}

/** The input for a field of the API. Descriptions of more than two words are hints. */
export function Input({ field, value, onChange, absent = texts.byDefault }: InputProps): ReactNode {
  const { name, kind, isOptional, options = [], byDefault } = field;
  const label = kind === 'id' ? `${labelOf(name)} ID` : labelOf(name);
  const hints = [
    ...(field.hint.split(' ').length > 2 ? [field.hint] : []),
    ...(kind === 'instant' ? [texts.instantHint] : []),
    ...(kind === 'lines' ? [texts.onePerLine] : []),
  ];
  const hint = hints.length === 0 ? undefined : hints.join(' ');
  const props = { label, hint, value, onChange };
  if (kind === 'choices') return <Choices {...props} options={options} />;
  if (kind === 'flag')
    return (
      <Choice
        {...props}
        options={[
          ['false', texts.no],
          ['true', texts.yes],
        ]}
      />
    );
  if (kind === 'choice')
    return (
      <Choice
        {...props}
        options={[
          ...(isOptional && byDefault === undefined ? [['', absent] as const] : []),
          ...options.map((option) => [option, option] as const),
        ]}
      />
    );
  return (
    <Field
      {...props}
      isRequired={!isOptional}
      type={kind === 'secret' ? 'password' : 'text'}
      rows={kind === 'lines' ? 3 : undefined}
    />
  );
}

interface ChoicesProps extends Omit<InputProps, 'field'> {
  readonly label: string;
  readonly hint: string | undefined;
  readonly options: readonly string[];
}

/** Options such as `users:read` and `users:write`, grouped by the word before the sign. @param value the chosen ones, one per line */
function Choices({ label, hint, options, value, onChange }: ChoicesProps): ReactNode {
  const chosen = value.split('\n').filter((each) => each !== '');
  const groups = [...new Set(options.map(groupOf))];
  return (
    <fieldset className="field plain">
      <legend>{label}</legend>
      {hint === undefined ? null : <span className="hint">{hint}</span>}
      {groups.map((group) => (
        <fieldset key={group} className="checks">
          {group === '' ? null : <legend>{labelOf(group)}</legend>}
          {options
            .filter((option) => groupOf(option) === group)
            .map((option) => (
              <label key={option}>
                <input
                  type="checkbox"
                  checked={chosen.includes(option)}
                  onChange={({ target }) => {
                    const others = chosen.filter((each) => each !== option);
                    onChange((target.checked ? [...others, option] : others).join('\n'));
                  }}
                />
                {option === '*' ? texts.all : labelOf(option.slice(group === '' ? 0 : group.length + 1))}
              </label>
            ))}
        </fieldset>
      ))}
    </fieldset>
  );
}

function groupOf(option: string): string {
  return /^(.+)[.:]/.exec(option)?.[1] ?? '';
}
