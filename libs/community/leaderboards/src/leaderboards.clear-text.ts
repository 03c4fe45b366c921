import { defineReviewedTables, holds } from '@countersign/database';

const SCORE = 'a score, or a position in the order of scores';

defineReviewedTables({
  boards: {
    isOfPerson: false,
    columns: {
      name: 'what an operator calls it',
      rule: holds.enumerated,
      better: holds.enumerated,
      calendar: holds.enumerated,
      max_jump: 'a difference of scores',
    },
  },
  board_seasons: { isOfPerson: false, columns: { number: 'a count' } },
  board_scores: {
    isOfPerson: true,
    columns: {
      id: 'random id that the server of the application gives a score',
      sent_score: SCORE,
      score: SCORE,
      sequence: holds.counter,
      correction_reason: 'a word or the number of a request, of an operator or of the application',
    },
  },
  board_entries: { isOfPerson: true, columns: { sort_key: SCORE, reached: holds.counter } },
  board_buckets: {
    isOfPerson: false,
    columns: { from_key: SCORE, from_reached: holds.counter, people: 'a count' },
  },
  board_deltas: {
    isOfPerson: false,
    columns: { id: holds.counter, sort_key: SCORE, reached: holds.counter, change: 'a count' },
  },
  board_anomalies: {
    isOfPerson: true,
    columns: { kind: holds.enumerated, found: 'a count', allowed: 'a count', times: 'a count' },
  },
});
