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
  const named = process.argv.slice(2);
  const known = Object.keys(MIN_SCORES);
  if (!named.every((name) => known.includes(name))) throw new Sentence(`The libs are ${known.join(', ')}.`);
  await ensureInstalled();
  await ensureInstalledIn(HOME, 'Installing the mutation testing tools ...', ['--ignore-scripts']);
  const words = [
    `${HOME}/node_modules/@stryker-mutator/core/bin/stryker.js`,
    'run',
    `${HOME}/stryker.config.mjs`,
  ];
  const failed = [];
  for (const lib of named.length > 0 ? named : known.filter((each) => MIN_SCORES[each] !== null)) {
    say(`\n=== ${lib}`);
    const env = { ...process.env, PROPERTY_SEED, STRYKER_LIB: lib };
    const code = await runChild(process.execPath, words, { cwd: CLONE, env, stdio: 'inherit' });
    if (code > 128) return code;
    if (code !== 0) failed.push(lib);
  }
  if (failed.length > 0) throw new Sentence(`Mutation tests failed in: ${failed.join(', ')}.`);
});
