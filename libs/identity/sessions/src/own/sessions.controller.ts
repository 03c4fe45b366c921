import { InSession, Caller } from '../access/authenticated';
import { SessionPage } from '../dto/session.response';
import { Controller, Delete, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, IdInPath, PageQuery, FlagInQuery } from '@countersign/http';
import { OwnSessionsService } from './own-sessions.service';
import type { Principal } from '../session';

class EndSessionsQuery {
  @FlagInQuery('Whether this session ends too.', true)
  all?: string;
}

@Controller('v1/me/sessions')
@ApiTags('The person')
export class SessionsController {
  constructor(private readonly sessions: OwnSessionsService) {}

  @Get()
  @ApiOperation({
    operationId: 'listOwnSessions',
    summary: 'List one’s own sessions, newest first',
    description:
      'Live sessions of the account. A session that may not reach across applications sees those of its own application.',
  })
  @InSession()
  @Answers(SessionPage, { errors: ['request.invalid', 'request.unknown_field'] })
  list(@Caller() caller: Principal, @Query() page: PageQuery): Promise<SessionPage> {
    return this.sessions.list(caller, page);
  }

  @Delete(':sessionId')
  @ApiOperation({
    operationId: 'endOwnSession',
    summary: 'End one of one’s own sessions',
    description: 'Its tokens are refused from now on, by every replica.',
  })
  @InSession()
  @Answers(null)
  endOne(
    @Caller() caller: Principal,
    @IdInPath('sessionId', 'session.not_found', 'The id of the session.') sessionId: string,
  ): Promise<void> {
    return this.sessions.endOne(caller, sessionId);
  }

  @Delete()
  @ApiOperation({
    operationId: 'endOwnSessions',
    summary: 'End all other sessions, or all',
    description: 'With `all=true` the session of the caller ends too.',
  })
  @InSession()
  @Answers(null, { errors: ['request.invalid', 'request.unknown_field'] })
  endAll(@Caller() caller: Principal, @Query() { all }: EndSessionsQuery): Promise<void> {
    return this.sessions.endAll(caller, all === 'true');
  }
}
