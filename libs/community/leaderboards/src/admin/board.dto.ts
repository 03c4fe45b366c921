import { IsReason } from '@countersign/account';
import { AdminPageOf } from '@countersign/admin';
import { Flag, Id, Instant, Integer, OneOf, PageQuery, Text, toResponse } from '@countersign/http';
import { betterScores, boardRules, type BetterScore, type BoardRule } from '../board-rules';
import { BoardFields, SeasonResponse, UNVERIFIED } from '../dto/board.response';
import { ScoreIdField } from '../dto/scores.dto';
import { calendars, type Calendar } from '../seasons/calendar';
import type { BoardEntity, BoardScoreEntity } from '../store/board.entity';

const MAX_NAME_LENGTH = 64;

export class BoardsQuery extends PageQuery {
  @Id('Only those of this application.', undefined, { input: 'optional' })
  applicationId?: string;
}

export class BoardPatch {
  @Text('Its name.', 'Weekly race', { input: 'optional', max: MAX_NAME_LENGTH, pattern: /\S/ })
  name?: string;
}

/** What it ranks by is never changed. */
export class CreateBoardRequest {
  @Id('The application.', undefined, { input: 'required' })
  applicationId: string;

  @Text('Its name.', 'Weekly race', { input: 'required', max: MAX_NAME_LENGTH, pattern: /\S/ })
  name: string;

  @OneOf(boardRules, 'Which score of a person counts.', 'best', { input: 'required', name: 'BoardRule' })
  rule: BoardRule;

  @OneOf(betterScores, 'Which score is in front.', 'higher', { input: 'required', name: 'BetterScore' })
  better: BetterScore;

  @OneOf(calendars, 'When seasons end.', 'weekly', { input: 'required', name: 'BoardCalendar' })
  calendar: Calendar;

  @Flag(UNVERIFIED, false, { input: 'optional' })
  isUnverified?: boolean;
}

/** A leaderboard as operators see it. */
export class AdminBoardResponse extends BoardFields {
  @Id('The application.')
  applicationId: string;

  @Instant('When it was created.')
  createdAt: string;

  static of(board: BoardEntity): AdminBoardResponse {
    return toResponse(AdminBoardResponse, { ...board, boardId: board.id });
  }
}

export class AdminBoardPageResponse extends AdminPageOf(AdminBoardResponse, 'Newest first.') {}
export class AdminSeasonPageResponse extends AdminPageOf(SeasonResponse, 'Newest first.') {}

export class CloseSeasonRequest {
  @IsReason()
  reason: string;
}

export class SeasonFilterQuery extends PageQuery {
  @Id('The season.', undefined, { input: 'optional' })
  seasonId?: string;

  @Id('Only of this account.', undefined, { input: 'optional' })
  userId?: string;

  static toFilter({ seasonId, userId }: SeasonFilterQuery): SeasonFilterQuery {
    return { seasonId: seasonId?.toLowerCase(), userId: userId?.toLowerCase() } as SeasonFilterQuery;
  }
}

/** A score as operators see it. */
export class AdminScoreResponse {
  @ScoreIdField()
  id: string;

  @Id('Whose score it is.')
  userId: string;

  @Integer('What was sent.', 1_250)
  sentScore: number;

  @Integer('What counts; `null` where it was withdrawn.', null, { nullable: true })
  score: number | null;

  @Id('The season that it counts for.')
  seasonId: string;

  @Instant('When it was accepted.')
  acceptedAt: string;

  @Instant('When it was corrected; `null` where it was not.', null, { nullable: true })
  correctedAt: string | null;

  @Text('Why it was corrected.', null, { nullable: true })
  correctionReason: string | null;

  static of(score: BoardScoreEntity): AdminScoreResponse {
    return toResponse(AdminScoreResponse, score);
  }
}

export class AdminScorePageResponse extends AdminPageOf(AdminScoreResponse, 'Newest first.') {}
