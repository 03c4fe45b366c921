import { identityProviders, type IdentityProvider } from '@countersign/applications';
import { Id, Instant, Matching, OneOf, PageQuery } from '@countersign/http';
import { userStatuses, type IdentityFilter, type UserStatus } from '@countersign/users';

/** Filters of the list of accounts. */
export class UsersQuery extends PageQuery {
  @OneOf(userStatuses, 'Only accounts in this state.', 'deactivated', { input: 'optional' })
  status?: UserStatus;
}

export class IdentitiesQuery extends PageQuery {
  @Id('Only identities of this account.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', { input: 'optional' })
  userId?: string;

  @OneOf(identityProviders, 'Only identities at this platform.', 'telegram', { input: 'optional' })
  provider?: IdentityProvider;

  @Instant(
    'Only identities that a link or merge attached to their account at this instant or later.',
    '2026-11-01T00:00:00Z',
    { input: 'optional' },
  )
  attachedSince?: string;

  @Matching(
    'Only identities that were attached with proofs of this bot: `provider/environment/botId`.',
    'telegram/production/7342037359',
    {
      input: 'optional',
      pattern: /^(telegram|openweb3)\/(production|test)\/[\w-]{1,64}$/,
      message: 'must be provider/environment/botId',
    },
  )
  bot?: string;

  static toFilter({ userId, provider, attachedSince, bot }: IdentitiesQuery): IdentityFilter {
    return {
      userId: userId?.toLowerCase(),
      provider,
      attachedSince: attachedSince === undefined ? undefined : new Date(attachedSince),
      bot,
    };
  }
}
