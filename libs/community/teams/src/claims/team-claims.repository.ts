import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
import { TeamEntity } from '../store/team.entity';
import type { TeamMemberEntity } from '../store/team-member.entity';
import type { TeamRole } from '../team-roles';

/** A membership, as identity tokens name it. */
export interface TeamClaim {
  readonly id: string;
  readonly role: TeamRole;
}

/** In the order of the index of a person's memberships: besides the rows of the result it reads those of deleted teams. */
const MEMBERSHIPS = `
  SELECT members.team_id AS id, members.role
  FROM team_members members JOIN teams ON teams.id = members.team_id
  WHERE members.user_id = $1 AND members.application_id = $2 AND teams.deleted_at IS NULL
  ORDER BY members.team_id LIMIT $3`;

@Injectable()
export class TeamClaimsRepository {
  /** Deleted teams that can be restored count too. */
  async hasTeams(manager: EntityManager, applicationId: string): Promise<boolean> {
    return manager.existsBy(TeamEntity, { applicationId });
  }

  /** The oldest teams first, without deleted ones. */
  async membershipsOf(
    manager: EntityManager,
    { userId, applicationId }: Pick<TeamMemberEntity, 'userId' | 'applicationId'>,
    limit: number,
  ): Promise<readonly TeamClaim[]> {
    return rows<TeamClaim>(manager, MEMBERSHIPS, [userId, applicationId, limit]);
  }
}
