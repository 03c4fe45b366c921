import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { declarations, withApi } from '../apps/cli/src/commands/index';
import { createProgram } from '../apps/cli/src/program';

const ROOT = join(__dirname, '..');
const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
const documents = files.filter((file) =>
  /^(?:docs\/(?:(?:adr|recipes)\/)?[\w-]+|libs\/\w+\/README|(?:published|tools)\/README|README|CONTRIBUTING|CHANGELOG)\.md$/.test(
    file,
  ),
);
const code = files.filter((file) =>
  /^(?:apps|libs|published|tools|test|scripts|bench|deploy|\.ci)\/|^[\w.-]+$/.test(file),
);

const program = createProgram(() => Promise.resolve(), withApi(declarations));

/** What stands in backticks outside of code blocks, without the toys that the recipes make. */
function quotedIn(document: string): readonly string[] {
  const text = readFileSync(join(ROOT, document), 'utf8').replaceAll(/^ *```[^]*?^ *```/gm, '');
  return [...text.matchAll(/`([^`\n]+)`/g)]
    .map(([, quoted = '']) => quoted)
    .filter((quoted) => !/toy/i.test(quoted));
}

/** Code blocks, with each continued line as one. */
function blocksOf(page: string): readonly string[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/\\\n */g, '');
  return text.match(/^ *```[^]*?^ *```/gm) ?? [];
}

describe.each(documents)('%s', (document) => {
  it('names files that exist', () => {
    const paths = quotedIn(document).filter((quoted) =>
      /^(?:apps|libs|published|tools|test|scripts|bench|deploy|docs|\.ci)\/[\w./*-]+$/.test(quoted),
    );

    const names = quotedIn(document).filter((quoted) => /^[\w.-]+\.(?:ts|mjs|cjs)$/.test(quoted));

    expect(paths.filter((path) => !isThere(path))).toEqual([]);
    expect(names.filter((name) => !code.some((file) => basename(file) === name))).toEqual([]);
  });
});

const pages = files.filter((file) =>
  /^(?:deploy|docs|examples|published|test|tools)\/.*\.md$|^(?!CHA)[A-Z]+\.md$/.test(file),
);

describe('names in documents', () => {
  const sources = files
    .filter((file) => !/^(?:bench|test)\/(?!contracts)/.test(file))
    .filter((file) => !/\.md$|[.-]spec\.|\.(?:png|webp|tgz|boc)$|package-lock/.test(file))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'))
    .join('\n');
  const words = new Set(sources.match(/\w+/g));
  const quoted = new Set([...sources.matchAll(/(['"`])(\w+\.\w+)\1/g)].map(([, , name = '']) => name));
  const errors = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
  const features = new Set([...errors.matchAll(/^\| `(\w+)\.\w+`/gm)].map(([, feature]) => feature));

  /** Fields, Mini App methods, metrics and variables of other software, and of the reader's own shell. */
  const foreign = new Set(
    `allowedHeaders cookieCache externalAuth freshAge ignoreStatic logId providerId rewardedAt verifyMessage
    client.address custody.enabled custody.secret rapidpace.language session.absolute session.subscribe
    ACCESS_TOKEN CODE_VERIFIER INIT_DATA OLD_DATABASE REFRESH_TOKEN SECOND_TOKEN WEBHOOK_SECRET
    COMPOSE_FILE NODE_TLS_REJECT_UNAUTHORIZED OTEL_EXPORTER_OTLP_ENDPOINT OTEL_LOGS_EXPORTER
    OTEL_METRICS_EXPORTER OTEL_NODE_ENABLED_INSTRUMENTATIONS OTEL_NODE_RESOURCE_DETECTORS OTEL_SERVICE_NAME
    REMOTE_USER`.split(/\s+/),
  );

  const missing = (names: readonly string[], isThere: (name: string) => boolean): readonly string[] =>
    names.filter((name) => !foreign.has(name) && !isThere(name));

  it.each(pages.filter((page) => !page.endsWith('CHANGELOG.md')))(
    'of operations, error codes and variables exist: %s',
    (page) => {
      const names = quotedIn(page);
      const text = [...names, ...blocksOf(page)].join('\n');

      const operations = names.filter((name) => /^[a-z]+(?:[A-Z][a-z]*)+$/.test(name));
      const codes = names.filter(
        (name) =>
          /^[a-z_]+\.[a-z_]+$/.test(name) &&
          !/\.(?:env|js|json|ts|tsx)$/.test(name) &&
          features.has(name.split('.')[0] ?? ''),
      );
      const variables = text.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? [];

      expect(missing(operations, (name) => words.has(name))).toEqual([]);
      expect(missing(codes, (name) => quoted.has(name))).toEqual([]);
      expect(missing(variables, (name) => words.has(name.replace(/_FILE$/, '')))).toEqual([]);
    },
  );
});

/** A file, a folder, files that match a pattern, or files whose names begin like this. */
function isThere(path: string): boolean {
  const pattern = path.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]*');
  const expression = new RegExp(`^${pattern}`);
  return files.some((file) => expression.test(file));
}

describe('commands of `countersign` in documents', () => {
  it.each(pages.filter((page) => commandsOf(page).length > 0))('exist, with their options: %s', (page) => {
    expect(commandsOf(page).flatMap((text) => faultsOf(text))).toEqual([]);
  });
});

/** Lines of code blocks, and what stands in backticks, with or without the first word. */
function commandsOf(page: string): readonly string[] {
  const lines = blocksOf(page).join('\n').split('\n');
  const groups = program.commands.filter(({ commands }) => commands.length > 0).map((group) => group.name());
  const short = new RegExp(`^(?:${groups.join('|')}) [a-z]`);
  return [...lines, ...quotedIn(page)].flatMap((line) =>
    short.test(line) ? [line] : (/^(?:.*[\s;&|(/])?countersign ([a-z].*)/.exec(line)?.[1] ?? []),
  );
}

/** What is absent is no fault: a sentence may name a command alone. */
function faultsOf(text: string): readonly string[] {
  const [alone = ''] = text.replaceAll(/<\w[^<>]*>/g, 'VALUE').split(/\s(?:[<>|#]|&&|2>|\.\.\.|"\$@")|[;)]/);
  const [first, ...rest] = alone.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  // These commands are scripts of the clone and of the package.
  if (['help', 'init', 'reset', 'start', 'stop'].includes(first ?? '')) return [];
  const group = program.commands.find((one) => one.name() === first);
  const command = group?.commands.find((one) => one.name() === rest[0]) ?? group;
  if (!command || (command.commands.length > 0 && rest[0] !== '--help')) return [text];
  const words = (command === group ? rest : rest.slice(1)).filter((word) => word !== '--help');
  if (command.options.some(({ long, required }) => required && long === words.at(-1))) words.push('VALUE');
  // The words of options are compared below: a page may have a placeholder.
  for (const option of command.options) if (option.argChoices) option.argParser((text) => text);
  const { operands, unknown } = command.parseOptions(words);
  const isMore = operands.length > command.registeredArguments.length;
  const values = command.options.flatMap(({ argChoices, long }) =>
    words.filter(
      (word, index) => argChoices && words[index - 1] === long && ![...argChoices, 'VALUE'].includes(word),
    ),
  );
  return unknown.length > 0 || isMore || values.length > 0 ? [text] : [];
}
