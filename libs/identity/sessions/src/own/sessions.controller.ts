import { InSession, Caller } from '../access/authenticated';
import { SessionPage } from '../dto/session.response';
import { Delete, Get, Query } from '@nestjs/common';
import { ApiController, IdInPath, PageQuery, FlagInQuery } from '@countersign/http';
import { OwnSessionsService } from './own-sessions.service';
import type { Principal } from '../session';

class EndSessionsQuery {
  @FlagInQuery('Whether this session ends too.', true)
  all?: string;
}

@ApiController('v1/me/sessions', 'The person')
export class SessionsController {
  constructor(private readonly sessions: OwnSessionsService) {}

  @Get()
  @InSession('listOwnSessions', SessionPage, {
    summary: 'List one’s own sessions, newest first',
    description:
      'Live sessions of the account. A session that may not reach across applications sees those of its own application.',
  })
  list(@Caller() caller: Principal, @Query() page: PageQuery): Promise<SessionPage> {
    return this.sessions.list(caller, page);
  }

  @Delete(':sessionId')
  @InSession('endOwnSession', null, 'End one of one’s own sessions, at once')
  endOne(
    @Caller() caller: Principal,
    @IdInPath('sessionId', 'session.not_found', 'The id of the session.') sessionId: string,
  ): Promise<void> {
    return this.sessions.endOne(caller, sessionId);
  }

  @Delete()
  @InSession('endOwnSessions', null, 'End all other sessions, or all')
  endAll(@Caller() caller: Principal, @Query() { all }: EndSessionsQuery): Promise<void> {
    return this.sessions.endAll(caller, all === 'true');
  }
}
