import { MIN_SCORES, sourcesOf } from './libs.mjs';

/** The lib whose code is mutated: `scripts/test-stryker.mjs` names it. */
const lib = process.env.STRYKER_LIB ?? '';
const sources = sourcesOf(lib);
const isTerminal = process.stdout.isTTY === true;

export default {
  mutate: [`{libs/pure,published}/${sources}/**/*.ts`, `!{libs/pure,published}/${sources}/**/*.spec.ts`],
  // The sandbox holds the libs and what their specs read: jest looks through all of it for each mutant.
  ignorePatterns: [
    '/*',
    '!/jest.config.js',
    '!/docs',
    '/docs/*',
    '!/docs/*.md',
    '!/libs',
    '/libs/*',
    '!/libs/pure',
    '!/published',
    '!/tsconfig.json',
    '!/test',
    '/test/*',
    '!/test/vectors',
    '!/test/stryker',
    '!/test/runner',
    // Two of one name confuse the jest that runs on the clone meanwhile.
    'package.json',
  ],
  testRunner: 'jest',
  jest: { configFile: 'test/stryker/jest.config.mjs' },
  coverageAnalysis: 'perTest',
  // Most rules about texts are regular expressions, made when a file is loaded.
  ignoreStatic: false,
  warnings: { slow: false },
  // swc compiles the tests and checks no types.
  disableTypeChecks: false,
  reporters: ['clear-text', 'json', isTerminal ? 'progress' : 'progress-append-only'],
  clearTextReporter: { allowEmojis: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `reports/stryker/${lib.replace('/', '-')}.json` },
  allowConsoleColors: isTerminal,
  cleanTempDir: 'always',
  // A mutant that times out counts as found: a busy machine must not find any.
  timeoutMS: 30_000,
  thresholds: { high: 100, low: MIN_SCORES[lib] ?? 0, break: MIN_SCORES[lib] },
};
