import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CLONE, inClone } from '../../scripts/lib/clone.mjs';
import { git } from '../../scripts/lib/git.mjs';
import { npm } from '../../scripts/lib/install.mjs';
import { say, Sentence } from '../../scripts/lib/main.mjs';
import { countersign } from '../subjects/all.mjs';

/** Where commits have what starts their service, the older one last. */
const STARTERS = ['bench/subjects/countersign.mjs', 'bench/contestants/countersign.mjs'];
const DATABASE = 'countersign_before';

/**
 * The service of another commit as a subject: checked out and built beside this one, and set up by its own bench.
 *
 * @returns {import('../subjects/all.mjs').Definition}
 */
export async function subjectOf(commit, { folder, ending }) {
  const tree = join(folder, 'against');
  const short = git('rev-parse', '--short', `${commit}^{commit}`);
  say(`Building ${short} ...`);
  git('worktree', 'add', '--detach', tree, short);
  ending.before(() => void git('worktree', 'remove', '--force', tree));
  const lockOf = (root) => readFileSync(join(root, 'package-lock.json'), 'utf8');
  const run = (...args) => {
    const [program, ...words] = [...npm(), ...args];
    execFileSync(program, words, { cwd: tree, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  if (lockOf(tree) === lockOf(CLONE)) symlinkSync(inClone('node_modules'), join(tree, 'node_modules'));
  else run('ci', '--include=dev', '--ignore-scripts', '--loglevel=error');
  run('run', 'build');
  ending.check();
  const starter = STARTERS.map((file) => join(tree, file)).find((file) => existsSync(file));
  if (!starter) throw new Sentence(`${short} has no bench that is known here.`);
  const { startCountersign } = await import(pathToFileURL(starter));
  return {
    ...{ ...countersign, name: `Countersign at ${short}` },
    start: async ({ postgres, bot, cores }) => {
      // Older benches call it so.
      bot.newcomer = () => bot.newUser();
      await postgres.createDatabase(DATABASE);
      const started = await startCountersign({
        ...{ postgres: { urlOf: () => postgres.urlOf(DATABASE) }, bot, cores },
        folder: tree,
      });
      return { ...started, client: started.client ?? started.dialect, database: DATABASE };
    },
  };
}
