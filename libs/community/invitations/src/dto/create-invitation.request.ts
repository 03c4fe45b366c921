import { ExactlyOneOf, Integer, Matching, Nested, requestError } from '@countersign/http';
import { type GivenRole } from '@countersign/teams';
import { DEFAULT_LIFETIME, MAX_LIFETIME, MAX_USES, MIN_LIFETIME } from '../invitation';
import type { WantedInvitation } from '../teams/invitations.service';
import { userIdRecipient, usernameRecipient, type Recipient } from '../recipient';
import { RoleField } from './invitation-fields';

/** Whom an invitation is for. */
@ExactlyOneOf('telegramUsername', 'telegramUserId')
export class InvitationRecipientRequest {
  @Matching(
    'A Telegram username, with or without `@`. It counts if a proof of the last 24 hours has it.',
    'night_owl',
    { input: 'optional', pattern: /^@?[A-Za-z][A-Za-z0-9_]{3,31}$/, message: 'must be a Telegram username' },
  )
  telegramUsername?: string;

  @Matching('A Telegram user id, as text.', '279058397', {
    input: 'optional',
    pattern: /^[1-9]\d{0,15}$/,
    message: 'must be the digits of a Telegram user id',
  })
  telegramUserId?: string;

  /** @throws AppError request.invalid */
  toRecipient(): Recipient {
    const { telegramUsername, telegramUserId } = this;
    if (telegramUsername !== undefined && telegramUserId === undefined)
      return usernameRecipient(telegramUsername);
    if (telegramUserId !== undefined && telegramUsername === undefined)
      return userIdRecipient(telegramUserId);
    const detail = 'must have either telegramUsername or telegramUserId';
    throw requestError('request.invalid', { fields: [{ path: 'recipient', code: 'exactly_one', detail }] });
  }
}

export class CreateInvitationRequest {
  @RoleField({ input: 'required' })
  role: GivenRole;

  @Integer('Seconds until it expires.', 86_400, {
    input: 'optional',
    min: MIN_LIFETIME,
    max: MAX_LIFETIME,
    default: DEFAULT_LIFETIME,
  })
  expiresIn?: number;

  @Integer('How many people can join by it.', 10, { input: 'optional', min: 1, max: MAX_USES, default: 1 })
  maxUses?: number;

  @Nested(
    InvitationRecipientRequest,
    'Only this person can use it. Without it everybody with the link can.',
    { input: 'optional' },
  )
  recipient?: InvitationRecipientRequest;

  toWanted(): WantedInvitation {
    const { role, expiresIn: lifetime = DEFAULT_LIFETIME, maxUses = 1, recipient } = this;
    return { role, lifetime, maxUses, recipient: recipient?.toRecipient() ?? null };
  }
}
