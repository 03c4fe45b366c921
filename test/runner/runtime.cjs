const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { compileFunction } = require('node:vm');
const JestRuntime = require('jest-runtime').default;
const { RunningTest } = require('./running-test.cjs');

/**
 * Keeps modules from test file to test file. jest loads every module anew for each file, which for Nest, TypeORM and
 * what they need takes 2 of the 3 to 4.5 CPU seconds of an integration test. Here Node's own loader loads what a spec
 * requires, once in the life of a worker; only the spec itself is jest's. `environment.cjs` runs it in the same realm,
 * and fails a file that leaves something behind for the next one. `KEEP_MODULES=off` is stock jest.
 */

const SPEC = /[.-]spec\.ts$/;

/** The first line of a spec that gets modules of its own: what it defines there, the files after it do not have. */
const OWN_MODULES = '// @own-modules\n';

const NOT_LOADED_AGAIN =
  'Kept modules are not loaded again: give the spec modules of its own, by `// @own-modules` or jest.mock.';

/** Source maps of kept modules, by file: a stack trace of a later test file may pass through them too. */
const sourceMaps = new Map();

/** The runtime of the test file that runs: its transformer compiles what is required for the first time. */
let current;

Module._extensions['.ts'] = (module, file) => {
  const code = current.transformCache.transform(file, current._getFullTransformationOptions());
  sourceMaps.set(file, current.getSourceMaps().get(file));
  module._compile(code, file);
};

const resolveFilename = Module._resolveFilename;

/** TypeScript wants `import('./x.js')` where the file is x.ts. */
Module._resolveFilename = (request, parent, ...rest) => {
  const isSource = /^\.\.?\/.*\.js$/.test(request) && parent?.filename?.endsWith('.ts');
  return resolveFilename(isSource ? request.replace(/js$/, 'ts') : request, parent, ...rest);
};

/**
 * In one process with `--runInBand`, the global set-up has left modules that jest transformed: beside them Node would load
 * a second copy of Nest.
 */
function forgetTransformed({ rootDir, transformIgnorePatterns }) {
  const isIgnored = new RegExp(transformIgnorePatterns.join('|'));
  for (const file of Object.keys(require.cache))
    if (file.startsWith(rootDir) && /\.(m?js|ts)$/.test(file) && !isIgnored.test(file))
      delete require.cache[file];
}

module.exports = class KeepingRuntime extends JestRuntime {
  constructor(...args) {
    super(...args);
    if (!current) forgetTransformed(this._config);
    current = this;
    this.hasOwnModules = readFileSync(args[6], 'utf8').startsWith(OWN_MODULES);
    // `jest.mock` without a factory does not call `setMock`.
    const { mockState } = this;
    const { markExplicitCjsMock } = mockState;
    mockState.markExplicitCjsMock = (...args) => {
      this.hasOwnModules = true;
      return markExplicitCjsMock.apply(mockState, args);
    };
    for (const [file, map] of sourceMaps) this.getSourceMaps().set(file, map);
    // In the realm of the worker, not in a context of its own.
    this.executor.compile = (source, file) =>
      compileFunction(source, this.executor.injectedModuleParameters, { filename: file });
  }

  requireModuleOrMock(from, name) {
    const file = this.hasOwnModules ? null : this.keptFile(from, name);
    return file === null ? super.requireModuleOrMock(from, name) : require(file);
  }

  /**
   * Libraries of jest are kept too. Its test runner holds the state of one file and is loaded for each; it gets a variable
   * for its AsyncLocalStorage (see `running-test.cjs`).
   */
  requireInternalModule(from, name) {
    if (name === 'node:async_hooks') return { AsyncLocalStorage: RunningTest };
    const isLibrary = name !== undefined && /^[@a-z]/.test(name) && !Module.isBuiltin(name);
    return isLibrary ? Module.createRequire(from)(name) : super.requireInternalModule(from, name);
  }

  /** A spec that mocks a module gets its own modules from jest: a mock does not reach kept modules. */
  setMock(...args) {
    this.hasOwnModules = true;
    super.setMock(...args);
  }

  isolateModules(work) {
    if (!this.hasOwnModules) throw new Error(NOT_LOADED_AGAIN);
    super.isolateModules(work);
  }

  isolateModulesAsync(work) {
    if (!this.hasOwnModules) throw new Error(NOT_LOADED_AGAIN);
    return super.isolateModulesAsync(work);
  }

  /** What Node's own loader is to load; null for what is jest's: the spec, core modules, its globals. */
  keptFile(from, name) {
    if (!SPEC.test(from) || name === '@jest/globals' || this._resolution.isCoreModule(name)) return null;
    const file = this._resolution.resolveCjs(from, name);
    return path.isAbsolute(file) && !SPEC.test(file) ? file : null;
  }
};
module.exports.default = module.exports;
