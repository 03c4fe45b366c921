import type { TeamWithRole } from '@countersign/teams';
import type { MetaproTeamResponse } from './teams.dto';

/** What a team shows to a caller. `null`: without a token no person is named. */
export function toTeamObject(
  { team }: Pick<TeamWithRole, 'team'>,
  memberIds: readonly string[] | null,
): MetaproTeamResponse {
  return {
    teamId: team.id,
    name: team.name,
    logo: team.logoUrl ?? '',
    banner: team.bannerUrl ?? '',
    description: team.description ?? '',
    website: team.websiteUrl ?? '',
    socialMedia: team.socialLinks.join(' '),
    createdBy: (memberIds && team.createdBy) ?? '',
    createdAt: team.createdAt.toISOString(),
    updatedAt: team.updatedAt.toISOString(),
    members: (memberIds ?? []).map((userId) => ({ address: '', userId })),
  };
}
