/** Leaderboards: ranks that are not exact, scores that count twice or for others, and seasons that are closed twice. */

const boards = ['test/integration/leaderboards.integration-spec.ts'];
const seasons = ['test/integration/leaderboards-seasons.integration-spec.ts'];
const ofAccounts = ['test/integration/leaderboards-of-accounts.integration-spec.ts'];
const STORE = 'libs/community/leaderboards/src/store';

/** @type {import('../../scripts/lib/mutants/mutant.mjs').Mutant[]} */
export const leaderboards = [
  {
    id: 'board-rank-without-later-scores',
    file: `${STORE}/ranks.sql.ts`,
    find: '(counted.before + later.before + count(*))',
    replace: '(counted.before + count(*))',
    specs: boards,
  },
  {
    id: 'board-buckets-with-later-scores',
    file: `${STORE}/buckets.repository.ts`,
    find: 'bounds.people - COALESCE(later.change, 0)',
    replace: 'bounds.people',
    specs: boards,
  },
  {
    id: 'board-scores-of-strangers',
    file: `${STORE}/scores.repository.ts`,
    find: ' AND visits.application_id = $2',
    replace: '',
    specs: boards,
  },
  {
    id: 'board-of-another-application',
    file: 'libs/community/leaderboards/src/boards.service.ts',
    find: 'if (board?.applicationId !== applicationId)',
    replace: 'if (!board)',
    specs: boards,
  },
  {
    id: 'board-score-id-with-other-content',
    file: 'libs/community/leaderboards/src/scores/batch.ts',
    find: 'earlier.userId === userId && earlier.sentScore === score',
    replace: 'earlier.userId === userId',
    specs: boards,
  },
  {
    id: 'board-season-closed-by-each',
    file: `${STORE}/seasons.repository.ts`,
    find: 'where: { id: seasonId, closedAt: IsNull() },\n      lock',
    replace: 'where: { id: seasonId },\n      lock',
    specs: seasons,
  },
  {
    id: 'board-corrections-of-closed-seasons',
    file: 'libs/community/leaderboards/src/scores/score-corrections.ts',
    find: "      if (!(await this.seasons.lockOpen(tx, seasonId))) throw boardError('board.season_closed');\n",
    replace: '',
    specs: seasons,
  },
  {
    id: 'board-referrals-for-all',
    file: 'libs/community/leaderboards/src/ranks/ranks.service.ts',
    find: 'viewer.userId !== null && viewer.userId !== id',
    replace: 'viewer.userId === id && viewer.userId !== id',
    specs: seasons,
  },
  {
    id: 'board-people-unlocked',
    file: `${STORE}/scores.repository.ts`,
    find: 'ORDER BY users.id FOR SHARE OF users',
    replace: 'ORDER BY users.id',
    specs: ofAccounts,
  },
  {
    id: 'board-names-the-erased',
    file: 'libs/community/leaderboards/src/account-data/boards-account-data.ts',
    find: '    await this.counting.removeAll(tx, open, userId);\n',
    replace: '',
    specs: ofAccounts,
  },
];
