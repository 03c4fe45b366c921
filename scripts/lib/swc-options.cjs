const { join } = require('node:path');
const { compilerOptions } = require('../../tsconfig.json');

const CLONE = join(__dirname, '..', '..');

/** The `@countersign/...` names of tsconfig.json. */
const paths = Object.fromEntries(
  Object.entries(compilerOptions.paths).map(([name, targets]) => [
    name,
    targets.map((target) => target.replace(/^\.\//, '')),
  ]),
);

/**
 * How TypeScript becomes CommonJS, in the build and in tests.
 * @param {Record<string, string[]>} [others] in place of names of tsconfig.json
 */
exports.swcOptions = (others = {}) => ({
  swcrc: false,
  jsc: {
    target: 'es2022',
    baseUrl: CLONE,
    paths: { ...paths, ...others },
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
});
