import { Sentence } from '../scripts/lib/main.mjs';
import { countersign, suite, subscribed } from './subjects/all.mjs';
import { operations } from './load/operations.mjs';

/**
 * Who is to be measured at what.
 *
 * @param {readonly string[]} names of operations and subjects; none of a kind means all of that kind
 * @returns {{ operations: import('./load/operations.mjs').Operation[], suite: import('./subjects/all.mjs').SubjectDefinition[] }}
 * @throws {Sentence}
 */
export function select(names) {
  const chosen = operations.filter(({ name }) => has(names, name));
  const chosenSubjects = [...suite, subscribed].filter(({ name }) => has(names, name));
  const known = [...operations, ...suite, subscribed].map(({ name }) => name);
  const unknown = names.find((name) => !has(known, name));
  if (unknown !== undefined) {
    throw new Sentence(`Nothing here is called "${unknown}". There are: ${known.join(', ')}.`);
  }
  const others = chosenSubjects.filter(({ name }) => name !== countersign.name);
  const wanted = (chosen.length > 0 ? chosen : operations).filter(
    ({ key }) => others.length === 0 || others.some(({ operations: own }) => own.includes(key)),
  );
  const keys = wanted.map(({ key }) => key);
  const candidates = chosenSubjects.length > 0 ? [countersign, ...others] : suite;
  return {
    operations: wanted,
    suite: candidates
      .map((definition) => ({
        ...definition,
        operations: definition.operations.filter((key) => keys.includes(key)),
      }))
      .filter((definition) => definition.operations.length > 0),
  };
}

function has(names, wanted) {
  return names.some((name) => name.toLowerCase() === wanted.toLowerCase());
}
