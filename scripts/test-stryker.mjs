import './lib/node-version.mjs';
import { MIN_SCORES } from '../test/stryker/libs.mjs';
import { CLONE, inClone } from './lib/clone.mjs';
import { ensureInstalled, ensureInstalledIn } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { runChild } from './lib/run-child.mjs';

/** Mutates the code of the pure libs that the arguments name, or of all that were measured, and runs their unit tests on each mutant. */

const HOME = inClone('test', 'stryker');
/** Specs that draw values draw the same ones for each mutant. */
const PROPERTY_SEED = '20260101';

await main(async () => {
  const libs = chosen(process.argv.slice(2));
  await ensureInstalled();
  await ensureInstalledIn(HOME, 'Installing the mutation testing tools ...', ['--ignore-scripts']);

  const failed = [];
  for (const lib of libs) {
    say(`\n=== ${lib}`);
    const code = await mutate(lib);
    if (code > 128) return code;
    if (code !== 0) failed.push(lib);
  }
  if (failed.length > 0) throw new Sentence(`Mutation tests failed in: ${failed.join(', ')}.`);
});

function chosen(names) {
  const known = Object.keys(MIN_SCORES);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Sentence(`No such lib: ${unknown.join(', ')}. Known are: ${known.join(', ')}.`);
  }
  return names.length > 0 ? names : known.filter((lib) => MIN_SCORES[lib] !== null);
}

function mutate(lib) {
  const stryker = `${HOME}/node_modules/@stryker-mutator/core/bin/stryker.js`;
  return runChild(process.execPath, [stryker, 'run', `${HOME}/stryker.config.mjs`], {
    cwd: CLONE,
    env: { ...process.env, PROPERTY_SEED, STRYKER_LIB: lib },
    stdio: 'inherit',
  });
}
