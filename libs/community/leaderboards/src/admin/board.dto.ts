import { IsReason } from '@countersign/account';

import { Flag, Id, Instant, OneOf, PageQuery, Text, toResponse, PageOf } from '@countersign/http';
import { betterScores, boardRules, type BetterScore, type BoardRule } from '../board-rules';
import { BoardFields, SeasonResponse, UNVERIFIED } from '../dto/board.response';
import { calendars, type Calendar } from '../seasons/calendar';
import type { BoardEntity } from '../store/board.entity';

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

export class AdminBoardPageResponse extends PageOf(AdminBoardResponse, 'Newest first.') {}
export class AdminSeasonPageResponse extends PageOf(SeasonResponse, 'Newest first.') {}

export class CloseSeasonRequest {
  @IsReason()
  reason: string;
}
