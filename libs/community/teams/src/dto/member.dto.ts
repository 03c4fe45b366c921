import { Id, Instant, Nested, OneOf, PageOf, toResponse } from '@countersign/http';
import { ShownFieldsResponse, toShownFields, type ShownProfile } from '@countersign/account';
import type { TeamMemberEntity } from '../store/team.entity';
import { givenRoles, teamRoles, type GivenRole, type TeamRole } from '../team-roles';

export class SetRoleRequest {
  @OneOf(givenRoles, 'The new role.', 'editor', { input: 'required' })
  role: GivenRole;
}

export class MemberResponse {
  @Id('The id of the account.')
  userId: string;

  @OneOf(teamRoles, 'The role.', 'editor')
  role: TeamRole;

  @Instant('When the person became a member.')
  joinedAt: string;

  @Id('Who invited them; `null` for the creator, and when erased.', undefined, { nullable: true })
  invitedBy: string | null;

  @Nested(ShownFieldsResponse, 'What the person shows; `null` for a deactivated account.', { nullable: true })
  profile: ShownFieldsResponse | null;

  static of(member: TeamMemberEntity, profile: ShownProfile | undefined): MemberResponse {
    return toResponse(MemberResponse, { ...member, profile: profile ? toShownFields(profile.texts) : null });
  }
}

export class MemberPage extends PageOf(MemberResponse, 'The members, in the order of their ids.') {}
