import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { CLONE, inClone } from './clone.mjs';
import { withMemoryFolder } from './memory-folder.mjs';
import { runChild } from './run-child.mjs';

/** Less garbage is moved about: 25 integration files took 56 s of CPU time instead of 59. Workers inherit it. */
const V8_FLAGS = ['--max-semi-space-size=32'];

/**
 * Runs jest on these of its projects, unless the arguments select others.
 *
 * @param {string[]} args
 * @param {string[]} projects
 * @param {{ node?: string, env?: NodeJS.ProcessEnv }} [options] with another Node, and another environment, than ours
 */
export function runJest(args, projects, { node = process.execPath, env = process.env } = {}) {
  const isSelected = args.some((arg) => /^--(select|ignore)Projects\b/.test(arg));
  // Last: the option takes every word that follows it.
  const selection = isSelected ? [] : ['--selectProjects', ...projects];
  const jest = inClone('node_modules', 'jest', 'bin', 'jest.js');
  // Outside the memory folder, so that the next run finds what jest has compiled.
  const cache = `--cacheDirectory=${join(tmpdir(), `countersign-jest-${userInfo().uid}`)}`;
  return withMemoryFolder((folder) =>
    runChild(node, [...V8_FLAGS, jest, cache, ...args, ...selection], {
      cwd: CLONE,
      env: folder ? { ...env, TMPDIR: folder } : env,
      stdio: 'inherit',
    }),
  );
}
