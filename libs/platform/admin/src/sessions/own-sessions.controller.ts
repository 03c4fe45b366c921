import { Delete, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Flag, Id, IdInPath, Instant, ListOf, toResponse } from '@countersign/http';
import type { Principal } from '../principals/principal';
import type { PrincipalTokenEntity } from '../principals/principal-token.entity';
import { AdminController } from '../routes/admin-controller';
import { Caller } from '../routes/admin-request';
import { Operation } from '../routes/operation';
import { PrincipalSessions } from './principal-sessions';

class OwnSessionResponse {
  @Id('Its id.')
  sessionId: string;

  @Flag('Whether it is that of the call.', true)
  current: boolean;

  @Instant('When the principal signed in.', null, { nullable: true })
  beganAt: string | null;

  @Instant('When it ends without another use.')
  expiresAt: string;

  @Instant('When it ends however much it is used.', null, { nullable: true })
  endsAt: string | null;

  static of(session: PrincipalTokenEntity, caller: Principal): OwnSessionResponse {
    return toResponse(OwnSessionResponse, {
      ...session,
      sessionId: session.sessionId ?? '',
      current: session.digest.equals(caller.tokenDigest),
    });
  }
}

class OwnSessionsResponse {
  @ListOf(OwnSessionResponse, 'Newest first.')
  items: readonly OwnSessionResponse[];
}

/** The sessions of the console that the calling principal has. */
@AdminController('me/sessions', 'Principals')
export class OwnSessionsController {
  constructor(private readonly sessions: PrincipalSessions) {}

  @Get()
  @Operation(
    'listOwnSessions',
    'any',
    OwnSessionsResponse,
    'List the console sessions of the calling principal',
  )
  async list(@Caller() caller: Principal): Promise<OwnSessionsResponse> {
    const sessions = await this.sessions.list(caller.principalId);
    return { items: sessions.map((session) => OwnSessionResponse.of(session, caller)) };
  }

  @Delete(':sessionId')
  @Operation('endOwnSession', 'any', null, 'End a console session of the calling principal')
  async end(
    @IdInPath('sessionId', 'principal.session_not_found') sessionId: string,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const isCurrent = await this.sessions.isCurrent(caller, sessionId);
    await this.sessions.end(caller.principalId, sessionId);
    if (isCurrent) void reply.header('set-cookie', this.sessions.signedOutCookies());
  }
}
