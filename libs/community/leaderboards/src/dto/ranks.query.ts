import { IntersectionType } from '@nestjs/swagger';
import { Id, Matching, PageQuery, invalidField } from '@countersign/http';

/** Among whom, and in which season. */
export interface WantedRanks {
  readonly seasonId?: string | undefined;
  readonly teamId?: string | undefined;
  readonly referredBy?: string | undefined;
}

/** Which ranks are wanted. */
export class RanksQuery {
  @Id('The season; the current one by default.', undefined, { input: 'optional' })
  seasonId?: string;

  @Id('Ranks among the members of this team.', undefined, { input: 'optional' })
  teamId?: string;

  @Id('Ranks among this account, which is the caller’s own, and the people whom it referred.', undefined, {
    input: 'optional',
  })
  referredBy?: string;

  /** @throws AppError request.invalid */
  static toWanted({ seasonId, teamId, referredBy }: RanksQuery): WantedRanks {
    if (teamId !== undefined && referredBy !== undefined)
      throw invalidField('referredBy', 'not_together', 'cannot go with teamId');
    return {
      seasonId: seasonId?.toLowerCase(),
      teamId: teamId?.toLowerCase(),
      referredBy: referredBy?.toLowerCase(),
    };
  }
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
