import { type FieldOptions, Id, Instant, Matching, OneOf } from '@countersign/http';
import { givenRoles } from '@countersign/teams';
import { GIVEN_TOKEN } from '../invitation';

/** Fields of invitations that several classes have. */
export function InvitationIdField(options?: FieldOptions): PropertyDecorator {
  return Id('The id of the invitation.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11', options);
}

export function TeamIdField(): PropertyDecorator {
  return Id('The id of the team.', '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42');
}

export function RoleField(options?: FieldOptions): PropertyDecorator {
  return OneOf(givenRoles, 'The role that the invited person gets.', 'viewer', options);
}

export function TokenField(options?: FieldOptions): PropertyDecorator {
  return Matching('The token of the invitation, with `i_` or without.', 'pZ0mQ4x7bV1sT9uYcE2kRnHf6LwAj3Gd', {
    pattern: GIVEN_TOKEN,
    message: 'must be the token of an invitation, or the start parameter with it',
    ...options,
  });
}

export function ExpiresAtField(options?: FieldOptions): PropertyDecorator {
  return Instant('When it expires.', '2026-11-29T09:30:00.000Z', options);
}
