const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/**
 * Files of test/integration that only changes of one wing of libs, or of one below it, reach, by how their names begin. All
 * others are the core, which always runs.
 */
const wings = {
  community:
    'admin-leaderboards|admin-listings|admin-teams|favourites|invitations|leaderboards|listings|referral|separations-of|teams',
  wallets:
    'admin-chains|admin-sends|admin-wallets|client-sends|client-wallets|connected|contract|custody|embedded|evm|send|stopped|ton|wallet',
  doors: 'metapro|rapidpace|xellar',
  delivery: 'admin-webhooks|webhook',
};
const names = Object.keys(wings);
const belowDoors = new Set(['community', 'wallets']);
const testsOf = (name) => `test/integration/(${wings[name]})`;
const ofNothing = /^(docs|examples|bench)\/|^[A-Z]+\.md$|^scripts\/lines\.json$/;

/**
 * @param {string[]} paths that a change touches
 * @returns {string[]} patterns of the files of tests that it does not reach
 */
function testsNotReachedBy(paths) {
  const touched = paths
    .filter((path) => !ofNothing.test(path))
    .map((path) => names.find((name) => RegExp(`^(libs/${name}/|${testsOf(name)})`).test(path)));
  if (touched.includes(undefined)) return [];
  if (touched.some((name) => belowDoors.has(name))) touched.push('doors');
  return names.filter((name) => !touched.includes(name)).map(testsOf);
}

/** @param {string | undefined} commit where the change left its branch */
function testsNotReachedSince(commit) {
  if (!commit) return [];
  const words = ['diff', '--name-only', `${commit}...HEAD`];
  const paths = execFileSync('git', words, { cwd: join(__dirname, '..', '..'), encoding: 'utf8' });
  return testsNotReachedBy(paths.split('\n').filter(Boolean));
}

module.exports = { testsNotReachedBy, testsNotReachedSince };
