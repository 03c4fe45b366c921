import { IntersectionType } from '@nestjs/swagger';
import {
  Count,
  Flag,
  Id,
  Instant,
  Integer,
  ListOf,
  Matching,
  Nested,
  NextCursor,
  PageQuery,
} from '@countersign/http';
import { UserResponse } from '@countersign/account';
import { UNVERIFIED } from './board.response';

export class RanksQuery {
  @Id('The season; the current one by default.', undefined, { input: 'optional' })
  seasonId?: string;
}

export class TopQuery extends IntersectionType(PageQuery, RanksQuery) {}

export class AroundQuery extends RanksQuery {
  @Matching('How many people on each side, 1 to 50.', '5', {
    input: 'optional',
    pattern: /^([1-9]|[1-4]\d|50)$/,
    message: 'must be a whole number from 1 to 50',
    default: '5',
  })
  each?: string;
}

export class StandingResponse {
  @Integer('From 1: of equal scores the one that was reached first.', 42, { min: 1 })
  rank: number;

  @Id('The account; `null` where it is gone.', undefined, { nullable: true })
  userId: string | null;

  @Integer('What counts by the rule of the leaderboard.', 1_250)
  score: number;

  @Instant('When the score that counts was accepted.')
  reachedAt: string;
}

export class RankedPerson extends StandingResponse {
  @Nested(UserResponse, 'Public fields; `null` where the person made nothing public.', { nullable: true })
  person: UserResponse | null;
}

export class RanksOfResponse {
  @Id('The season.')
  seasonId: string;

  @Instant('The ranks are exact as of this instant or a moment later.')
  asOf: string;

  @Count('How many people have a score in the season.', 1_000)
  people: number;

  @Flag(UNVERIFIED, false)
  isUnverified: boolean;
}

export class RanksResponse extends RanksOfResponse {
  @ListOf(RankedPerson, 'In the order of ranks.')
  items: readonly RankedPerson[];
}

export class TopResponse extends RanksResponse {
  @NextCursor()
  nextCursor: string | null;
}

export class RankResponse extends IntersectionType(StandingResponse, RanksOfResponse) {}
