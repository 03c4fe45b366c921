import eslintComments from '@eslint-community/eslint-plugin-eslint-comments/configs';
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import {
  boundaries,
  boundariesOfLibs,
  client,
  clientForReact,
  identityToken,
  libNames,
  pureLibs,
} from './eslint.boundaries.mjs';

const typescript = '{apps,libs,test,bench,scripts}/**/*.ts';
const tests = ['**/*.spec.ts', 'libs/*/testing/**/*.ts', 'libs/fake-telegram/**/*.ts', 'test/**/*.ts'];

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
/** See docs/adr/0037-what-typeorm-is-for.md. */
const noSqlHere = {
  selector:
    "ImportSpecifier[imported.name=/^(rows|firstRow)$/], CallExpression[callee.property.name='query'], CallExpression[callee.property.name=/^(getRaw(One|Many)|stream)$/]",
  message: 'SQL stands in *.repository.ts and *.sql.ts: use the TypeORM repository of the entity here.',
};
const sqlPlaces = [
  '**/*.repository.ts',
  '**/*.sql.ts',
  'libs/{database,private-postgres}/**',
  // Sends what pg-boss hands over.
  'libs/jobs/src/job-connections.ts',
  'apps/launcher/**',
];
/** See docs/adr/0002-sealed-fields.md. */
const noAssertedSeal = {
  selector:
    ':matches(TSAsExpression, TSTypeAssertion) TSTypeReference[typeName.name=/^(Sealed|SealedBytes|SealedProfile|SealedIdentity)$/]',
  message:
    'Only libs/crypto makes sealed text: a type assertion would let plain text into a personal column.',
};
const common = [noDefaultExport, noEnum];
const product = [...common, noAssertedSeal];

export default defineConfig(
  globalIgnores([
    'dist*/',
    'libs/*/dist/',
    'examples/*/dist/',
    'coverage/',
    '.data/',
    'reports/',
    '.stryker-tmp/',
    'libs/client/src/api-types.d.ts',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  js.configs.recommended,
  eslintComments.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      '@eslint-community/eslint-comments/require-description': 'error',
    },
  },
  {
    files: ['**/*.mjs', '*.js'],
    languageOptions: {
      globals: {
        AbortSignal: 'readonly',
        Buffer: 'readonly',
        fetch: 'readonly',
        performance: 'readonly',
        process: 'readonly',
        setTimeout: 'readonly',
        URL: 'readonly',
      },
    },
  },
  {
    files: ['*.js', '**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { __dirname: 'readonly', performance: 'readonly', process: 'readonly' },
    },
  },

  {
    files: [typescript],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // In files with decorators it leaves imports alone that Nest needs at run time: it reads the tsconfig.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],

      // `const { left, ...rest }` is how a field is left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // A number in a template says what it is; everything else has to be turned into text on purpose.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest's modules are classes with nothing but a decorator, or a static factory.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // `environment['PORT']` is how an index signature shows that the key may be absent.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // An arrow function of one call reads as that call, whether it answers or not.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // An empty variable of the environment counts as absent: for strings `||` is meant.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      // Hooks of Fastify and methods of Nest's interfaces promise without having to wait for anything.
      '@typescript-eslint/require-await': 'off',
      // Entities and responses are classes for their decorators only: object literals of their shape are wanted.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Copies of such entities are plain objects on purpose.
      '@typescript-eslint/no-misused-spread': 'off',
      // It asks for `!`, which another rule of the same set forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // Enums are forbidden in apps and libs (see noEnum), and this rule takes a fifth of the lint time.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // `export *` of a file with types only costs nothing and stays right when a value joins them.
      '@typescript-eslint/consistent-type-exports': 'off',
    },
  },

  {
    // Without types: what the examples import is installed by their own command, whose build checks their types.
    files: ['examples/*/src/**/*.{ts,tsx}'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    rules: { 'no-restricted-syntax': ['error', ...common] },
  },
  { files: ['{apps,libs}/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...common] } },
  {
    files: ['{apps,libs}/**/*.ts'],
    ignores: tests,
    rules: { 'no-restricted-syntax': ['error', ...product] },
  },
  {
    files: ['{apps,libs}/**/*.ts'],
    ignores: [...sqlPlaces, ...tests],
    rules: { 'no-restricted-syntax': ['error', ...product, noSqlHere] },
  },
  {
    files: ['libs/**/*.ts'],
    ignores: ['libs/{client,clock,private-postgres,observability}/**', ...tests],
    rules: { 'no-restricted-syntax': ['error', ...product, noOwnClock] },
  },
  {
    files: ['libs/**/*.ts'],
    ignores: ['libs/{client,clock,private-postgres,observability}/**', ...sqlPlaces, ...tests],
    rules: { 'no-restricted-syntax': ['error', ...product, noOwnClock, noSqlHere] },
  },
  {
    files: ['libs/**/*.ts'],
    ignores: ['libs/private-postgres/**', ...tests],
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
  identityToken,
  client,
  clientForReact,

  {
    files: tests,
    rules: {
      // jest's asymmetric matchers (`expect.any(String)`) are typed `any`.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      // What is thrown at a function to see that it withstands it has no decent shape.
      '@typescript-eslint/no-base-to-string': 'off',
      // Builders answer what their one expression says; handles and mocks are taken apart.
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
