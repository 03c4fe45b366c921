/** Codes of routes where a person has an invitation. */
export const offerCodes: readonly string[] = [
  'invitation.not_found',
  'invitation.expired',
  'invitation.used_up',
  'invitation.revoked',
  'invitation.already_member',
  'invitation.already_used',
];

/** Codes of routes where a person joins by one. */
export const acceptanceCodes: readonly string[] = [
  ...offerCodes,
  'invitation.team_full',
  'team.too_many_teams',
  'team.not_accepted',
  'auth.assurance_too_low',
];
