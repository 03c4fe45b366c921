import { Flag, Id, Integer, ListOf, Nested, ObjectOf, Text } from '@countersign/http';
import { MAX_SCORE } from '@countersign/leaderboards';
import { MetaproListOf } from '../dto/user.responses';

const SCORE_ID = /^[A-Za-z0-9._:-]{1,64}$/;

export class MetaproRoundRequest {
  @Integer('A whole number, which is not negative.', 1_250, { input: 'required', min: 0, max: MAX_SCORE })
  score: number;
}

export class MetaproMatchRequest {
  @Id('The leaderboard.', undefined, { input: 'required' })
  leaderboardId: string;
}

export class MetaproScoreRequest extends MetaproMatchRequest {
  @Id('The application of the client secret.', undefined, { input: 'optional' })
  projectId?: string;

  @ObjectOf(true, 'Its `score` is read, and nothing else.', { score: 1_250 }, { input: 'required' })
  roundData: Record<string, unknown>;
}

export class MetaproMapScoreRequest extends MetaproScoreRequest {
  @Id('Whose score it is.', undefined, { input: 'required' })
  userId: string;

  @Text('It counts once on a leaderboard.', 'match-8817', { input: 'required', pattern: SCORE_ID })
  matchId: string;

  @Id('A leaderboard that is the map; without it `leaderboardId`.', undefined, { input: 'optional' })
  map?: string;
}

class MetaproRound {
  @Integer('What counts by the rule of the leaderboard; `null` without a score.', 1_250, { nullable: true })
  score: number | null;
}

/** Scores are never deducted, so all three totals are the same. */
export class MetaproScore {
  @Id('`null` where the person made nothing public and the call has no token.', undefined, { nullable: true })
  userId: string | null;

  @Integer('From 1; `null` without a score.', 42, { min: 1, nullable: true })
  position: number | null;

  @Flag('Whether pages may send scores: anyone can then send any score.', false)
  isUnverified: boolean;

  @Nested(MetaproRound, 'What counts in the current season.')
  roundData: MetaproRound;

  @Nested(MetaproRound, 'The same.')
  currentRoundData: MetaproRound;

  @Nested(MetaproRound, 'The same.')
  totalRoundData: MetaproRound;
}

export class MetaproPersonalScore {
  @ListOf(MetaproScore, 'The person, and up to five people on each side.')
  scores: readonly MetaproScore[];

  @Nested(MetaproScore, 'The person.')
  mainScore: MetaproScore;
}

export class MetaproSentScore {
  @Nested(MetaproScore, 'The person afterwards.')
  scoreTotal: MetaproScore;
}

export class MetaproScores extends MetaproListOf(
  MetaproScore,
  'How many people have a score.',
  'In the order of positions.',
) {}
