import { defineErrors } from '@countersign/errors';

export const boardError = defineErrors({
  'board.not_found': {
    kind: 'not-found',
    title: 'The application has no such leaderboard, or it has no such season',
    remedy: 'Check the ids: countersign board list, and GET /v1/boards/{boardId}/seasons.',
  },
  'board.not_ranked': {
    kind: 'not-found',
    title: 'The person has no score in the season, or is not in the group',
    remedy: 'Nothing is wrong: there is a rank after the first score.',
  },
  'board.person_not_found': {
    kind: 'not-found',
    title: 'The application knows no such person',
    remedy: 'Send scores only for people who have signed in to the application.',
  },
  'board.score_id_reused': {
    kind: 'conflict',
    title: 'Another score has this id',
    remedy: 'Give each score an id of its own; an operator corrects one that was sent before.',
  },
  'board.sum_out_of_range': {
    kind: 'conflict',
    title: 'The sum of the person would leave the range of scores',
    remedy: 'Use smaller scores, or close the season.',
  },
  'board.score_not_found': {
    kind: 'not-found',
    title: 'The leaderboard has no such score',
    remedy: 'Check the id: it is the one that the score was sent with.',
  },
  'board.unverified': {
    kind: 'conflict',
    title: 'An unverified leaderboard has no ranks of referred people',
    remedy: 'Use a leaderboard that only servers send scores to.',
  },
  'board.season_closed': {
    kind: 'conflict',
    title: 'The season is closed, and its ranks are final',
    remedy: 'Nothing of a closed season changes.',
  },
  'board.no_season_by_hand': {
    kind: 'conflict',
    title: 'The seasons of the leaderboard end by the calendar',
    remedy: 'Wait for the end of the season.',
  },
  'board.group_hidden': {
    kind: 'forbidden',
    title: 'Only the person themselves, or the application, sees the people whom a person referred',
    remedy: 'Name the account of the session in referredBy, and in the path.',
  },
  'board.group_too_large': {
    kind: 'conflict',
    title: 'The group has more than 10,000 people',
    remedy: 'Read the whole leaderboard instead.',
  },
});
