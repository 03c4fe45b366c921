import { Body, Post } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { IdInPath } from '@countersign/http';
import { UsersService } from '@countersign/users';
import { AccountService } from '../account.service';
import { EndedSessionsResponse, RevokeSessionsRequest } from './dto/revocation.dto';

const PROOFS = 'The proofs that opened them open no others.';

@AdminController('sessions', 'Sessions')
export class RevocationController {
  constructor(private readonly accounts: AccountService) {}

  @Post('revoke')
  @Operation('revokeSessions', 'sessions:end', EndedSessionsResponse, {
    summary: 'End all sessions that rest on a secret that leaked, since an instant',
    description:
      'Those of a bot’s token or of a vendor’s secret, a thousand at a time: after an interruption some have ended, and ' +
      `the next call ends the rest. First distrust the bot, or remove the secret. ${PROOFS}`,
    errors: ['bot.not_found', 'application.not_found'],
  })
  revoke(@Body() wanted: RevokeSessionsRequest): Promise<EndedSessionsResponse> {
    return this.accounts.revoke(wanted.toTarget());
  }

  @Post(':sessionId/end')
  @Operation('endSession', 'sessions:end', EndedSessionsResponse, {
    summary: 'End a session',
    description: 'The proof that opened it opens no other.',
  })
  endOne(@IdInPath('sessionId', 'session.not_found') sessionId: string): Promise<EndedSessionsResponse> {
    return this.accounts.revoke({ sessionId });
  }
}

@AdminController('users/:userId/sessions', 'Sessions')
export class UserRevocationController {
  constructor(
    private readonly accounts: AccountService,
    private readonly users: UsersService,
  ) {}

  @Post('end')
  @Operation('endUserSessions', 'sessions:end', EndedSessionsResponse, {
    summary: 'End all sessions of an account',
    description:
      'Proofs that were made before open no session, used or not. Of a merged account, those of the surviving one.',
  })
  async endAll(@IdInPath('userId', 'user.not_found') userId: string): Promise<EndedSessionsResponse> {
    return this.accounts.revoke({ userId: await this.users.resolveId(userId) });
  }
}
