import { Sentence } from '../scripts/lib/main.mjs';
import { countersign, entrants, subscribed } from './contestants/all.mjs';
import { operations } from './load/operations.mjs';

/**
 * Who is to be measured at what.
 *
 * @param {readonly string[]} names of operations and contestants; none of a kind means all of that kind
 * @returns {{ operations: import('./load/operations.mjs').Operation[], entrants: import('./contestants/all.mjs').Entrant[] }}
 * @throws {Sentence}
 */
export function select(names) {
  const chosen = operations.filter(({ name }) => has(names, name));
  const chosenEntrants = [...entrants, subscribed].filter(({ name }) => has(names, name));
  const known = [...operations, ...entrants, subscribed].map(({ name }) => name);
  const unknown = names.find((name) => !has(known, name));
  if (unknown !== undefined) {
    throw new Sentence(`Nothing here is called "${unknown}". There are: ${known.join(', ')}.`);
  }
  const rivals = chosenEntrants.filter(({ name }) => name !== countersign.name);
  const wanted = (chosen.length > 0 ? chosen : operations).filter(
    ({ key }) => rivals.length === 0 || rivals.some(({ operations: own }) => own.includes(key)),
  );
  const keys = wanted.map(({ key }) => key);
  const candidates = chosenEntrants.length > 0 ? [countersign, ...rivals] : entrants;
  return {
    operations: wanted,
    entrants: candidates
      .map((entrant) => ({ ...entrant, operations: entrant.operations.filter((key) => keys.includes(key)) }))
      .filter((entrant) => entrant.operations.length > 0),
  };
}

function has(names, wanted) {
  return names.some((name) => name.toLowerCase() === wanted.toLowerCase());
}
