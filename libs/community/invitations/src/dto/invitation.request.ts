import { Integer, Matching } from '@countersign/http';
import type { GivenRole } from '@countersign/teams';
import { DEFAULT_LIFETIME, GIVEN_TOKEN, MAX_LIFETIME, MAX_USES, MIN_LIFETIME } from '../invitation';
import { RoleField } from './invitation.response';

/** What an invitation is created with. */
export interface WantedInvitation {
  readonly role: GivenRole;
  /** Seconds. */
  readonly lifetime: number;
  readonly maxUses: number;
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

  toWanted(): WantedInvitation {
    const { role, expiresIn: lifetime = DEFAULT_LIFETIME, maxUses = 1 } = this;
    return { role, lifetime, maxUses };
  }
}

export class InvitationTokenRequest {
  @Matching('The token of the invitation, with `i_` or without.', 'pZ0mQ4x7bV1sT9uYcE2kRnHf6LwAj3Gd', {
    input: 'required',
    pattern: GIVEN_TOKEN,
    message: 'must be the token of an invitation, or the start parameter with it',
  })
  token: string;
}
