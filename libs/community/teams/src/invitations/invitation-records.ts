import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import {
  auditActorOf,
  ListensToTeams,
  type LostRights,
  type OnTeamChange,
  type TeamActor,
} from '../team-records';
import { isAbove, hasPermission, teamPermissions } from '../team-roles';
import { UsersService, type LockedUser } from '@countersign/users';
import type { InvitationEntity, RevokeReason } from './store/invitation.entity';
import { InvitationsRepository, type LockedInvitation } from './store/invitations.repository';
import { invitationEvents } from './invitations.feature';

type Recorded = Pick<InvitationEntity, 'id' | 'teamId' | 'applicationId' | 'role'>;

@Injectable()
@ListensToTeams()
export class InvitationRecords implements OnTeamChange {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly users: UsersService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async record(
    tx: EntityManager,
    change: 'created' | 'accepted',
    { id, teamId, applicationId, role }: Recorded,
    { userId, auditPseudonym }: LockedUser,
  ): Promise<void> {
    await this.audit.record(tx, invitationEvents[change], {
      actor: personActor(auditPseudonym),
      applicationId,
      subject: id,
      details: { teamId, role },
      event: { invitationId: id, teamId, applicationId, userId, role },
    });
  }

  /** The number of statements is constant, so many invitations do not lock the team for long. */
  async revoke(
    tx: EntityManager,
    invitations: readonly LockedInvitation[],
    reason: RevokeReason,
    actor: TeamActor,
  ): Promise<void> {
    if (invitations.length === 0) return;
    await this.invitations.revoke(tx, invitations, reason, this.clock.now());
    const auditActor = await auditActorOf(tx, this.users, actor);
    await this.audit.recordAll(
      tx,
      invitationEvents.revoked,
      invitations.map(({ id, teamId, applicationId, role }) => ({
        actor: auditActor,
        applicationId,
        subject: id,
        details: { teamId, role, reason },
        event: { invitationId: id, teamId, applicationId, reason },
      })),
    );
  }

  /** Revokes the invitations that the inviter could not create with the remaining role. */
  async onRightsLost(tx: EntityManager, { team, userId, role }: LostRights): Promise<void> {
    const open = await this.invitations.lockOpenOf(tx, [team], userId, this.clock.now());
    const mayInvite = role !== null && hasPermission(role, teamPermissions.invitationsCreate);
    const lost = open.filter((invitation) => !mayInvite || !isAbove(role, invitation.role));
    await this.revoke(tx, lost, 'inviter', null);
  }
}
