import { Text, Uri } from '@countersign/http';
import type { InvitationFacts } from '../acceptance/invitation-facts.repository';
import { TeamIdField } from './invitation-fields';

/** The team of an invitation, as it is shown before one joins. */
export class InvitingTeamResponse {
  @TeamIdField()
  teamId: string;

  @Text('Its name.', 'Night Shift')
  name: string;

  @Uri('The address of its logo.', null, { nullable: true })
  logoUrl: string | null;
}

export function toInvitingTeamResponse(facts: InvitationFacts): InvitingTeamResponse {
  return { teamId: facts.teamId, name: facts.teamName, logoUrl: facts.teamLogoUrl };
}
