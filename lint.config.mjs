import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  boundaries,
  boundariesOfLibs,
  boundarySettings,
  globalsOfTests,
  libNames,
  ownNeeds,
  pureLibs,
} from './lint.boundaries.mjs';
import { errors, recommended, typed, typescript } from './lint.rules.mjs';

const sources = '{apps,libs,published,tools,test,bench,scripts}/**/*.ts';
const tests = [
  '**/*.spec.ts',
  '{libs/*,published,tools}/*/testing/**/*.ts',
  'published/fake-telegram/**/*.ts',
  'test/**/*.ts',
];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export it by its name, so that it is called the same everywhere.',
};
const noEnum = {
  selector: 'TSEnumDeclaration',
  message: 'Use a union of strings: closed sets leave the process as their words.',
};
const noOwnClock = {
  selector:
    "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.object.name='Date'][callee.property.name='now']",
  message: 'Take the time from the injected Clock, or as a parameter.',
};
const noSqlClock = {
  selector:
    ':matches(TemplateElement[value.raw=/\\b(now|clock_timestamp)\\(\\)/], Literal[value=/\\b(now|clock_timestamp)\\(\\)/])',
  message: 'Give the statement the time of the injected Clock as a parameter.',
};
/** See docs/adr/0024-statements-under-load.md. */
const noSqlHere = {
  selector:
    "ImportSpecifier[imported.name=/^(rows|firstRow|locked)$/], CallExpression[callee.property.name='query'], CallExpression[callee.property.name=/^(getRaw(One|Many)|stream)$/]",
  message:
    'SQL and locks of SQL stand in *.repository.ts and *.sql.ts: use the TypeORM repository of the entity here.',
};
const sqlPlaces = [
  '**/*.repository.ts',
  '**/*.sql.ts',
  'libs/platform/database/**',
  'tools/{launcher,private-postgres}/**',
];
/** See docs/adr/0002-sealed-fields.md. */
const noAssertedSeal = {
  selector:
    ':matches(TSAsExpression, TSTypeAssertion) TSTypeReference[typeName.name=/^(Sealed|SealedBytes|SealedProfile|SealedIdentity|Locked\\w*)$/]',
  message:
    'Only libs/pure/crypto makes sealed text, and only a lock makes a locked row: a type assertion would pretend it.',
};
const off = (names) => Object.fromEntries(names.split(' ').map((name) => [`typescript/${name}`, 'off']));
const common = [noDefaultExport, noEnum];
const product = [...common, noAssertedSeal];
const code = ['{apps,libs,published,tools}/**/*.ts'];
const clocked = ['libs/**/*.ts', 'apps/api/**/*.ts', 'published/identity-token/**/*.ts'];
const clocks = ['libs/platform/runtime/src/{clock,observability}/**'];
/** The last entry of a file counts, with all its selectors. */
const noSyntax = (files, excludeFiles, selectors) => ({
  files,
  excludeFiles,
  rules: { 'core/no-restricted-syntax': ['error', ...selectors] },
});

/**
 * Nest reads the types of decorated classes at run time, and oxlint's rule about type imports does not know:
 * https://github.com/oxc-project/oxc/issues/13609
 */
const decorated = ['apps', 'libs', 'published', 'tools', 'test', 'bench'].flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder), { recursive: true })
    .filter((path) => path.endsWith('.ts') && !/(^|\/)(node_modules|dist)\//.test(path))
    .map((path) => `${folder}/${path}`)
    .filter((path) => /^ *@[A-Z]\w*\(/m.test(readFileSync(join(import.meta.dirname, path), 'utf8'))),
);

export default {
  plugins: ['typescript', 'import'],
  jsPlugins: [
    '@eslint-community/eslint-plugin-eslint-comments',
    'eslint-plugin-boundaries',
    './scripts/lib/core-lint-rules.mjs',
  ],
  categories: { correctness: 'error' },
  options: { reportUnusedDisableDirectives: 'error' },
  env: { builtin: true },
  settings: boundarySettings,
  ignorePatterns: [
    ...['dist*/', 'published/*/dist/', 'examples/*/dist/', '**/generated/'],
    ...['coverage/', '.data/', 'reports/', '.stryker-tmp/'],
  ],
  rules: {
    ...recommended,
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-console': 'error',
    'import/no-cycle': 'error',
    // Of `correctness`: texts are spread into code points on purpose, and sorted as such.
    'typescript/no-misused-spread': 'off',
    'typescript/require-array-sort-compare': 'off',
    ...errors(
      '@eslint-community/eslint-comments/',
      `disable-enable-pair no-aggregating-enable no-duplicate-disable no-unlimited-disable no-unused-enable
       require-description`,
    ),
  },
  overrides: [
    {
      files: ['**/*.mjs', '*.js', '**/*.cjs'],
      env: { node: true, es2024: true },
      // They have no types.
      rules: off(
        'await-thenable no-meaningless-void-operator no-useless-default-assignment restrict-template-expressions unbound-method',
      ),
    },
    { files: [sources], rules: { ...typescript, ...typed } },
    {
      files: ['examples/*/src/**/*.{ts,tsx}'],
      rules: { ...typescript, 'core/no-restricted-syntax': ['error', ...common] },
    },
    {
      files: ['apps/console/**/*.tsx'],
      rules: { ...typescript, ...typed, 'core/no-restricted-syntax': ['error', ...common] },
    },
    {
      files: [sources],
      excludeFiles: decorated,
      rules: { 'typescript/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }] },
    },

    noSyntax(code, [], common),
    noSyntax(code, tests, product),
    { files: code, excludeFiles: tests, rules: { 'no-restricted-globals': ['error', ...globalsOfTests] } },
    noSyntax(code, [...sqlPlaces, ...tests], [...product, noSqlHere]),
    noSyntax(clocked, [...clocks, ...tests], [...product, noOwnClock, noSqlClock]),
    noSyntax(clocked, [...clocks, ...sqlPlaces, ...tests], [...product, noOwnClock, noSqlClock, noSqlHere]),
    {
      files: ['{libs,published}/**/*.ts'],
      excludeFiles: tests,
      rules: {
        'no-restricted-properties': [
          'error',
          { object: 'process', property: 'env', message: 'Inject Configuration: it is read once, at boot.' },
        ],
      },
    },
    boundaries,
    ...boundariesOfLibs,
    libNames,
    pureLibs,
    ...ownNeeds,

    {
      files: tests,
      rules: {
        // An answer that is missing throws, and the test fails by that.
        'no-unsafe-optional-chaining': 'off',
        // jest's asymmetric matchers are typed `any`, what is thrown at a function has no decent shape, builders answer what their
        // one expression says, and handles and mocks are taken apart.
        ...off(
          'no-unsafe-argument no-unsafe-assignment no-base-to-string explicit-module-boundary-types unbound-method',
        ),
      },
    },
  ],
};
