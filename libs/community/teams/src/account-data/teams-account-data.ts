import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedPerson,
  type ExportSection,
  type Merged,
  type MergePair,
  type OwnedRows,
  type Reading,
  type Returned,
  type ReturnPair,
} from '@countersign/users';
import { AccountTeamsRepository } from './account-teams.repository';
import { TeamErasure } from './team-erasure';
import { TeamMerging } from './team-merging';
import { MergedMembersRepository } from './merged-members.repository';
import { TeamSeparation, type MergedMembers } from './team-separation';
import { TeamsRepository } from '../store/teams.repository';

/** Teams as data of an account. */
@Injectable()
@HasAccountData('others')
export class TeamsAccountData implements AccountData {
  readonly name = 'teams';
  /** Where else a person is named; members are merged by their roles. */
  readonly owned: readonly OwnedRows[] = [
    { table: 'teams', column: 'created_by', key: ['id'] },
    { table: 'team_members', column: 'invited_by', key: ['team_id', 'user_id'], mayBeUnnamed: true },
  ];

  constructor(
    private readonly separation: TeamSeparation,
    private readonly stored: MergedMembersRepository,
    private readonly rows: AccountTeamsRepository,
    private readonly merging: TeamMerging,
    private readonly erasure: TeamErasure,
    private readonly teams: TeamsRepository,
  ) {}

  /** All that any module changes: invitations, for one, are locked after their teams. */
  async lock(tx: EntityManager, userIds: readonly string[]): Promise<void> {
    await this.teams.lockAll(tx, await this.rows.teamIdsNaming(tx, userIds));
  }

  async merge(tx: EntityManager, pair: MergePair): Promise<Merged> {
    const [survivorId, loserId] = [pair.survivor.userId, pair.loser.userId];
    const [loser, survivor] = [await this.stored.of(tx, loserId), await this.stored.of(tx, survivorId)];
    await this.merging.merge(tx, survivorId, loserId);
    const state: MergedMembers = { loser, survivor, merged: await this.stored.of(tx, survivorId) };
    return { state };
  }

  async merged(tx: EntityManager, { survivor }: MergePair): Promise<void> {
    await this.rows.forgetOwnInviter(tx, survivor.userId);
  }

  async separated(tx: EntityManager, pair: ReturnPair, state: unknown): Promise<Returned> {
    return this.separation.separate(tx, pair, state as MergedMembers);
  }

  /** Nothing: a merge combines memberships, so their number may shrink. */
  count(): Promise<Record<string, number>> {
    return Promise.resolve({});
  }

  /** Foreign keys set the creator and inviter to null when the account's row is deleted. */
  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.erasure.leaveAll(tx, userId);
  }

  exportOf(read: Reading, person: ExportedPerson): readonly ExportSection[] {
    return [
      {
        name: 'teams',
        meaning: 'The teams that the person is a member of, with their role, and who invited them.',
        retention: 'While the person is a member. A deleted team is kept for seven days.',
        items: this.memberships(read, person),
      },
    ];
  }

  private async *memberships(read: Reading, { userId }: ExportedPerson): AsyncGenerator<object> {
    const all = await read((manager) => this.rows.membershipsOf(manager, userId));
    const ids = all.map(({ teamId }) => teamId);
    const found = ids.length === 0 ? [] : await read((manager) => this.rows.teamsOf(manager, ids));
    const teams = new Map(found.map((team) => [team.id, team]));
    for (const { teamId, applicationId, role, joinedAt, invitedBy } of all) {
      const { name = null, createdBy = null } = teams.get(teamId) ?? {};
      const isCreator = createdBy === userId;
      yield { teamId, applicationId, name, role, isCreator, joinedAt: joinedAt.toISOString(), invitedBy };
    }
  }
}
