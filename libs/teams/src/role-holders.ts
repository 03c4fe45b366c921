import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { canReach, IdentitiesService, UsersService } from '@countersign/users';
import { TeamAccess } from './team-access';
import type { TeamRole } from './team-roles';
import type { TeamEntity } from './team.entity';
import { teamError } from './teams.errors';

/** Checks whether a person's account may hold a role. The caller has locked the user. */
@Injectable()
export class RoleHolders {
  constructor(
    private readonly access: TeamAccess,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
  ) {}

  /** @throws AppError team.target_assurance_too_low where no identity of the person reaches what the role needs */
  async assertReachable(
    tx: EntityManager,
    { applicationId }: Pick<TeamEntity, 'applicationId'>,
    userId: string,
    role: TeamRole,
  ): Promise<void> {
    const needed = await this.access.assuranceOf(applicationId, role, tx);
    if (needed === 'vendor') return;
    const identities = await this.identities.listOf(tx, userId);
    if (!identities.some((identity) => canReach(identity, needed)))
      throw teamError('team.target_assurance_too_low');
  }

  /** @throws AppError team.target_unavailable for an account that is deactivated or is to be erased */
  async assertActive(tx: EntityManager, userId: string): Promise<void> {
    const { status, erasure } = await this.users.getById(userId, tx);
    if (status !== 'active' || erasure !== null) throw teamError('team.target_unavailable');
  }
}
