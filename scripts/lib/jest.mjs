import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { ensureAnvil } from './anvil.mjs';
import { CLONE, inClone } from './clone.mjs';
import { ensureEventTypes } from './event-types.mjs';
import { ensureInstalledIn } from './install.mjs';
import { say, Sentence } from './main.mjs';
import { withMemoryFolder } from './memory-folder.mjs';
import { measurePatience } from './patience.mjs';
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
export async function runJest(args, projects, { node = process.execPath, env = process.env } = {}) {
  ensureEventTypes();
  if (projects.some((each) => each !== 'tools')) await installOthers();
  const isSelected = args.some((arg) => /^--(select|ignore)Projects\b/.test(arg));
  // Last: the option takes every word that follows it.
  const selection = isSelected ? [] : ['--selectProjects', ...projects];
  const jest = inClone('node_modules', 'jest', 'bin', 'jest.js');
  // Outside the memory folder, so that the next run finds what jest has compiled.
  const cache = `--cacheDirectory=${join(tmpdir(), `countersign-jest-${userInfo().uid}`)}`;
  const patience = await measurePatience();
  if (patience > 4)
    say(
      `This machine is slow or busy: time limits are ${patience / 4} times as long (PATIENCE=${patience}).`,
    );
  return withMemoryFolder((folder) =>
    runChild(node, [...V8_FLAGS, jest, cache, ...args, ...selection], {
      cwd: CLONE,
      env: { ...env, PATIENCE: String(patience), ...(folder ? { TMPDIR: folder } : {}) },
      stdio: 'inherit',
    }),
  );
}

/** Without the registry only their tests fail. */
async function installOthers() {
  // Their peer dependency is for React Native.
  const options = ['--ignore-scripts', '--legacy-peer-deps'];
  const folder = inClone('test', 'xellar-clients');
  try {
    await ensureAnvil();
    await ensureInstalledIn(folder, 'Installing the clients of Xellar, for tests ...', options);
  } catch (error) {
    if (!(error instanceof Sentence)) throw error;
    say(`${error.message} Tests with a local chain or the clients of Xellar will fail.`);
  }
}
