import './lib/node-version.mjs';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';
import { copyOfClone } from './lib/mutants/copy.mjs';
import { verdictsOf } from './lib/mutants/jest-verdict.mjs';
import { applied, checkList } from './lib/mutants/mutant.mjs';
import { mutants } from '../test/mutants/mutants.mjs';

/**
 * Breaks the service in ways that matter, one at a time and in a copy, and checks that the named specs notice. A mutant
 * that no assertion fails for survives; one that cannot even be loaded proves nothing and is invalid.
 */

await main(async () => {
  const wanted = wantedBy(readOptions().only);
  await ensureInstalled();
  const copy = copyOfClone();
  try {
    checkList(mutants, copy.folder);
    await expectSound(copy, wanted);
    const verdicts = [];
    for (const mutant of wanted) {
      const { verdict, test } = await judge(copy, mutant);
      verdicts.push(verdict);
      say(`${verdict.padEnd(8)}  ${mutant.id}${test === undefined ? '' : `: ${test}`}`);
    }
    say(summaryOf(verdicts));
    return verdicts.every((verdict) => verdict === 'killed') ? 0 : 1;
  } finally {
    copy.remove();
  }
});

function readOptions() {
  try {
    return parseArgs({ options: { only: { type: 'string', multiple: true } } }).values;
  } catch (error) {
    throw new Sentence(`${error.message} Usage: npm run test:mutants -- [--only <id>]...`);
  }
}

function wantedBy(only) {
  if (only === undefined) return mutants;
  const unknown = only.filter((id) => !mutants.some((mutant) => mutant.id === id));
  if (unknown.length > 0) throw new Sentence(`test/mutants/mutants.mjs has no ${unknown.join(', ')}.`);
  return mutants.filter(({ id }) => only.includes(id));
}

/** A spec that fails without a mutation would kill every mutant. */
async function expectSound(copy, wanted) {
  const specs = [...new Set(wanted.flatMap((mutant) => mutant.specs))].sort();
  say(`Running the ${specs.length} spec files as they are ...`);
  const failing = verdictsOf(await copy.jest(specs), specs).filter(({ verdict }) => verdict !== 'passed');
  if (failing.length > 0)
    throw new Sentence(`These fail without a mutation: ${failing.map(({ spec }) => spec).join(', ')}.`);
}

/** @returns {Promise<{ verdict: 'killed' | 'SURVIVED' | 'invalid', test?: string }>} */
async function judge(copy, mutant) {
  const restore = copy.write(mutant.file, (source) => applied(mutant, source));
  try {
    const verdicts = verdictsOf(await copy.jest(mutant.specs), mutant.specs);
    if (verdicts.some(({ verdict }) => verdict === 'broken')) return { verdict: 'invalid' };
    // Each spec is named because it notices.
    if (verdicts.some(({ verdict }) => verdict === 'passed')) return { verdict: 'SURVIVED' };
    return { verdict: 'killed', test: verdicts[0].test };
  } finally {
    restore();
  }
}

function summaryOf(verdicts) {
  const count = (wanted) => verdicts.filter((verdict) => verdict === wanted).length;
  return `${verdicts.length} mutants: ${count('killed')} killed, ${count('SURVIVED')} survived, ${count('invalid')} invalid.`;
}
