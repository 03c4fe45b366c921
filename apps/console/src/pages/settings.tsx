import { useState, type ReactNode } from 'react';
import type { Row as RowOfApi } from '../api';
import { hrefOf } from '../router';
import { useMay } from '../session';
import { labelOf, texts } from '../texts';
import { Act } from '../ui/act';
import { Button, Card, Choice, Field } from '../ui/basics';
import { FLAG } from '../ui/input';
import type { Of } from '../ui/list';
import { durationOf } from '../ui/times';
import { Facts, Value } from '../ui/values';
import {
  at,
  choicesOf,
  isDuration,
  kindOf,
  patchOf,
  settings,
  textOf,
  valueOf,
  type Setting,
} from './settings-values';

const { applications } = texts;
const groups = [...new Set(settings.map(({ path }) => groupOf(path)))];

export function ChosenSettings({ subject, params }: Of): ReactNode {
  const may = useMay();
  const own = settings.map(({ path }) => [path, inWords(at(subject['settings'], path), path)] as const);
  return (
    <Card
      title={applications.settings}
      acts={
        <a className="button" href={hrefOf('applications', params['applicationId'] ?? '', 'settings')}>
          {may('applications:write') ? applications.change : applications.all}
        </a>
      }
    >
      <Facts of={Object.fromEntries(own)} labelled={nameOf} />
      <p className="hint">{applications.others}</p>
    </Card>
  );
}

function inWords(value: unknown, path: string): unknown {
  if (typeof value === 'number' && isDuration(path)) return durationOf(value);
  const { limit, window } = (value ?? {}) as RowOfApi;
  if (typeof limit !== 'number' || typeof window !== 'number') return value;
  return `${limit.toLocaleString()} ${applications.per} ${durationOf(window)}`;
}

export function Settings(of: Of): ReactNode {
  return <SettingsForm key={String(of.subject['updatedAt'])} {...of} />;
}

function SettingsForm({ subject, params, reload }: Of): ReactNode {
  const { settings: own, effectiveSettings: effective } = subject;
  /** Typed texts by path. Null restores the default. */
  const [drafts, setDrafts] = useState<ReadonlyMap<string, string | null>>(new Map());
  const changes = new Map<string, unknown>();
  const wrong: string[] = [];
  for (const setting of settings) {
    const draft = drafts.get(setting.path);
    if (draft === undefined || draft === textOf(at(effective, setting.path))) continue;
    const changed = draft === null ? null : valueOf(setting, draft);
    if (changed === undefined) wrong.push(setting.path);
    else changes.set(setting.path, changed);
  }
  const touched = wrong.length > 0 ? wrong : [...changes.keys()];
  return (
    <>
      {groups.map((group) => (
        <Card key={group} title={group === '' ? applications.general : labelOf(group)}>
          <div className="settings">
            {settings
              .filter((setting) => groupOf(setting.path) === group)
              .map((setting) => (
                <Row
                  key={setting.path}
                  setting={setting}
                  value={at(effective, setting.path)}
                  isSet={at(own, setting.path) !== undefined}
                  draft={drafts.get(setting.path)}
                  isWrong={wrong.includes(setting.path)}
                  onChange={(draft) => setDrafts((before) => new Map(before).set(setting.path, draft))}
                />
              ))}
          </div>
        </Card>
      ))}
      {touched.length === 0 ? null : (
        <div className="row bar">
          <p role="status">
            {wrong.length > 0 ? applications.wrong : applications.changes}: {touched.map(nameOf).join(', ')}
          </p>
          {wrong.length > 0 ? null : (
            <Act
              act={{ op: 'changeApplication', as: 'changeSettings', body: { settings: patchOf(changes) } }}
              of={params}
              onDone={() => reload('changeApplication')}
            >
              <dl>
                {[...changes].map(([path, next]) => (
                  <div key={path}>
                    <dt>{nameOf(path)}</dt>
                    <dd>
                      <Value name={path} value={inWords(at(effective, path), path)} /> →{' '}
                      <Value name={path} value={next === null ? texts.byDefault : inWords(next, path)} />
                    </dd>
                  </div>
                ))}
              </dl>
            </Act>
          )}
        </div>
      )}
    </>
  );
}

interface RowProps {
  readonly setting: Setting;
  readonly value: unknown;
  readonly isSet: boolean;
  readonly draft: string | null | undefined;
  readonly isWrong: boolean;
  readonly onChange: (draft: string | null) => void;
}

function Row({ setting, value, isSet, draft, isWrong, onChange }: RowProps): ReactNode {
  const { path, byDefault, bounds, meaning } = setting;
  const kind = kindOf(setting);
  const text = draft === undefined ? textOf(value) : (draft ?? '');
  const name = labelOf(path.split('.').at(-1) ?? path);
  const label = isDuration(path) ? `${name} (${applications.seconds})` : name;
  const said = inWords(valueOf(setting, text), path);
  const plain = (markdown: string): string => markdown.replaceAll(/[`[\]"]/g, '');
  const first = kind === 'flag' ? (byDefault === '`true`' ? texts.yes : texts.no) : plain(byDefault);
  return (
    <div className={isWrong ? 'setting wrong' : 'setting'}>
      {kind === 'flag' || kind === 'choice' ? (
        <Choice
          label={label}
          value={text}
          options={[
            ...(draft === null ? [['', texts.byDefault] as const] : []),
            ...(kind === 'flag' ? FLAG : choicesOf(bounds).map((word) => [word, word] as const)),
          ]}
          onChange={onChange}
        />
      ) : (
        <Field
          label={label}
          value={text}
          onChange={onChange}
          hint={kind !== 'text' && typeof said === 'string' ? said : undefined}
          rows={kind === 'json' || kind === 'lines' ? 3 : undefined}
        />
      )}
      <div className="hint">
        <p>{plain(meaning).replace(/^[a-z]/, (letter) => letter.toUpperCase())}</p>
        <p>
          {texts.byDefault}: {first || texts.none}
          {bounds === '' || kind === 'flag' ? '' : `. ${applications.allowed}: ${plain(bounds)}`}
          {kind === 'lines' ? `. ${texts.onePerLine}` : ''}
        </p>
        {isSet && draft !== null ? (
          <Button onPress={() => onChange(null)}>{applications.reset}</Button>
        ) : null}
      </div>
    </div>
  );
}

function nameOf(path: string): string {
  return path.split('.').map(labelOf).join(': ');
}

function groupOf(path: string): string {
  return path.includes('.') ? (path.split('.')[0] ?? '') : '';
}
