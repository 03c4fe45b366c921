import { fileURLToPath } from 'node:url';
import jestConfig from '../../jest.config.js';
import { sourcesOf } from './libs.mjs';

const sources = sourcesOf(process.env.STRYKER_LIB ?? '');
const unit = jestConfig.projects.find(({ displayName }) => displayName === 'unit');

/**
 * The unit tests of one lib. Files of nothing but properties are left out: a mutant that only drawn values find is found
 * by chance, so a table has to find it as well.
 *
 * @type {import('jest').Config}
 */
export default {
  rootDir: fileURLToPath(new URL('../..', import.meta.url)),
  testEnvironment: 'node',
  testMatch: [`<rootDir>/{libs/pure,published}/${sources}/**/*.spec.ts`],
  testPathIgnorePatterns: ['/node_modules/', String.raw`(properties|second-readings)\.spec\.ts$`],
  setupFiles: ['<rootDir>/test/stryker/fixed-seed.ts'],
  moduleFileExtensions: unit.moduleFileExtensions,
  // swc resolves these names in the code; jest has to know them as well to find the tests of a file.
  moduleNameMapper: {
    '^@countersign/([^/]+)/testing$': '<rootDir>/libs/pure/$1/testing/index.ts',
    '^@countersign/([^/]+)$': ['<rootDir>/libs/pure/$1/src/index.ts', '<rootDir>/published/$1/src/index.ts'],
  },
  transform: unit.transform,
  transformIgnorePatterns: unit.transformIgnorePatterns,
};
