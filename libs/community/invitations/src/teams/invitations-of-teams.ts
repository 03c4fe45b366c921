import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import {
  isAbove,
  mayDo,
  ListensToTeams,
  type LostRights,
  type OnTeamChange,
  type TeamRole,
} from '@countersign/teams';
import type { InvitationEntity } from '../store/invitation.entity';
import { InvitationRecords } from '../invitation-records';
import { InvitationsRepository } from '../store/invitations.repository';

/** Revokes invitations that their inviter may no longer create. */
@Injectable()
@ListensToTeams()
export class InvitationsOfTeams implements OnTeamChange {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly records: InvitationRecords,
    private readonly clock: Clock,
  ) {}

  /** Revokes those that the inviter could not create in the remaining role. */
  async onRightsLost(tx: EntityManager, { teamId, userId, role }: LostRights): Promise<void> {
    const open = await this.invitations.lockOpenOf(tx, { teamId, inviterId: userId }, this.clock.now());
    const lost = open.filter((invitation) => !mayHave(role, invitation));
    await this.records.revoke(tx, lost, 'inviter', null);
  }
}

/** Whether a member in that role could create the invitation. */
function mayHave(role: TeamRole | null, invitation: Pick<InvitationEntity, 'role'>): boolean {
  return role !== null && mayDo(role, 'invitations.create') && isAbove(role, invitation.role);
}
