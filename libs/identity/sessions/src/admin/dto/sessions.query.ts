import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsUUID } from 'class-validator';
import { MayBeAbsent, PageQuery, requestError } from '@countersign/http';
import { sessionStates, type SessionFilter, type SessionState } from '../listed-session';

const onlyWithUser = 'Only with `userId`: there is no index for it alone.';

/** Filters of lists of sessions: application and state need the user, since no index serves them alone. */
export class SessionFilters {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Sessions of this account; of a merged one, those of the surviving account.',
    example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
  })
  @MayBeAbsent()
  @IsUUID()
  userId?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: `Sessions for this application. ${onlyWithUser}`,
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  @MayBeAbsent()
  @IsUUID()
  applicationId?: string;

  @ApiPropertyOptional({
    enum: [...sessionStates],
    description: `Whether they still live. ${onlyWithUser}`,
    example: 'live',
  })
  @MayBeAbsent()
  @IsIn(sessionStates)
  state?: SessionState;
}

export class SessionsQuery extends IntersectionType(PageQuery, SessionFilters) {}

/** Of one person. */
export class UserSessionsQuery extends PageQuery {
  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Sessions for this application.',
    example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
  })
  @MayBeAbsent()
  @IsUUID()
  applicationId?: string;

  @ApiPropertyOptional({
    enum: [...sessionStates],
    description: 'Whether they still live.',
    example: 'live',
  })
  @MayBeAbsent()
  @IsIn(sessionStates)
  state?: SessionState;
}

/** @throws AppError request.invalid */
export function sessionFilterOf({ userId, applicationId, state }: SessionFilters): SessionFilter {
  const needUser = Object.entries({ applicationId, state }).filter(([, value]) => value !== undefined);
  if (userId === undefined && needUser.length > 0)
    throw requestError('request.invalid', {
      fields: needUser.map(([path]) => ({ path, code: 'needs_user', detail: 'needs userId beside it' })),
    });
  return { userId: userId ?? null, applicationId: applicationId ?? null, state: state ?? null };
}
