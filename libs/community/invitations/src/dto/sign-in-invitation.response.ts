import { Nested, OneOf, Text, toResponse } from '@countersign/http';
import type { GivenRole } from '@countersign/teams';
import type { AcceptanceRefusal } from '../acceptance/acceptance';
import type { InvitationFacts } from '../acceptance/invitation-facts.repository';
import { ExpiresAtField, InvitationIdField, RoleField } from './invitation-fields';
import { InvitingTeamResponse, toInvitingTeamResponse } from './team-summary.response';

const outcomes = ['offered', 'accepted', 'refused'] as const;

/** What became of the invitation in the start parameter of a sign-in. */
export class SignInInvitationResponse {
  @OneOf(
    outcomes,
    '`offered`: accept it with `POST /v1/invitations/accept` and the token in `startParam`.',
    'offered',
  )
  outcome: (typeof outcomes)[number];

  @Text(
    'Where it is refused: `invitation.not_found`, `.expired`, `.used_up`, `.revoked`, ' +
      '`.already_member`, `.already_used`, `.team_full`, ' +
      '`team.too_many_teams` or `team.not_accepted`.',
    'invitation.expired',
    { optional: true },
  )
  code?: string;

  @InvitationIdField({ optional: true })
  invitationId?: string;

  @Nested(InvitingTeamResponse, 'Where it is offered or accepted, or the person is a member already.', {
    optional: true,
  })
  team?: InvitingTeamResponse;

  @RoleField({ optional: true })
  role?: GivenRole;

  @ExpiresAtField({ optional: true })
  expiresAt?: string;
}

export function toSignInInvitationResponse(
  outcome: 'offered' | 'accepted',
  facts: InvitationFacts,
): SignInInvitationResponse {
  const team = toInvitingTeamResponse(facts);
  return toResponse(SignInInvitationResponse, { ...facts, outcome, invitationId: facts.id, team });
}

export function toRefusedInvitationResponse(
  code: AcceptanceRefusal,
  facts?: InvitationFacts,
): SignInInvitationResponse {
  // The person may read the team only where they are a member.
  const team = facts && code === 'invitation.already_member' ? toInvitingTeamResponse(facts) : null;
  return { outcome: 'refused', code, ...(team ? { team } : {}) };
}
