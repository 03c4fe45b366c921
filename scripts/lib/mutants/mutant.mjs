import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sentence } from '../main.mjs';

/**
 * A mistake that the tests have to notice.
 *
 * @typedef {object} Mutant
 * @property {string} id
 * @property {string} file whose text is changed
 * @property {string} find stands in the file exactly once
 * @property {string} replace
 * @property {string[]} specs the spec files that fail then, each of them
 */

/**
 * Checks that every mutant still says what it is about.
 *
 * @param {Mutant[]} mutants
 * @param {string} folder
 */
export function checkList(mutants, folder) {
  const ids = mutants.map(({ id }) => id);
  const problems = mutants.flatMap((mutant) => problemsOf(mutant, folder));
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  for (const id of repeated) problems.push(`${id} is there twice`);
  if (problems.length > 0) throw new Sentence(`test/mutants/mutants.mjs: ${problems.join('; ')}.`);
}

/**
 * The mutated source.
 *
 * @param {Mutant} mutant
 * @param {string} source
 */
export function applied({ find, replace }, source) {
  // A function: in a text, "$&" and its like have a meaning.
  return source.replace(find, () => replace);
}

function problemsOf({ id, file, find, replace, specs }, folder) {
  if (!existsSync(join(folder, file))) return [`${id}: ${file} is gone`];
  const places = readFileSync(join(folder, file), 'utf8').split(find).length - 1;
  const gone = specs.filter((spec) => !existsSync(join(folder, spec)));
  return [
    ...(places === 1 ? [] : [`${id}: its text stands ${places} times in ${file} instead of once`]),
    ...(find === replace ? [`${id}: it changes nothing`] : []),
    ...(specs.length === 0 ? [`${id}: no spec file is named`] : []),
    ...gone.map((spec) => `${id}: ${spec} is gone`),
  ];
}
