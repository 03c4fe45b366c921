import { IntersectionType } from '@nestjs/swagger';
import { Id, Matching, PageQuery } from '@countersign/http';

/** Which ranks are wanted. */
export class RanksQuery {
  @Id('The season; the current one by default.', undefined, { input: 'optional' })
  seasonId?: string;

  static seasonOf({ seasonId }: RanksQuery): string | undefined {
    return seasonId?.toLowerCase();
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
