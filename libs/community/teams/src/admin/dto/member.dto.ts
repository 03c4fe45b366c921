import { AdminPageOf } from '@countersign/admin';
import { Id, Instant, OneOf } from '@countersign/http';
import type { TeamMemberEntity } from '../../store/team-member.entity';
import { teamRoles, type TeamRole } from '../../team-roles';
import { INSTANT, USER_ID } from './team-fields';

/** A member as operators see it, without any personal field. */
export class AdminTeamMemberResponse {
  @Id('The account.', USER_ID)
  userId: string;

  @OneOf(teamRoles, 'The role.', 'viewer', { name: 'TeamRole' })
  role: TeamRole;

  @Instant('When the person joined.', INSTANT)
  joinedAt: string;

  @Id('The account that invited them; null for the creator, and when that account was erased.', null, {
    nullable: true,
  })
  invitedBy: string | null;

  static of({ userId, role, joinedAt, invitedBy }: TeamMemberEntity): AdminTeamMemberResponse {
    return { userId, role, joinedAt: joinedAt.toISOString(), invitedBy };
  }
}

export class AdminTeamMemberPageResponse extends AdminPageOf(
  AdminTeamMemberResponse,
  'The newest account first.',
) {}
