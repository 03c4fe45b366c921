import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type OwnedRows,
  type Reading,
} from '@countersign/users';
import { RETENTION_DAYS, statusOf } from '../invitation';
import { InvitationRecords } from '../invitation-records';
import { InvitationUsesRepository } from '../store/invitation-uses.repository';
import { InvitationsRepository } from '../store/invitations.repository';

const WITH_INVITATION = `Until ${RETENTION_DAYS} days after the invitation has ended, or the account is erased.`;

/** Invitations that a person sent and used as data of their account. */
@Injectable()
@HasAccountData('others')
export class InvitationsAccountData implements AccountData {
  readonly owned: readonly OwnedRows[] = [
    { table: 'team_invitations', column: 'inviter_id', key: ['id'] },
    {
      table: 'invitation_uses',
      key: ['invitation_id'],
      isUnique: true,
      of: ['team_invitations', 'invitation_id'],
    },
  ];

  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly uses: InvitationUsesRepository,
    private readonly records: InvitationRecords,
    private readonly clock: Clock,
  ) {}

  /** Only rows that a merge moves one by one; it combines those of other tables. */
  async count(tx: EntityManager, userId: string): Promise<Record<string, number>> {
    return { invitations: await this.invitations.lockAndCountOf(tx, userId) };
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'sentInvitations',
        meaning: 'Invitations to teams that the person made.',
        retention: WITH_INVITATION,
        items: this.sent(read, person),
      },
      {
        name: 'usedInvitations',
        meaning: 'Invitations by which the person joined a team.',
        retention: WITH_INVITATION,
        items: this.used(read, person),
      },
    ];
  }

  /** Ends the open invitations that the person made; the rows that stay name no inviter. */
  async erase(tx: EntityManager, userId: string): Promise<void> {
    const sent = (await this.invitations.listOfInviter(tx, userId)).map(({ id }) => id);
    await this.invitations.lockTeamsOf(tx, sent);
    const open = await this.invitations.lockOpenOf(tx, { ids: sent }, this.clock.now());
    await this.records.revoke(tx, open, 'inviter', null);
    await this.invitations.forgetInviter(tx, userId);
    await this.uses.deleteOf(tx, userId);
  }

  private async *sent(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    const now = this.clock.now();
    for (const one of await read((manager) => this.invitations.listOfInviter(manager, userId))) {
      const { id, teamId, applicationId, role, maxUses, useCount } = one;
      yield {
        invitationId: id,
        teamId,
        applicationId,
        role,
        status: statusOf(one, now),
        maxUses,
        useCount,
        createdAt: one.createdAt.toISOString(),
        expiresAt: one.expiresAt.toISOString(),
      };
    }
  }

  private async *used(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    for (const use of await read((manager) => this.uses.listOf(manager, userId)))
      yield { ...use, at: use.at.toISOString() };
  }
}
