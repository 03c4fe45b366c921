import { Integer } from '@countersign/http';
import { type GivenRole } from '@countersign/teams';
import { DEFAULT_LIFETIME, MAX_LIFETIME, MAX_USES, MIN_LIFETIME } from '../invitation';
import type { WantedInvitation } from '../teams/invitations.service';
import { RoleField } from './invitation-fields';

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
