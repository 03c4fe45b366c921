import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { BOT_ID, environments, providers, type Environment, type Provider } from '@countersign/applications';
import { Count, ExactlyOneOf, Id, invalidField, IsInstant, Nested, OneOf, Text } from '@countersign/http';
import type { RevocationTarget } from '../../account.service';

/** A bot by what its provider calls it. */
class BotOfSessions {
  @OneOf(providers, 'Its provider.', 'telegram', { input: 'required' })
  provider: Provider;

  @OneOf(environments, 'Its environment.', 'production', { input: 'required' })
  environment: Environment;

  @Text('Its number there.', '7204512345', {
    input: 'required',
    pattern: BOT_ID,
    message: 'must be the number of a bot',
  })
  botId: string;
}

@ExactlyOneOf('bot', 'vendorOf')
export class RevokeSessionsRequest {
  @Nested(BotOfSessions, 'Sessions that rest on the token of this bot alone. This or `vendorOf`.', {
    input: 'optional',
  })
  bot?: BotOfSessions;

  @Id(
    'Sessions that began with a proof of a vendor for this application. This or `bot`.',
    '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
    { input: 'optional' },
  )
  vendorOf?: string;

  @ApiProperty({
    format: 'date-time',
    description: 'Only those that began at this instant or later: when the secret leaked.',
    example: '2026-11-20T08:00:00.000Z',
  })
  @IsString()
  @IsInstant()
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
