import { defineErrors, refusals } from '@countersign/text';

export const boardError = defineErrors({
  ...refusals('not-found', {
    'board.not_found':
      'The application has no such leaderboard, or it has no such season. Check the ids: countersign board list, and GET /v1/boards/{boardId}/seasons.',
    'board.not_ranked': 'The person has no score in the season',
    'board.person_not_found': 'No such person has signed in to the application',
  }),
  ...refusals('conflict', {
    'board.score_id_reused': 'Another score has this id',
    'board.sum_out_of_range': 'The sum would leave the range of scores',
    'board.season_closed': 'The season is closed, and its ranks are final',
    'board.no_season_by_hand': 'Seasons of the leaderboard end by the calendar',
  }),
});
