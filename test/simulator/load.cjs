const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { tmpdir, userInfo } = require('node:os');
const path = require('node:path');
const { transformSync } = require('@swc/core');
const { swcOptions } = require('../../scripts/lib/swc-options.cjs');
const { defects } = require('./defects.cjs');

const options = swcOptions({
  '@countersign/client': ['published/client/src/index.ts'],
  '@countersign/client/*': ['published/client/src/*'],
});
/** Outside the temporary folder of the run, which is removed. */
const CACHE = path.join(process.env.SIMULATOR_FOLDER ?? tmpdir(), `countersign-simulator-${userInfo().uid}`);

/**
 * Lets `require` load TypeScript. A planted defect changes the source of one file while it is loaded.
 * @param {string} [defect] its name
 */
function loadTypeScript(defect) {
  const planted = defect === undefined ? null : defects[defect];
  if (planted === undefined) throw new RangeError(`--defect is one of ${Object.keys(defects).join(', ')}`);
  // Each of them fits, also where none is planted.
  for (const each of Object.values(defects))
    plant(readFileSync(path.join(__dirname, '../..', each.file), 'utf8'), each);
  mkdirSync(CACHE, { recursive: true });
  Module._extensions['.ts'] = (module, file) => {
    const source = readFileSync(file, 'utf8');
    const text = planted && file.endsWith(planted.file) ? plant(source, planted) : source;
    module._compile(compiled(file, text), file);
  };
  const resolveFilename = Module._resolveFilename;
  /** TypeScript wants `import('./x.js')` where the file is x.ts. */
  Module._resolveFilename = (request, parent, ...rest) => {
    const isSource = /^\.\.?\/.*\.js$/.test(request) && parent?.filename?.endsWith('.ts');
    return resolveFilename(isSource ? request.replace(/js$/, 'ts') : request, parent, ...rest);
  };
}

function plant(source, { file, find, replace }) {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`the defect no longer fits ${file}`);
  return parts.join(replace);
}

/** Compiling everything takes some seconds of CPU time. */
function compiled(file, source) {
  const name = createHash('sha256').update(`${file}\n${source}`).digest('hex');
  const cached = path.join(CACHE, `${name}.js`);
  if (existsSync(cached)) return readFileSync(cached, 'utf8');
  const { code } = transformSync(source, { ...options, filename: file, sourceMaps: 'inline' });
  writeFileSync(`${cached}.${process.pid}`, code);
  renameSync(`${cached}.${process.pid}`, cached);
  return code;
}

module.exports = { loadTypeScript };
