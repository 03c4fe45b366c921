import { Id, Integer, ListOf, OneOf, TakesValuesUpTo, Text } from '@countersign/http';
import { MAX_SCORE } from '../board-rules';

const SCORE_ID = /^[A-Za-z0-9._:-]{1,64}$/;

function ScoreIdField(input?: 'required'): PropertyDecorator {
  return Text('The application’s own id of the score. It must not name a person.', 'match-8817.2', {
    ...(input ? { input } : {}),
    pattern: SCORE_ID,
    message: 'must be 1 to 64 letters, digits and . _ : -',
  });
}

export class SentScoreRequest {
  @ScoreIdField('required')
  id: string;

  @Id('Whose score it is.', undefined, { input: 'required' })
  userId: string;

  @Integer('A whole number.', 1_250, { input: 'required', min: -MAX_SCORE, max: MAX_SCORE })
  score: number;
}

/** Each score is an object with three values. */
@TakesValuesUpTo(4_100)
export class SendScoresRequest {
  @ListOf(SentScoreRequest, 'In the order of time.', { input: 'required', list: { min: 1, max: 1_000 } })
  scores: SentScoreRequest[];
}

const scoreRefusals = ['board.person_not_found', 'board.score_id_reused', 'board.sum_out_of_range'] as const;
export type ScoreRefusal = (typeof scoreRefusals)[number];

export class ScoreResultResponse {
  @ScoreIdField()
  id: string;

  @OneOf(['accepted', 'repeated', 'refused'], '`repeated` where it was accepted before.', 'accepted')
  outcome: 'accepted' | 'repeated' | 'refused';

  @OneOf([...scoreRefusals, null], 'Why it was refused.', null, { nullable: true })
  code: ScoreRefusal | null;
}

export class ScoreResultsResponse {
  @Id('The season that the accepted scores count for.')
  seasonId: string;

  @ListOf(ScoreResultResponse, 'For each score, in order.')
  results: readonly ScoreResultResponse[];
}
