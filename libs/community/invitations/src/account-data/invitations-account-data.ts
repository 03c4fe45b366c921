import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import type { JsonRow } from '@countersign/database';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type MergePair,
  type MergeRecord,
  type MergeSide,
  type AccountDataJournal,
  type Reading,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { RETENTION_DAYS, statusOf } from '../invitation';
import { InvitationRecords } from '../invitation-records';
import { InvitationUsesRepository } from '../store/invitation-uses.repository';
import { InvitationsRepository } from '../store/invitations.repository';
import { Removals } from '../removal/removals';
import { RemovalsRepository } from '../removal/removals.repository';

const WITH_INVITATION = `Until ${RETENTION_DAYS} days after the invitation has ended, or the account is erased.`;

/** The invitations that a person sent, which others they used, and which are refused since they were removed. */
interface InvitationState {
  readonly sent: readonly string[];
  readonly uses: readonly JsonRow[];
  readonly removals: readonly JsonRow[];
}

/** What merges change of invitations. */
@Injectable()
export class InvitationsJournal implements AccountDataJournal<InvitationState> {
  readonly name = 'invitations';

  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly uses: InvitationUsesRepository,
    private readonly removals: RemovalsRepository,
  ) {}

  async recall(tx: EntityManager, { userId }: MergeSide): Promise<InvitationState> {
    const sent = await this.invitations.listOfInviter(tx, userId);
    return {
      sent: sent.map(({ id }) => id),
      uses: await this.uses.recall(tx, userId),
      removals: await this.removals.recall(tx, userId),
    };
  }

  async giveBack(
    tx: EntityManager,
    { survivor: { userId }, returning }: ReturnPair,
    { loser, survivor, merged }: MergeRecord<InvitationState>,
  ): Promise<Returned> {
    const sent = (await this.invitations.listOfInviter(tx, userId)).filter(({ id }) =>
      loser.sent.includes(id),
    );
    const sentIds = sent.map(({ id }) => id);
    await this.invitations.moveInviterOf(tx, sentIds, { from: userId, to: returning.userId });
    const uses = { loser: loser.uses, survivor: survivor.uses, merged: merged.uses };
    await this.uses.giveBack(tx, userId, uses);
    const removals = { loser: loser.removals, survivor: survivor.removals, merged: merged.removals };
    const ids = { survivorId: userId, returningId: returning.userId };
    await this.removals.giveBack(tx, ids, removals);
    return {};
  }
}

/** Invitations that a person sent and used as data of their account. */
@Injectable()
@HasAccountData('others')
export class InvitationsAccountData implements AccountData {
  constructor(
    readonly journal: InvitationsJournal,
    private readonly invitations: InvitationsRepository,
    private readonly uses: InvitationUsesRepository,
    private readonly removals: Removals,
    private readonly records: InvitationRecords,
    private readonly clock: Clock,
  ) {}

  /** @returns no sessions: none ends */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<readonly string[]> {
    await this.removals.merge(tx, { survivor, loser });
    await this.invitations.moveInviter(tx, loser.userId, survivor.userId);
    await this.uses.merge(tx, loser.userId, survivor.userId);
    return [];
  }

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
