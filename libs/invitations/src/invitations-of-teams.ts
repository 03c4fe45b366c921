import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import { isAbove, mayDo, PartOfTeam, type LostRights, type TeamPart } from '@countersign/teams';
import { InvitationRecords } from './invitation-records';
import { InvitationsRepository } from './invitations.repository';
import { RemovalsRepository } from './removals.repository';

/** Revokes invitations that their inviter may no longer create. */
@Injectable()
@PartOfTeam()
export class InvitationsOfTeams implements TeamPart {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly removals: RemovalsRepository,
    private readonly records: InvitationRecords,
    private readonly clock: Clock,
  ) {}

  /** Revokes those that the inviter could not create in the remaining role. */
  async onRightsLost(tx: EntityManager, { teamId, userId, role, isRemoved }: LostRights): Promise<void> {
    if (isRemoved) await this.removals.add(tx, teamId, userId, this.clock.now());
    const open = await this.invitations.lockOpenOf(tx, { teamId, inviterId: userId }, this.clock.now());
    const mayInvite = role !== null && mayDo(role, 'invitations.create');
    const lost = open.filter((invitation) => !mayInvite || !isAbove(role, invitation.role));
    await this.records.revoke(tx, lost, 'inviter', null);
  }

  /** A restored team has no open invitations. */
  async onTeamDeleted(tx: EntityManager, teamId: string): Promise<void> {
    const open = await this.invitations.lockOpenOf(tx, { teamId }, this.clock.now());
    await this.records.revoke(tx, open, 'team-deleted', null);
  }
}
