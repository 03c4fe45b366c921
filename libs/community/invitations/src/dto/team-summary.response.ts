import { ApiProperty } from '@nestjs/swagger';
import type { InvitationFacts } from '../acceptance/invitation-facts.repository';
import { teamIdField } from './invitation-fields';

/** The team of an invitation, as it is shown before one joins. */
export class InvitingTeamResponse {
  @ApiProperty(teamIdField)
  teamId: string;

  @ApiProperty({ description: 'Its name.', example: 'Night Shift' })
  name: string;

  @ApiProperty({
    type: String,
    format: 'uri',
    nullable: true,
    description: 'The address of its logo.',
    example: null,
  })
  logoUrl: string | null;
}

export function toInvitingTeamResponse({
  teamId,
  teamName,
  teamLogoUrl,
}: Pick<InvitationFacts, 'teamId' | 'teamName' | 'teamLogoUrl'>): InvitingTeamResponse {
  return { teamId, name: teamName, logoUrl: teamLogoUrl };
}
