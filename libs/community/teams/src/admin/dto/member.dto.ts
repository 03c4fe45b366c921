import { AdminPageOf } from '@countersign/admin';
import { Id, Instant, ObjectOf, OneOf } from '@countersign/http';
import {
  teamHistoryActions,
  type TeamHistoryAction,
  type TeamHistoryEntity,
} from '../../store/team-history.entity';
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

/** An entry of the history of a team. */
export class AdminTeamHistoryResponse {
  @Id('The id of the entry.', '0199a3c6-a0b4-7c21-b0f6-1d2e3f4a5b6c')
  entryId: string;

  @OneOf(teamHistoryActions, 'What happened.', 'joined')
  action: TeamHistoryAction;

  @Id('The account that did it; null for an operator and the service, and when it was erased.', USER_ID, {
    nullable: true,
  })
  actorId: string | null;

  @Id('The account that it is about; null when it is about none, and when it was erased.', null, {
    nullable: true,
  })
  subjectId: string | null;

  @ObjectOf(
    { type: 'string' },
    'Words about it: the names of the fields that changed, the role, how a member joined.',
    { role: 'viewer', how: 'invitation' },
  )
  details: Readonly<Record<string, string>>;

  @Instant('When it happened.', INSTANT)
  at: string;

  static of({ id, at, ...entry }: TeamHistoryEntity): AdminTeamHistoryResponse {
    const { action, actorId, subjectId, details } = entry;
    return { entryId: id, action, actorId, subjectId, details, at: at.toISOString() };
  }
}

export class AdminTeamHistoryPageResponse extends AdminPageOf(AdminTeamHistoryResponse, 'Newest first.') {}
