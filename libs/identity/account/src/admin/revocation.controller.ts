import { Body, Post } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { Count, ExactlyOneOf, Id, IdInPath, Instant, invalidField, Nested } from '@countersign/http';
import { BotKeyFields } from '@countersign/applications';
import { AccountService, type LeakedSecret } from '../account.service';
import { APPLICATION_ID } from '../dto/examples';
import { accountScopes } from '../account.feature';

@ExactlyOneOf('bot', 'vendorOf')
export class RevokeSessionsRequest {
  @Nested(BotKeyFields, 'Sessions that rest on the token of this bot alone. This or `vendorOf`.', {
    input: 'optional',
  })
  bot?: BotKeyFields;

  @Id('Sessions that began with a proof of a vendor for this application. This or `bot`.', APPLICATION_ID, {
    input: 'optional',
  })
  vendorOf?: string;

  @Instant(
    'Only those that began at this instant or later: when the secret leaked.',
    '2026-11-20T08:00:00.000Z',
    { input: 'required' },
  )
  since: string;

  toSecret(): LeakedSecret {
    const { bot, vendorOf } = this;
    const since = new Date(this.since);
    if (bot && vendorOf === undefined) return { bot: { ...bot }, since };
    if (vendorOf !== undefined && !bot) return { vendorOf: vendorOf.toLowerCase(), since };
    throw invalidField('', 'exactly_one', 'must have one of bot and vendorOf');
  }
}

export class EndedSessionsResponse {
  @Count('How many have ended; those that were over before do not count.', 3)
  endedSessions: number;
}

const PROOFS = 'The proofs that opened these sessions cannot open others.';

@AdminController('sessions', 'Sessions')
export class RevocationController {
  constructor(private readonly accounts: AccountService) {}

  @Post('revoke')
  @Operation('revokeSessions', accountScopes.sessionsEnd, EndedSessionsResponse, {
    summary: 'End all sessions that rest on a secret that leaked, since an instant',
    description:
      'The secret is a bot’s token or a vendor’s secret. Sessions end a thousand at a time: after an interruption, call ' +
      `again to end the rest. First distrust the bot, or remove the secret. ${PROOFS}`,
    errors: ['bot.not_found', 'application.not_found'],
  })
  revoke(@Body() wanted: RevokeSessionsRequest): Promise<EndedSessionsResponse> {
    return this.accounts.revokeLeaked(wanted.toSecret());
  }

  @Post(':sessionId/end')
  @Operation('endSession', accountScopes.sessionsEnd, EndedSessionsResponse, {
    summary: 'End a session',
    description: 'The proof that opened this session cannot open another session.',
  })
  endOne(@IdInPath('sessionId', 'session.not_found') sessionId: string): Promise<EndedSessionsResponse> {
    return this.accounts.revoke({ sessionId });
  }
}
