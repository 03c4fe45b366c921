import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/runtime';
import { TeamAccess } from '../../access/team-access';
import {
  HasAccountData,
  type AccountData,
  type ExportedRows,
  type OwnedRows,
  type LockedUser,
} from '@countersign/users';
import { InvitationEntity, RETENTION_DAYS, statusOf } from '../store/invitation.entity';
import { InvitationRecords } from '../invitation-records';
import { InvitationsRepository } from '../store/invitations.repository';

type SentInvitation = Parameters<typeof statusOf>[0];

const WITH_INVITATION = `Until ${RETENTION_DAYS} days after the invitation has ended, or the account is erased.`;

@Injectable()
@HasAccountData('others')
export class InvitationsAccountData implements AccountData {
  readonly owned: readonly OwnedRows[] = [
    {
      ...{ table: 'team_invitations', column: 'inviter_id', key: ['id'] },
      ...{ counted: 'invitations', erase: 'unname' },
    },
    {
      ...{ table: 'invitation_uses', key: ['invitation_id'], isUnique: true, erase: 'delete' },
      of: ['team_invitations', 'invitation_id'],
    },
  ];
  readonly lost = { usedInvitations: 'FROM invitation_uses WHERE user_id = $1' };
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'sentInvitations',
      meaning: 'Invitations to teams that the person made.',
      retention: WITH_INVITATION,
      sql: `SELECT id AS cursor, id AS invitation_id, team_id, application_id, role, max_uses, use_count, created_at,
          expires_at, revoked_at
        FROM team_invitations WHERE inviter_id = $1`,
      itemOf: ({ revokedAt, ...sent }: SentInvitation) => ({
        ...sent,
        status: statusOf({ ...sent, revokedAt }, this.clock.now()),
      }),
    },
    {
      name: 'usedInvitations',
      meaning: 'Invitations by which the person joined a team.',
      retention: WITH_INVITATION,
      sql: `SELECT own.invitation_id AS cursor, own.invitation_id, sent.team_id, sent.application_id, own.at
        FROM invitation_uses own JOIN team_invitations sent ON sent.id = own.invitation_id WHERE own.user_id = $1`,
    },
  ];

  constructor(
    private readonly access: TeamAccess,
    private readonly invitations: InvitationsRepository,
    private readonly records: InvitationRecords,
    private readonly clock: Clock,
  ) {}

  /** Ends the person's open invitations. Their rows stay without the inviter. */
  async erase(tx: EntityManager, { userId }: LockedUser): Promise<void> {
    const sent = await tx.find(InvitationEntity, { select: { teamId: true }, where: { inviterId: userId } });
    const teams = await this.access.lockTeams(
      tx,
      sent.map(({ teamId }) => teamId),
    );
    const open = await this.invitations.lockOpenOf(tx, teams, userId, this.clock.now());
    await this.records.revoke(tx, open, 'inviter', null);
  }
}
