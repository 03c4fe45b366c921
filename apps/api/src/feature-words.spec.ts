import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allScopes } from '@countersign/admin';
import { auditActions } from '@countersign/audit';
import { eventTypeNames } from '@countersign/events';
import { doorNames } from '@countersign/sessions';

interface Lib {
  readonly name: string;
  readonly wing: string;
  readonly mayImport: readonly string[];
}

const ROOT = join(__dirname, '../../..');
const { libs } = jest.requireActual<{ readonly libs: readonly Lib[] }>('../../../lint.boundaries.mjs');

// Each registers its words.
for (const { name, wing } of libs)
  if (wing.startsWith('libs/')) jest.requireActual(join(ROOT, wing, name, 'src/index.ts'));

/** The sources of each lib, without examples of the documents, which may name any word. */
const sources = new Map(
  libs.map(({ name, wing }) => {
    const folder = join(ROOT, wing, name, 'src');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return [
      name,
      files
        .filter((file) => /(?<!\.spec)\.ts$/.test(file))
        .map((file) => sourceOf(join(wing, name, 'src', file))),
    ];
  }),
);

/** A word without `.`, `:` or `-`, such as `wallet`, has other meanings too. */
const words = [...new Set<string>([...auditActions, ...eventTypeNames, ...allScopes, ...doorNames])].filter(
  (word) => /[.:-]/.test(word),
);

describe('a word of a feature', () => {
  it.each(words)('is in no lib below the one that registers it: %s', (word) => {
    const owners = libs.filter(({ name }) => sourcesOf(name).some((one) => isDeclaredIn(one, word)));
    const below = owners[0]?.mayImport ?? [];

    expect(owners).not.toEqual([]);
    const files = below.flatMap((name) => sourcesOf(name).filter(({ text }) => isQuoted(text, word)));
    expect(files.map(({ file }) => file)).toEqual([]);
  });
});

interface Source {
  readonly file: string;
  readonly text: string;
}

function sourceOf(file: string): Source {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  return { file, text: lines.filter((line) => !/example|^ *@[A-Z]\w+\(/i.test(line)).join('\n') };
}

function sourcesOf(lib: string): readonly Source[] {
  return sources.get(lib) ?? [];
}

function isDeclaredIn({ file, text }: Source, word: string): boolean {
  return (file.endsWith('.feature.ts') || /\bown[A-Z]\w+ = define/.test(text)) && isQuoted(text, word);
}

function isQuoted(text: string, word: string): boolean {
  return text.includes(`'${word}'`);
}
