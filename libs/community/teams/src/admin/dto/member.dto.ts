import { OmitType } from '@nestjs/swagger';
import { AdminPageOf } from '@countersign/admin';
import { OneOf, toResponse } from '@countersign/http';
import { MemberResponse } from '../../dto/member.dto';
import type { TeamMemberEntity } from '../../store/team-member.entity';
import { teamRoles, type TeamRole } from '../../team-roles';

/** A member as operators see it, without any personal field. */
export class AdminTeamMemberResponse extends OmitType(MemberResponse, ['profile', 'role']) {
  @OneOf(teamRoles, 'The role.', 'viewer', { name: 'TeamRole' })
  role: TeamRole;

  static of(member: TeamMemberEntity): AdminTeamMemberResponse {
    return toResponse(AdminTeamMemberResponse, member);
  }
}

export class AdminTeamMemberPageResponse extends AdminPageOf(
  AdminTeamMemberResponse,
  'The newest account first.',
) {}
