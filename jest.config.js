const { availableParallelism } = require('node:os');
const { swcOptions } = require('./scripts/lib/swc-options.cjs');
const { testsNotReachedSince } = require('./scripts/lib/wings.cjs');
const { patience } = require('./test/runner/patience.cjs');
require('./test/runner/property-seed.cjs');

// Nest 12 and some of its dependencies are ESM only. Where jest loads them (global set-up, specs with mocks,
// KEEP_MODULES=off) they are compiled to CommonJS.
const esm =
  '@nestjs|@noble|@scure|@tokenizer/inflate|@borewit/text-codec|content-disposition|cookie|fast-check|file-type|happy-dom|jose|oauth4webapi|oidc-provider|qr|openid-client|pure-rand|strtok3|token-types|uint8array-extras|uuid';

/** Tests see the sources of the client instead of its types. jest's moduleNameMapper reaches neither the global set-up nor Node's loader. */
const options = swcOptions({
  '@countersign/client': ['published/client/src/index.ts'],
  '@countersign/client/*': ['published/client/src/*'],
});

/** @type {import('jest').Config} */
const common = {
  rootDir: __dirname,
  // What is built holds a second package.json.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testEnvironment: 'node',
  // Modules stay loaded from file to file: see test/runner.
  ...(process.env.KEEP_MODULES !== 'off' && {
    runtime: '<rootDir>/test/runner/runtime.cjs',
    testEnvironment: '<rootDir>/test/runner/environment.cjs',
  }),
  moduleNameMapper: {
    '^fast-check$': '<rootDir>/test/runner/fast-check.cjs',
    // TypeScript wants `import('./x.js')` where the file is x.ts.
    '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'],
  },
  moduleFileExtensions: ['js', 'mjs', 'json', 'ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', options],
    '^.+\\.m?js$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { target: 'es2022', parser: { syntax: 'ecmascript' }, keepClassNames: true },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/node_modules/)?(?:${esm})/)`],
};

/** With a database server for the run. */
const served = {
  ...common,
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

module.exports = {
  rootDir: __dirname,
  testSequencer: '<rootDir>/test/runner/sequencer.cjs',
  // Two workers keep two cores busy, and a third fills the time in which one waits.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  testTimeout: 60_000 * patience,
  // Each file that starts the service leaves some tens of MiB in its worker: jest restarts a worker above this size.
  workerIdleMemoryLimit: '1500MB',
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,published,tools,scripts,test/runner}/**/*.spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.(tools|night)\\.spec\\.ts$'],
    },
    {
      // Scripts that start npm, git and compilers: `npm run test:nightly -- tools`.
      ...common,
      displayName: 'tools',
      testMatch: ['<rootDir>/scripts/**/*.tools.spec.ts'],
    },
    {
      ...served,
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.integration-spec.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...testsNotReachedSince(process.env.TEST_SINCE)],
    },
    {
      // What needs a program that npm does not install, and breaks by a change of any part: `npm run test:system`.
      ...served,
      displayName: 'system',
      testMatch: ['<rootDir>/test/system/**/*.system-spec.ts'],
    },
    {
      // What waits, fills, kills or walks through everything by design: `npm run test:nightly`.
      ...served,
      displayName: 'nightly',
      testMatch: ['<rootDir>/test/nightly/**/*.nightly-spec.ts', '<rootDir>/{libs,tools}/**/*.night.spec.ts'],
    },
  ],
};
