interface Documents {
  commentsOf(source: string): string;
  wordProblems(path: string, text: string, words: Record<string, string>): string[];
  recordProblems(documents: Map<string, string>): string[];
  linkProblems(documents: Map<string, string>, exists: (path: string) => boolean): string[];
}

const { wordProblems, commentsOf, linkProblems, recordProblems } =
  jest.requireActual<Documents>('./lib/documents.mjs');

interface Identifiers {
  identifierProblems(
    path: string,
    source: string,
    list: { words: Record<string, string>; ordinary: Record<string, string> },
  ): string[];
}

const { identifierProblems } = jest.requireActual<Identifiers>('./lib/identifiers.mjs');

describe('wordProblems', () => {
  const words = { nobody: 'name the role', 'for ever': 'permanently' };

  it.each([
    ['a word', 'One.\n\nNobody signs in.', ['a.md:3 says "nobody". Instead: name the role.']],
    ['a phrase over two lines', 'It lives for\never.', ['a.md:1 says "for ever". Instead: permanently.']],
    ['a part of another word', 'Nobodyness, foreverness', []],
    ['a name in backticks', 'The setting `nobody` and `for ever`', []],
  ])('looks at %s', (_, text, expected) => {
    expect(wordProblems('a.md', text, words)).toEqual(expected);
  });
});

describe('commentsOf', () => {
  const check = (source: string) => wordProblems('a.ts', commentsOf(source), { 'for ever': 'permanently' });

  it.each([
    ['a comment on one line', 'run();\n// for ever', 2],
    ['a comment behind code', 'run(); // for ever', 1],
    ['a docstring', 'run();\n  /** It lives for ever. */\nrun();', 2],
    ['a phrase over two lines of a docstring', '/**\n * It lives for\n * ever.\n */', 2],
    ['a phrase over two comments', '// It lives for\n// ever.', 1],
  ])('finds words in %s', (_, source, line) => {
    expect(check(source)).toEqual([`a.ts:${line} says "for ever". Instead: permanently.`]);
  });

  it.each([
    ['code', "run('for ever', forEver);"],
    ['a URL', "run('https://example.com/ for ever');"],
    ['code between comments', "/** One. */\nrun('for ever');\n// Two."],
  ])('leaves out %s', (_, source) => {
    expect(check(source)).toEqual([]);
  });
});

describe('linkProblems', () => {
  const target =
    '# One\n\n## `GET /v1/me`, twice\n\n## Two\n\n## Two\n\n<a id="old"></a>\n\n```sh\n# Shell\n```\n';
  const check = (link: string) =>
    linkProblems(
      new Map([
        ['docs/a.md', `# Here\n\nSee [it](${link}).`],
        ['docs/adr/b.md', target],
      ]),
      (path) => path === 'libs/platform/http',
    );

  it.each([
    'adr/b.md',
    'adr/b.md#one',
    'adr/b.md#get-v1me-twice',
    'adr/b.md#two-1',
    'adr/b.md#old',
    '#here',
    '../libs/platform/http',
    '../libs/platform/http/',
    'https://example.com/nothing#here',
  ])('accepts %s', (link) => {
    expect(check(link)).toEqual([]);
  });

  it.each(['adr/c.md', 'adr/b.md#three', 'adr/b.md#two-2', 'adr/b.md#shell', '#one', '../libs'])(
    'reports %s',
    (link) => {
      expect(check(link)).toEqual([`docs/a.md links to nothing: (${link})`]);
    },
  );
});

describe('recordProblems', () => {
  const index = '| number | title | what |\n| --- | --- | --- |\n| [0001](0001-a.md)   | One | of two |\n';
  const check = (record: string) =>
    recordProblems(
      new Map([
        ['docs/adr/README.md', index],
        ['docs/adr/0001-a.md', record],
      ]),
    );

  it('accepts a record that stands in the index', () => {
    expect(check('# 0001: One\n\nText.\n')).toEqual([]);
  });

  it('reports another title than the index has', () => {
    expect(check('# 0001: Two\n')).toEqual([
      'docs/adr/README.md lacks this row: | [0001](0001-a.md) | Two | ',
    ]);
  });

  it('reports a record without a title', () => {
    expect(check('One\n')).toEqual(['docs/adr/0001-a.md starts with "# <number>: <title>".']);
  });
});

describe('identifierProblems', () => {
  const list = { words: { kept: 'stored' }, ordinary: { isKept: 'a field of the API' } };
  const check = (source: string) => identifierProblems('a.ts', source, list);

  it.each([
    ['a variable', 'const kept = 1;'],
    ['a destructured name', 'const { kept } = run();'],
    ['a parameter', '(kept: number) => 1;'],
    ['a function', 'function kept() {}'],
    ['a type', 'interface Kept {}'],
    ['a property', 'type A = { readonly kept: number };'],
    ['a private field', 'class A { #kept = 1; }'],
    ['a getter', 'class A { get kept() { return 1; } }'],
    ['a word of a name', 'const isKeptUntil = 1;'],
    ['a word of a constant', 'const KEPT_DAYS = 1;'],
  ])('finds the word in %s', (_, source) => {
    expect(check(`run();\n${source}`)).toEqual([
      expect.stringMatching(/^a\.ts:2 declares ".*"\. Instead of "kept": stored\.$/),
    ]);
  });

  it.each([
    ['a use', 'run(kept.kept);'],
    ['an imported name', "import { kept } from 'a';"],
    ['a property of an object literal', 'run({ kept: 1 });'],
    ['letters within a word', 'const unkeptly = 1;'],
    ['a name that stays', 'const isKept = 1;'],
  ])('leaves out %s', (_, source) => {
    expect(check(source)).toEqual([]);
  });
});
