import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  HasAccountData,
  type AccountData,
  type ExportedRows,
  type Merged,
  type MergePair,
  type OwnedRows,
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
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'teams',
      meaning: 'The teams that the person is a member of, with their role, and who invited them.',
      retention: 'While the person is a member. A deleted team is kept for seven days.',
      sql: `SELECT own.team_id AS cursor, own.team_id, own.application_id, teams.name, own.role,
          teams.created_by IS NOT DISTINCT FROM own.user_id AS is_creator, own.joined_at, own.invited_by
        FROM team_members own JOIN teams ON teams.id = own.team_id WHERE own.user_id = $1`,
    },
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

  /** Foreign keys set the creator and inviter to null when the account's row is deleted. */
  async erase(tx: EntityManager, userId: string): Promise<void> {
    await this.erasure.leaveAll(tx, userId);
  }
}
