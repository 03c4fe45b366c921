/** The libs of the platform that every lib from `jobs` on may import. */
const floor = [
  'extensions',
  'clock',
  'config',
  'database',
  'http',
  'observability',
  'limits',
  'ledger',
  'webhook-sender',
  'idempotency',
];

/**
 * The wings of the house, from the ground up: the libs of a wing may import those of the wings that it names. A lib
 * names its neighbours of the same wing, of which each stands above it in the list, so that there cannot be a circle.
 * How many lines each may have stands in `scripts/lines.json`.
 *
 * @type {{ wing: string, mayImport: string[], libs: [name: string, neighbours: string[]][] }[]}
 */
export const wings = [
  // No framework, no I/O, no clock, no environment.
  {
    wing: 'libs/pure',
    mayImport: [],
    libs: [
      ['errors', []],
      ['signatures', ['errors']],
      ['text', ['errors']],
      ['crypto', ['text']],
      ['telegram', ['errors', 'signatures', 'text']],
      ['rapidpace', ['errors', 'signatures', 'text']],
      ['dpop', ['errors', 'text']],
      ['wallet-proofs', ['errors', 'text', 'crypto']],
      ['ton-sends', ['wallet-proofs']],
      ['wallet-keys', ['wallet-proofs', 'ton-sends']],
      ['wallet-acts', ['errors', 'text', 'wallet-proofs', 'ton-sends', 'wallet-keys']],
      ['sends', ['errors', 'text', 'crypto', 'wallet-proofs', 'ton-sends', 'wallet-acts']],
      ['custody-protocol', ['errors', 'text', 'wallet-keys']],
      ['evm-transfers', ['text']],
    ],
  },
  {
    wing: 'libs/platform',
    mayImport: ['libs/pure'],
    libs: [
      ['extensions', []],
      ['clock', []],
      ['observability', []],
      ['config', []],
      ['database', ['clock', 'config', 'observability']],
      ['http', ['database', 'observability']],
      ['limits', ['clock', 'config', 'http', 'observability']],
      ['ledger', ['config']],
      ['webhook-sender', ['clock', 'config']],
      ['idempotency', ['clock', 'database', 'http']],
      ['jobs', floor],
      ['events', [...floor, 'jobs']],
      ['audit', [...floor, 'jobs', 'events']],
      ['keys', [...floor, 'jobs', 'events', 'audit']],
      ['admin', [...floor, 'jobs', 'events', 'audit', 'keys']],
      ['console', [...floor, 'audit', 'admin']],
    ],
  },
  {
    wing: 'libs/identity',
    mayImport: ['libs/pure', 'libs/platform'],
    libs: [
      ['applications', []],
      ['users', []],
      ['imports', ['users']],
      ['sessions', ['applications', 'users']],
      ['issuer', ['applications', 'users', 'sessions']],
      ['auth', ['applications', 'users', 'sessions', 'issuer']],
      ['oauth', ['applications', 'sessions', 'issuer']],
      ['account', ['applications', 'users', 'sessions', 'auth']],
      ['profiles', ['applications', 'users', 'sessions', 'auth', 'oauth', 'account']],
      ['gateway', ['applications', 'sessions', 'issuer']],
    ],
  },
  {
    wing: 'libs/community',
    mayImport: ['libs/pure', 'libs/platform', 'libs/identity'],
    libs: [
      ['teams', []],
      ['invitations', ['teams']],
      ['referrals', []],
      ['listings', ['teams']],
      ['leaderboards', ['referrals', 'teams']],
    ],
  },
  {
    wing: 'libs/wallets',
    mayImport: ['libs/pure', 'libs/platform', 'libs/identity'],
    libs: [
      ['chains', []],
      ['linked-wallets', ['chains']],
      ['custody-client', []],
      ['embedded-wallets', ['chains', 'custody-client', 'linked-wallets']],
      ['sending', ['chains', 'linked-wallets', 'embedded-wallets']],
      ['wallet-reading', ['chains', 'linked-wallets']],
      ['evm-indexer', ['chains', 'linked-wallets', 'wallet-reading']],
      ['ton-history', ['chains', 'linked-wallets', 'wallet-reading']],
    ],
  },
  {
    wing: 'libs/delivery',
    mayImport: ['libs/pure', 'libs/platform', 'libs/identity'],
    libs: [['webhooks', []]],
  },
  // APIs of other services, on top of all: nothing imports them.
  {
    wing: 'libs/doors',
    mayImport: ['libs/pure', 'libs/platform', 'libs/identity', 'libs/community', 'libs/wallets'],
    libs: [
      ['metapro', []],
      ['xellar', []],
    ],
  },
  // Published alone, and so without the rest of this repository.
  {
    wing: 'published',
    mayImport: ['libs/pure'],
    libs: [
      // For services behind the gateway.
      ['identity-token', []],
      // For pages: it runs in browsers.
      ['client', []],
      // For services that receive webhooks: the types of events are generated.
      ['webhook-events', []],
      // For those who verify without the service: in Node and in browsers.
      ['verify', []],
      // A Telegram for tests and development, with its command.
      ['fake-telegram', []],
    ],
  },
  {
    wing: 'tools',
    mayImport: [],
    libs: [['private-postgres', []]],
  },
];

/** Keys of embedded wallets are used in the process of custody, and its calls are made by one lib. */
const libsOfCustody = ['wallet-keys', 'custody-protocol'];
const clientOfCustody = 'custody-client';

/** Each lib with those that it may import: it stands above them. */
export const libs = wings.flatMap(({ wing, mayImport, libs: ofWing }) => {
  const below = wings.filter((other) => mayImport.includes(other.wing)).flatMap((other) => other.libs);
  return ofWing.map(([name, neighbours]) => ({
    name,
    wing,
    mayImport: [
      ...below
        .map(([lower]) => lower)
        .filter((lower) => name === clientOfCustody || !libsOfCustody.includes(lower)),
      ...neighbours,
    ],
  }));
});

/** For tests, benches and the launcher, or for other programs: never in what is deployed. */
const developmentLibs = [
  'private-postgres',
  'fake-telegram',
  'identity-token',
  'client',
  'webhook-events',
  'verify',
];
const testingEntry = 'testing/index.ts';

const names = libs.map(({ name }) => name);
for (const [index, { name, mayImport }] of libs.entries()) {
  const upward = mayImport.find((other) => !names.slice(0, index).includes(other));
  if (upward) throw new Error(`lint.boundaries.mjs: ${name} may not name ${upward}, which is not above it`);
}
const pure = libs.filter(({ wing }) => wing === 'libs/pure').map(({ name }) => name);

const productLibs = names.filter((name) => !developmentLibs.includes(name) && !libsOfCustody.includes(name));
const entry = (name) => ({ element: { type: 'lib', captured: { name }, fileInternalPath: 'src/index.ts' } });
const testing = { element: { type: 'lib', fileInternalPath: testingEntry } };
const adaptersOfIdentityToken = {
  element: {
    type: 'lib',
    captured: { name: 'identity-token' },
    fileInternalPath: '{express,fastify,hono,nest,next}/index.ts',
  },
};
/** Tests see the compiled types of the client: its sources need the globals of browsers. */
const entriesOfClient = {
  element: { type: 'lib', captured: { name: 'client' }, fileInternalPath: 'dist/*.d.ts' },
};
const app = (name) => ({ element: { type: 'app', captured: { name } } });
const lib = (name) => ({ element: { type: 'lib', captured: { name } } });

const policies = [
  ...libs.map(({ name, mayImport }) => ({
    from: lib(name),
    allow: { to: [lib(name), ...(mayImport.length > 0 ? [entry(mayImport)] : [])] },
  })),
  ...['api', 'cli', 'launcher'].map((name) => ({
    from: app(name),
    allow: { to: [app(name), entry(productLibs)] },
  })),
  // The list of features is one.
  {
    from: app('cli'),
    allow: {
      to: [{ element: { type: 'app', captured: { name: 'api' }, fileInternalPath: 'src/features.ts' } }],
    },
  },
  // Keys of wallets are in a process without business libs.
  {
    from: app('custody'),
    allow: {
      to: [
        app('custody'),
        entry(['clock', 'config', 'crypto', 'custody-protocol', 'database', 'observability', 'wallet-keys']),
      ],
    },
  },
  // The launcher starts the product in its own process, with a private database, a fake Telegram and a page around it.
  { from: app('launcher'), allow: { to: [app(['api', 'cli', 'playground']), entry(names), testing] } },
  // The playground is a module of development; its page uses the client as pages do.
  { from: app('playground'), allow: { to: [app('playground'), entry(names), entriesOfClient] } },
  // Specs try their properties equally often, and compare times in one way.
  {
    from: {
      element: { type: 'lib', captured: { name: [...pure, 'http'] }, fileInternalPath: 'src/**/*.spec.ts' },
    },
    allow: {
      to: [{ element: { type: 'lib', captured: { name: 'text' }, fileInternalPath: testingEntry } }],
    },
  },
  // The verifiers are tried with what the fake Telegram signs.
  {
    from: {
      element: {
        type: 'lib',
        captured: { name: 'telegram' },
        fileInternalPath: '{src/**/*.spec,testing/*}.ts',
      },
    },
    allow: { to: [entry('fake-telegram')] },
  },
  // The command loads the fake Telegram when it is called, since the image has none; its spec may name it.
  {
    from: {
      element: {
        type: 'app',
        captured: { name: 'cli' },
        fileInternalPath: 'src/commands/fake-telegram.spec.ts',
      },
    },
    allow: { to: [entry('fake-telegram')] },
  },
  {
    from: { element: { type: ['test', 'bench'] } },
    allow: {
      to: [
        { element: { type: ['test', 'bench', 'app'] } },
        entry(names),
        testing,
        adaptersOfIdentityToken,
        entriesOfClient,
      ],
    },
  },
];

/** One way to name another lib. */
const oneName = {
  regex: String.raw`(^|/)(libs|published)/|^@countersign/[^/]+/(?!(testing|acts|express|fastify|hono|nest|next|device-keys|react|telegram|wallets|web-socket)$)`,
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
export const globalsOfTests = [
  'afterAll',
  'afterEach',
  'beforeAll',
  'beforeEach',
  'describe',
  'expect',
  'it',
  'jest',
  'test',
];

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
      ...globalsOfTests,
      'process',
      'fetch',
      'setTimeout',
      'setInterval',
      'performance',
    ],
  },
};

/** Published alone: it imports nothing else of this repository, and each framework only in that framework's entry point. */
export const identityToken = {
  files: ['published/identity-token/src/**/*.ts'],
  excludeFiles: ['**/*.spec.ts'],
  rules: {
    'core/no-restricted-imports': [
      'error',
      {
        patterns: [
          { regex: String.raw`^(?!\.|jose$)`, message: 'The core of identity-token imports only jose.' },
        ],
      },
    ],
  },
};

/** Published alone: it needs nothing but the browser at run time, and React only in its own entry point. */
export const client = {
  files: ['published/client/src/**/*.ts'],
  excludeFiles: ['**/*.spec.ts'],
  rules: {
    'core/no-restricted-imports': [
      'error',
      { patterns: [{ regex: String.raw`^(?!\.)`, message: 'The client has no dependency.' }] },
    ],
    'no-restricted-globals': ['error', ...globalsOfTests, 'process', 'Buffer', 'global', 'require'],
  },
};
export const clientForReact = {
  files: ['published/client/src/react.{ts,tsx}', 'published/client/src/react-*.{ts,tsx}'],
  rules: {
    'core/no-restricted-imports': [
      'error',
      {
        patterns: [{ regex: String.raw`^(?!\.|react$)`, message: 'It needs React and the client, no more.' }],
      },
    ],
  },
};
