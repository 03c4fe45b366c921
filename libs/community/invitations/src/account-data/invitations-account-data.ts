import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '@countersign/clock';
import type { DataKey } from '@countersign/crypto';
import type { JsonRow } from '@countersign/database';
import {
  HasAccountData,
  UsersService,
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
import type { InvitationEntity } from '../store/invitation.entity';
import { InvitationRecipientsRepository } from '../store/invitation-recipients.repository';
import { InvitationRecords } from '../invitation-records';
import { InvitationUsesRepository } from '../store/invitation-uses.repository';
import { InvitationsRepository } from '../store/invitations.repository';
import { Removals } from '../removal/removals';
import { RemovalsRepository } from '../removal/removals.repository';
import {
  openRecipient,
  sealRecipient,
  userIdRecipient,
  usernameRecipient,
  type Recipient,
} from '../recipient';

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
    { survivor: { userId, dataKey }, returning }: ReturnPair,
    { loser, survivor, merged }: MergeRecord<InvitationState>,
  ): Promise<Returned> {
    const sent = (await this.invitations.listOfInviter(tx, userId)).filter(({ id }) =>
      loser.sent.includes(id),
    );
    const sentIds = sent.map(({ id }) => id);
    const resealed = resealedFor(sent, dataKey, returning.dataKey);
    await this.invitations.moveInviterOf(tx, sentIds, { from: userId, to: returning.userId }, resealed);
    const uses = { loser: loser.uses, survivor: survivor.uses, merged: merged.uses };
    await this.uses.giveBack(tx, userId, uses);
    const removals = { loser: loser.removals, survivor: survivor.removals, merged: merged.removals };
    const ids = { survivorId: userId, returningId: returning.userId };
    await this.removals.giveBack(tx, ids, removals);
    return {};
  }
}

/** Recipients, sealed under the key of another inviter. */
function resealedFor(
  sent: readonly InvitationEntity[],
  from: DataKey,
  to: DataKey,
): readonly { readonly id: string; readonly recipient: string }[] {
  return sent.flatMap(({ id, recipientKind, recipient }) => {
    if (!recipientKind || !recipient) return [];
    return [{ id, recipient: sealRecipient(to, id, openRecipient(from, id, recipientKind, recipient)) }];
  });
}

/** Invitations that a person sent and received as data of their account. */
@Injectable()
@HasAccountData('others')
export class InvitationsAccountData implements AccountData {
  constructor(
    readonly journal: InvitationsJournal,
    private readonly invitations: InvitationsRepository,
    private readonly recipients: InvitationRecipientsRepository,
    private readonly uses: InvitationUsesRepository,
    private readonly removals: Removals,
    private readonly records: InvitationRecords,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /** @returns no sessions: none ends */
  async merge(tx: EntityManager, { survivor, loser }: MergePair): Promise<readonly string[]> {
    await this.removals.merge(tx, { survivor, loser });
    const sent = await this.invitations.listOfInviter(tx, loser.userId);
    const resealed = resealedFor(sent, loser.dataKey, survivor.dataKey);
    await this.invitations.moveInviter(tx, loser.userId, survivor.userId, resealed);
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
        meaning: 'Invitations to teams that the person made, with whom they are addressed to.',
        retention: WITH_INVITATION,
        items: this.sent(read, person),
      },
      {
        name: 'receivedInvitations',
        meaning: 'Invitations to teams that are addressed to an identity of the person.',
        retention: WITH_INVITATION,
        items: this.received(read, person),
      },
      {
        name: 'usedInvitations',
        meaning: 'Invitations by which the person joined a team.',
        retention: WITH_INVITATION,
        items: this.used(read, person),
      },
    ];
  }

  /**
   * Ends the open invitations that the person made; the rows that stay name neither inviter nor recipient. Those that are
   * addressed to the person stay as their inviters wrote them: a change would tell that there was an account, and until when.
   */
  async erase(tx: EntityManager, userId: string): Promise<void> {
    const sent = (await this.invitations.listOfInviter(tx, userId)).map(({ id }) => id);
    await this.invitations.lockTeamsOf(tx, sent);
    const open = await this.invitations.lockOpenOf(tx, { ids: sent }, this.clock.now());
    await this.records.revoke(tx, open, 'inviter', null);
    await this.invitations.forgetInviter(tx, userId);
    await this.uses.deleteOf(tx, userId);
  }

  private async *sent(read: Reading, { userId, dataKey }: ExportedPerson): AsyncGenerator<object> {
    const now = this.clock.now();
    for (const one of await read((manager) => this.invitations.listOfInviter(manager, userId))) {
      const { id, teamId, applicationId, role, maxUses, useCount, recipientKind, recipient } = one;
      const opened =
        recipientKind && recipient ? openRecipient(dataKey, id, recipientKind, recipient).value : null;
      yield {
        invitationId: id,
        teamId,
        applicationId,
        role,
        status: statusOf(one, now),
        maxUses,
        useCount,
        recipientKind,
        recipient: opened,
        createdAt: one.createdAt.toISOString(),
        expiresAt: one.expiresAt.toISOString(),
      };
    }
  }

  private async *received(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    const ids = await read(async (manager) => {
      const recipients = await this.recipientsOf(manager, userId);
      return this.recipients.findInvitations(manager, recipients);
    });
    for (const id of ids) {
      const found = await read((manager) => this.invitations.findById(manager, id));
      if (!found) continue;
      const { teamId, applicationId, role, recipientKind, createdAt, expiresAt } = found;
      yield {
        invitationId: id,
        teamId,
        applicationId,
        role,
        recipientKind,
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
      };
    }
  }

  private async *used(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    for (const use of await read((manager) => this.uses.listOf(manager, userId)))
      yield { ...use, at: use.at.toISOString() };
  }

  private async recipientsOf(manager: EntityManager, userId: string): Promise<readonly Recipient[]> {
    const { identities } = await this.users.getById(userId, manager);
    return identities
      .filter(({ provider, environment }) => provider === 'telegram' && environment === 'production')
      .flatMap(({ subject, profile: { username } }) => [
        userIdRecipient(subject),
        ...(username === null ? [] : [usernameRecipient(username)]),
      ]);
  }
}
