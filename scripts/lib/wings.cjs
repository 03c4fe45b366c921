const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/**
 * Files of test/integration that only changes of one wing of libs reach, by how their names begin; all others are the core,
 * which always runs. `above`: the wings that import it.
 */
const wings = {
  community: {
    above: ['doors'],
    tests:
      'admin-leaderboards|admin-listings|admin-teams|favourites|gateway-team|invitations|leaderboards|listings|referral|separations-of|teams',
  },
  delivery: { above: [], tests: 'admin-webhooks|webhook' },
  doors: { above: [], tests: 'metapro|rapidpace|xellar' },
  wallets: {
    above: ['doors'],
    tests:
      'admin-chains|admin-sends|admin-wallets|client-sends|client-wallets|connected|contract|custody|embedded|evm|send|stopped|ton|wallet',
  },
};
const names = Object.keys(wings);
const testsOf = (name) => `test/integration/(${wings[name].tests})`;
const ofNothing = /^(docs|examples|bench)\/|^[A-Z]+\.md$|^scripts\/lines\.json$/;

/**
 * @param {string[]} paths that a change touches
 * @returns {string[]} patterns of the files of tests that it does not reach
 */
function testsNotReachedBy(paths) {
  const reached = new Set();
  for (const path of paths.filter((each) => !ofNothing.test(each))) {
    const wing = names.find(
      (name) => path.startsWith(`libs/${name}/`) || RegExp(`^${testsOf(name)}`).test(path),
    );
    if (!wing) return [];
    for (const each of [wing, ...wings[wing].above]) reached.add(each);
  }
  return names.filter((name) => !reached.has(name)).map(testsOf);
}

/** @param {string | undefined} commit where the change left its branch */
function testsNotReachedSince(commit) {
  if (!commit) return [];
  const changed = ['diff', '--name-only', `${commit}...HEAD`];
  const paths = execFileSync('git', changed, { cwd: join(__dirname, '..', '..'), encoding: 'utf8' });
  return testsNotReachedBy(paths.split('\n').filter(Boolean));
}

module.exports = { testsNotReachedBy, testsNotReachedSince };
