import { BotKeyFields } from '@countersign/applications';
import { Count, ExactlyOneOf, Id, Instant, invalidField, Nested } from '@countersign/http';
import type { RevocationTarget } from '../../account.service';

@ExactlyOneOf('bot', 'vendorOf')
export class RevokeSessionsRequest {
  @Nested(BotKeyFields, 'Sessions that rest on the token of this bot alone. This or `vendorOf`.', {
    input: 'optional',
  })
  bot?: BotKeyFields;

  @Id(
    'Sessions that began with a proof of a vendor for this application. This or `bot`.',
    '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
    { input: 'optional' },
  )
  vendorOf?: string;

  @Instant(
    'Only those that began at this instant or later: when the secret leaked.',
    '2026-11-20T08:00:00.000Z',
    { input: 'required' },
  )
  since: string;

  /** @throws AppError request.invalid unless there is one of `bot` and `vendorOf` */
  toTarget(): RevocationTarget {
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
