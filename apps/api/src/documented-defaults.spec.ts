import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApplicationSettings } from '@countersign/applications';
import './app.module';
import { FeaturesInUse } from './features';

/** Field and default of each row of the table in docs/settings.md. */
function documentedDefaults(): readonly [field: string, text: string][] {
  const document = readFileSync(join(__dirname, '../../../docs/settings.md'), 'utf8');
  const table = /^\| field .*\n\| -.*\n((?:\|.*\n)+)/m.exec(document)?.[1] ?? '';
  return table
    .trim()
    .split('\n')
    .map((row) => {
      const [, field = '', text = ''] = row.split('|').map((cell) => cell.trim());
      return [field.replaceAll('`', ''), text];
    });
}

/** What a cell stands for: `1800 (30 minutes)`, `600 in 300`, `none`, a word or JSON in backquotes. */
function valueOf(text: string): unknown {
  if (text === '' || text === 'none') return undefined;
  const rate = /^(\d+) in (\d+)$/.exec(text);
  if (rate) return { limit: Number(rate[1]), window: Number(rate[2]) };
  const number = /^\d+/.exec(text);
  if (number) return Number(number[0]);
  const quoted = text.replaceAll('`', '');
  return /^(?:[[{]|true$|false$)/.test(quoted) ? (JSON.parse(quoted) as unknown) : quoted;
}

/** `group.name` of settings in groups, and names of others. */
function settingsIn(groups: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(groups).flatMap(([group, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.keys(value).map((name) => `${group}.${name}`)
      : [group],
  );
}

describe('the default of a setting', () => {
  let defaults: Record<string, unknown>;
  const rows = documentedDefaults();

  beforeAll(async () => {
    await FeaturesInUse.load(['all']);
    defaults = JSON.parse(JSON.stringify(new ApplicationSettings())) as Record<string, unknown>;
  });

  it('is documented for each group of settings', () => {
    const groups = new Set(rows.map(([field]) => field.split('.')[0]));
    expect(groups).toEqual(new Set(Object.keys(defaults)));
  });

  it('is documented for each setting', () => {
    const documented = rows.map(([field]) => field);
    expect(settingsIn(defaults).filter((field) => !documented.includes(field))).toEqual([]);
  });

  it.each(rows)('of %s is the documented one: %s', (field, text) => {
    const value = field
      .split('.')
      .reduce<unknown>((settings, name) => (settings as Record<string, unknown>)[name], defaults);
    expect(value ?? undefined).toEqual(valueOf(text));
  });
});
