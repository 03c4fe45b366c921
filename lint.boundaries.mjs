import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The libs of a wing, from the ground up, as its page lists them: `- \`teams\`: members and roles`. */
const listedIn = (wing) =>
  Array.from(
    readFileSync(join(import.meta.dirname, wing, 'README.md'), 'utf8').matchAll(/^- `([\w-]+)`:/gm),
    ([, name]) => name,
  );
const wing = (name, ...mayImport) => ({
  wing: `libs/${name}`,
  mayImport: mayImport.map((other) => `libs/${other}`),
  libs: listedIn(`libs/${name}`),
});

/**
 * The wings of the house, from the ground up: a lib may import those of the wings that its own names, and those that
 * stand before it in its own, so that there cannot be a circle.
 *
 * @type {{ wing: string, mayImport: string[], libs: string[] }[]}
 */
const wings = [
  // No framework, no I/O, no clock, no environment.
  wing('pure'),
  wing('platform', 'pure'),
  wing('identity', 'pure', 'platform'),
  wing('community', 'pure', 'platform', 'identity'),
  wing('wallets', 'pure', 'platform', 'identity'),
  wing('delivery', 'pure', 'platform', 'identity'),
  // APIs of other services, on top of all: nothing imports them.
  wing('doors', 'pure', 'platform', 'identity', 'community', 'wallets'),
  // Published alone, and so without the rest of this repository and without each other.
  ...['identity-token', 'client', 'webhook-events', 'verify', 'fake-telegram'].map((name) => ({
    wing: 'published',
    mayImport: ['libs/pure'],
    libs: [name],
  })),
  { wing: 'tools', mayImport: [], libs: ['private-postgres'] },
];

/** Keys of embedded wallets are used in the process of custody, and its calls are made by one lib. */
const libsOfCustody = ['wallet-keys', 'custody-protocol', 'custody-rules'];
const clientOfCustody = 'embedded-wallets';

/** Each lib with those that it may import. */
const libs = wings.flatMap(({ wing, mayImport, libs: ofWing }) => {
  const below = wings.filter((other) => mayImport.includes(other.wing)).flatMap((other) => other.libs);
  return ofWing.map((name, index, neighbours) => ({
    name,
    wing,
    mayImport: [
      ...below.filter((lower) => name === clientOfCustody || !libsOfCustody.includes(lower)),
      ...neighbours.slice(0, index),
    ],
  }));
});

const names = libs.map(({ name }) => name);
const namesIn = (folder) => libs.filter(({ wing }) => wing === folder).map(({ name }) => name);
/** Without what is for tests, benches and the launcher, or for other programs: never in what is deployed. */
const productLibs = names.filter(
  (name) => ![...namesIn('published'), ...namesIn('tools'), ...libsOfCustody].includes(name),
);

const element = (type, name, fileInternalPath) => ({
  element: { type, ...(name && { captured: { name } }), ...(fileInternalPath && { fileInternalPath }) },
});
const app = (name, file) => element('app', name, file);
const lib = (name, file) => element('lib', name, file);
const entry = (name) => lib(name, 'src/index.ts');
const testing = lib(undefined, 'testing/index.ts');
/** Tests see the compiled types of the client: its sources need the globals of browsers. */
const entriesOfClient = lib('client', 'dist/*.d.ts');

/** Which files may import which. */
const policies = [
  ...libs.map(({ name, mayImport }) => [
    lib(name),
    lib(name),
    ...(mayImport.length > 0 ? [entry(mayImport)] : []),
  ]),
  [app('api'), app('api'), entry(productLibs)],
  // The lists of features and of modules are one.
  [app('cli'), app('cli'), entry(productLibs), app('api', 'src/{core.modules,features}.ts')],
  // Keys of wallets are in a process without business libs.
  [
    app('custody'),
    app('custody'),
    entry([
      ...['crypto', 'custody-protocol', 'custody-rules', 'database', 'fetch', 'runtime'],
      ...['wallet-acts', 'wallet-keys', 'wallet-proofs'],
    ]),
  ],
  // It passes calls on to custody.
  [app('consent'), app('consent'), entry(['custody-protocol', 'runtime'])],
  // The launcher starts the product in its own process, with a private database, a fake Telegram and a page around it.
  [app('launcher'), app(['api', 'cli', 'consent', 'launcher', 'playground']), entry(names), testing],
  // The playground is a module of development; its page uses the client as pages do.
  [app('playground'), app('playground'), entry(names), entriesOfClient],
  // Specs try their properties equally often, and compare times in one way.
  [lib([...namesIn('libs/pure'), 'http'], 'src/**/*.spec.ts'), lib('text', 'testing/index.ts')],
  [app('custody', 'src/**/*.spec.ts'), lib('text', 'testing/index.ts')],
  // The verifiers are tried with what the fake Telegram signs.
  [lib('proofs', '{src/**/*.spec,testing/**/*}.ts'), entry('fake-telegram')],
  // The command loads the fake Telegram when it is called, since the image has none, and imports its types alone.
  [app('cli', 'src/commands/fake-telegram.ts'), entry('fake-telegram')],
  [
    element(['test', 'bench']),
    element(['test', 'bench', 'app']),
    entry(names),
    testing,
    lib('identity-token', '{express,fastify,nest}/index.ts'),
    entriesOfClient,
  ],
].map(([from, ...to]) => ({ from, allow: { to } }));

/** One way to name another lib. */
const oneName = {
  regex: String.raw`(^|/)(libs|published)/|^@countersign/[^/]+/(?!(testing|acts|express|fastify|nest|device-keys|react|telegram|wallets|web-socket)$)`,
  message: 'Import @countersign/<lib>.',
};
const oneNameInLibs = { ...oneName, regex: String.raw`${oneName.regex}|^(\.\./)+[a-z-]+/(src|testing)(/|$)` };

/** `IsOptional` skips all other rules for `null`; the code behind expects a field that is absent or valid. */
const noNull = {
  name: 'class-validator',
  importNames: ['IsOptional'],
  message: 'Use MayBeAbsent of @countersign/http: `null` is not absent.',
};

const dependencies = (chosen) => [
  'error',
  {
    default: 'disallow',
    policies: chosen,
    message:
      '{{ from.element.path }} may not import {{ dependency.source }}: the arrow points up or sideways, or past an index.ts (lint.boundaries.mjs)',
  },
];

/** Only the policies of each lib: the plugin compares every import with every policy. */
export const boundariesOfLibs = libs.map(({ name, wing }) => ({
  files: [`${wing}/${name}/**/*.ts`],
  rules: {
    'boundaries/dependencies': dependencies(
      policies.filter(({ from: { element } }) => [element.captured?.name].flat().includes(name)),
    ),
  },
}));

/** Where the plugin finds apps and libs, and how it resolves imports. */
export const boundarySettings = {
  'import/resolver': { typescript: { project: 'tsconfig.json' } },
  'boundaries/root-path': import.meta.dirname,
  'boundaries/elements': [
    { type: 'app', pattern: 'apps/*', capture: ['name'] },
    { type: 'app', pattern: 'tools/(launcher|playground)', capture: ['name'] },
    { type: 'lib', pattern: 'libs/*/*', capture: ['wing', 'name'] },
    { type: 'lib', pattern: '{published,tools}/*', capture: ['wing', 'name'] },
    { type: 'test', pattern: 'test' },
    { type: 'bench', pattern: 'bench' },
  ],
  'boundaries/dependency-nodes': ['import', 'export', 'dynamic-import', 'require'],
  'boundaries/legacy-templates': false,
};

/** Their types are known everywhere, since one configuration of the compiler checks product and tests. */
export const globalsOfTests = 'afterAll afterEach beforeAll beforeEach describe expect it jest test'.split(
  ' ',
);

/** Import boundaries: which libs may import which, through their `index.ts` only. */
export const boundaries = {
  files: ['{apps,libs,published,tools,test,bench}/**/*.ts'],
  rules: {
    'boundaries/dependencies': dependencies(policies),
    'boundaries/no-unknown-files': 'error',
    'boundaries/no-unknown-dependencies': 'error',
    'core/no-restricted-imports': ['error', { paths: [noNull], patterns: [oneName] }],
  },
};

/** @see oneName */
export const libNames = {
  files: ['{libs,published}/**/*.ts'],
  rules: { 'core/no-restricted-imports': ['error', { paths: [noNull], patterns: [oneNameInLibs] }] },
};

/**
 * The pure libs could be published alone: besides each other they need Node's cryptography, `jose` and `lru-cache`,
 * those of wallets the libraries of their chains too.
 */
export const pureLibs = {
  files: ['libs/pure/**/*.ts'],
  excludeFiles: ['**/*.spec.ts', 'libs/pure/*/testing/**'],
  rules: {
    'core/no-restricted-imports': [
      'error',
      {
        patterns: [
          oneNameInLibs,
          {
            regex: String.raw`^(?!\.|@countersign/|node:crypto$|node:util$|jose$|lru-cache$|ipaddr\.js$|viem(/|$)|@signinwithethereum/siwe$|@ton/core$|tiny-secp256k1$|@scure/bip39/)`,
            message: 'A pure lib knows no framework and no I/O.',
          },
        ],
      },
    ],
    'no-restricted-globals': [
      'error',
      ...[...globalsOfTests, 'process', 'fetch', 'setTimeout', 'setInterval', 'performance'],
    ],
  },
};

const mayImportOnly = (files, regex, message) => ({
  files,
  excludeFiles: ['**/*.spec.ts'],
  rules: { 'core/no-restricted-imports': ['error', { patterns: [{ regex, message }] }] },
});

/** Published alone: they import nothing else of this repository, and each framework only in its own entry point. */
export const ownNeeds = [
  mayImportOnly(
    ['published/identity-token/src/**/*.ts'],
    String.raw`^(?!\.|jose$)`,
    'The core of identity-token imports only jose.',
  ),
  mayImportOnly(['published/client/src/**/*.ts'], String.raw`^(?!\.)`, 'The client has no dependency.'),
  {
    files: ['published/client/src/**/*.ts'],
    excludeFiles: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', ...globalsOfTests, 'process', 'Buffer', 'global', 'require'],
    },
  },
  mayImportOnly(
    ['published/client/src/react/*.ts'],
    String.raw`^(?!\.|react$)`,
    'It needs React and the client, no more.',
  ),
];
