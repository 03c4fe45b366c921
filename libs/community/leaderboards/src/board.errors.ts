import { defineErrors } from '@countersign/text';

export const boardError = defineErrors({
  'board.not_found': {
    kind: 'not-found',
    title: 'The application has no such leaderboard, or it has no such season',
    remedy: 'Check the ids: countersign board list, and GET /v1/boards/{boardId}/seasons.',
  },
  'board.not_ranked': { kind: 'not-found', title: 'The person has no score in the season' },
  'board.person_not_found': { kind: 'not-found', title: 'No such person has signed in to the application' },
  'board.score_id_reused': { kind: 'conflict', title: 'Another score has this id' },
  'board.sum_out_of_range': { kind: 'conflict', title: 'The sum would leave the range of scores' },
  'board.season_closed': { kind: 'conflict', title: 'The season is closed, and its ranks are final' },
  'board.no_season_by_hand': { kind: 'conflict', title: 'Seasons of the leaderboard end by the calendar' },
});
