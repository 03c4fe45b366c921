import { Count, Flag, Id, Instant, Name, Nested, OneOf, PageOf, toResponse } from '@countersign/http';
import { betterScores, boardRules, type BetterScore, type BoardRule } from '../board-rules';
import { calendars, type Calendar } from '../seasons/board-seasons';
import type { BoardSeasonEntity } from '../store/board.entity';

const MAX_NAME_LENGTH = 64;
export const UNVERIFIED = 'Whether pages may send scores: anyone can then send any score.';

export class SeasonResponse {
  @Id('The season.')
  seasonId: string;

  @Count('From 1.', 7)
  number: number;

  @Instant('When it began.')
  startsAt: string;

  @Instant('When it ends; `null` where it is closed by hand.', null, { nullable: true })
  endsAt: string | null;

  @Instant('Since when its ranks are final; `null` while they are not.', null, { nullable: true })
  closedAt: string | null;

  static of(season: BoardSeasonEntity): SeasonResponse {
    return toResponse(SeasonResponse, { ...season, seasonId: season.id });
  }
}

export class SeasonPage extends PageOf(SeasonResponse, 'Newest first.') {}

export class BoardFields {
  @Id('The leaderboard.')
  boardId: string;

  @Name('Its name.', 'Weekly race', { input: 'required', max: MAX_NAME_LENGTH })
  name: string;

  @OneOf(boardRules, 'Which score of a person counts.', 'best', { input: 'required', name: 'BoardRule' })
  rule: BoardRule;

  @OneOf(betterScores, 'Which score is in front.', 'higher', { input: 'required', name: 'BetterScore' })
  better: BetterScore;

  @OneOf(calendars, 'When seasons end: by the calendar in UTC, weeks on Sunday, or by hand.', 'weekly', {
    input: 'required',
    name: 'BoardCalendar',
  })
  calendar: Calendar;

  @Flag(UNVERIFIED, false, { input: 'required' })
  isUnverified: boolean;
}

export class BoardResponse extends BoardFields {
  @Nested(SeasonResponse, 'The current season.')
  season: SeasonResponse;
}
