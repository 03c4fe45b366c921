import { ApiProperty } from '@nestjs/swagger';
import { NextCursor } from '@countersign/admin';
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
  @ApiProperty({ format: 'uuid', description: 'The account.', example: USER_ID })
  userId: string;

  @ApiProperty({ enum: [...teamRoles], enumName: 'TeamRole', description: 'The role.', example: 'viewer' })
  role: TeamRole;

  @ApiProperty({ format: 'date-time', description: 'When the person joined.', example: INSTANT })
  joinedAt: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The account that invited them; null for the creator, and when that account was erased.',
    example: null,
  })
  invitedBy: string | null;

  static of({ userId, role, joinedAt, invitedBy }: TeamMemberEntity): AdminTeamMemberResponse {
    return { userId, role, joinedAt: joinedAt.toISOString(), invitedBy };
  }
}

export class AdminTeamMemberPageResponse {
  @ApiProperty({ type: [AdminTeamMemberResponse], description: 'The newest account first.' })
  items: readonly AdminTeamMemberResponse[];

  @NextCursor()
  nextCursor: string | null;
}

/** An entry of the history of a team. */
export class AdminTeamHistoryResponse {
  @ApiProperty({
    format: 'uuid',
    description: 'The id of the entry.',
    example: '0199a3c6-a0b4-7c21-b0f6-1d2e3f4a5b6c',
  })
  entryId: string;

  @ApiProperty({ enum: [...teamHistoryActions], description: 'What happened.', example: 'joined' })
  action: TeamHistoryAction;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The account that did it; null for an operator and the service, and when it was erased.',
    example: USER_ID,
  })
  actorId: string | null;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The account that it is about; null when it is about none, and when it was erased.',
    example: null,
  })
  subjectId: string | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Words about it: the names of the fields that changed, the role, how a member joined.',
    example: { role: 'viewer', how: 'invitation' },
  })
  details: Readonly<Record<string, string>>;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'What the act rests on where the platform did not sign: a bot as `provider/environment/id`, `bot-token` where ' +
      'that bot is gone, or `vendor`; null otherwise.',
    example: null,
  })
  origin: string | null;

  @ApiProperty({ format: 'date-time', description: 'When it happened.', example: INSTANT })
  at: string;

  static of({ id, at, ...entry }: TeamHistoryEntity): AdminTeamHistoryResponse {
    const { action, actorId, subjectId, details, origin } = entry;
    return { entryId: id, action, actorId, subjectId, details, origin, at: at.toISOString() };
  }
}

export class AdminTeamHistoryPageResponse {
  @ApiProperty({ type: [AdminTeamHistoryResponse], description: 'Newest first.' })
  items: readonly AdminTeamHistoryResponse[];

  @NextCursor()
  nextCursor: string | null;
}
