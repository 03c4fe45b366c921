import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { canReach, IdentitiesService, UsersService } from '@countersign/users';
import { TeamAccess } from './team-access';
import type { TeamEntity } from '../store/team.entity';
import { teamError } from '../teams.errors';

/** Checks whether a person's account may hold a role. The caller has locked the user. */
@Injectable()
export class RoleHolders {
  constructor(
    private readonly access: TeamAccess,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
  ) {}

  /**
   * For owners and admins.
   * @throws AppError team.target_assurance_too_low where no identity of the person reaches what the application requires
   */
  async assertReachable(
    tx: EntityManager,
    { applicationId }: Pick<TeamEntity, 'applicationId'>,
    userId: string,
  ): Promise<void> {
    const needed = await this.access.levelOf(tx, applicationId);
    // Below it people act by the highest that they reach.
    if (needed !== 'platform') return;
    const identities = await this.identities.listOf(tx, userId);
    if (!identities.some((identity) => canReach(identity, needed)))
      throw teamError('team.target_assurance_too_low');
  }

  /** Locks both, in the order of their ids, as merges do. @throws AppError user.not_found, team.member_not_found */
  async lockBoth(tx: EntityManager, callerId: string, userId: string): Promise<void> {
    for (const id of [...new Set([callerId, userId])].toSorted())
      if (id === callerId) await this.users.lock(tx, id);
      else if (!(await this.users.lockIfThere(tx, id))) throw teamError('team.member_not_found');
  }

  /** @throws AppError team.target_unavailable for an account that is deactivated or is to be erased */
  async assertActive(tx: EntityManager, userId: string): Promise<void> {
    const { status, erasure } = await this.users.getById(userId, tx);
    if (status !== 'active' || erasure !== null) throw teamError('team.target_unavailable');
  }
}
