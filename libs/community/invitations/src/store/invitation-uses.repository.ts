import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import {
  insertIfNew,
  insertJsonRows,
  isForeignKeyViolation,
  jsonRows,
  LostRace,
  restoreJsonRows,
  rows,
  type JsonRow,
} from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { InvitationBlockEntity, InvitationDeclineEntity, InvitationUseEntity } from './invitation.entity';

/** A row that a person has, with the team that it is about. */
export interface OwnRow {
  readonly invitationId: string;
  readonly teamId: string;
  readonly applicationId: string;
  readonly at: Date;
}

const BLOCKS = `
  SELECT b.team_id AS "teamId", b.at FROM invitation_blocks b JOIN teams t ON t.id = b.team_id
  WHERE b.user_id = $1 AND t.application_id = $2 AND ($3::uuid IS NULL OR b.team_id > $3)
  ORDER BY b.team_id LIMIT $4`;

const TABLES = { uses: 'invitation_uses', declines: 'invitation_declines' } as const;
const OF_PERSON = (table: string): string => `
  SELECT o.invitation_id AS "invitationId", i.team_id AS "teamId", i.application_id AS "applicationId", o.at
  FROM ${table} o JOIN team_invitations i ON i.id = o.invitation_id WHERE o.user_id = $1 ORDER BY o.invitation_id`;
const ALL_BLOCKS = `
  SELECT b.team_id AS "teamId", t.application_id AS "applicationId", b.at
  FROM invitation_blocks b JOIN teams t ON t.id = b.team_id WHERE b.user_id = $1 ORDER BY b.team_id`;

/** The tables, and whose rows go when it is deleted. */
const OF_PEOPLE = {
  invitation_uses: 'EXISTS (SELECT FROM team_invitations i WHERE i.id = stored.invitation_id)',
  invitation_declines: 'EXISTS (SELECT FROM team_invitations i WHERE i.id = stored.invitation_id)',
  invitation_blocks: 'EXISTS (SELECT FROM teams t WHERE t.id = stored.team_id)',
} as const;

/** All rows of a person, by table. */
export type RecalledUses = Readonly<Record<keyof typeof OF_PEOPLE, readonly JsonRow[]>>;

const MERGE = (table: string, other: string): string => `
  INSERT INTO ${table} (user_id, ${other}, at) SELECT $2, ${other}, at FROM ${table} WHERE user_id = $1
  ON CONFLICT DO NOTHING`;

/** What people did with invitations. The caller has locked the person. */
@Injectable()
export class InvitationUsesRepository {
  /** What was declined before is accepted now. */
  async insert(tx: EntityManager, invitationId: string, userId: string, at: Date): Promise<void> {
    await tx.insert(InvitationUseEntity, { invitationId, userId, at });
    await tx.delete(InvitationDeclineEntity, { invitationId, userId });
  }

  /** @returns false when it was declined before */
  async decline(tx: EntityManager, invitationId: string, userId: string, at: Date): Promise<boolean> {
    return insertIfNew(tx, InvitationDeclineEntity, { invitationId, userId, at }, 'user_id').catch(
      throwVanished,
    );
  }

  async block(tx: EntityManager, teamId: string, userId: string, at: Date): Promise<boolean> {
    return insertIfNew(tx, InvitationBlockEntity, { teamId, userId, at }, 'user_id').catch(throwVanished);
  }

  async unblock(tx: EntityManager, teamId: string, userId: string): Promise<void> {
    await tx.delete(InvitationBlockEntity, { teamId, userId });
  }

  async isBlocked(manager: EntityManager, teamId: string, userId: string): Promise<boolean> {
    return manager.existsBy(InvitationBlockEntity, { teamId, userId });
  }

  async countBlocks(manager: EntityManager, userId: string): Promise<number> {
    return manager.countBy(InvitationBlockEntity, { userId });
  }

  /** In the order of the teams; one more than the limit. */
  async listBlocks(
    manager: EntityManager,
    { userId, applicationId }: { readonly userId: string; readonly applicationId: string },
    { afterId, limit }: Keyset,
  ): Promise<readonly Pick<OwnRow, 'teamId' | 'at'>[]> {
    return rows(manager, BLOCKS, [userId, applicationId, afterId, limit + 1]);
  }

  async listOf(
    manager: EntityManager,
    what: keyof typeof TABLES,
    userId: string,
  ): Promise<readonly OwnRow[]> {
    return rows(manager, OF_PERSON(TABLES[what]), [userId]);
  }

  async listAllBlocks(
    manager: EntityManager,
    userId: string,
  ): Promise<readonly Omit<OwnRow, 'invitationId'>[]> {
    return rows(manager, ALL_BLOCKS, [userId]);
  }

  /** Rows that both have become one. */
  async merge(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    for (const table of Object.values(TABLES))
      await tx.query(MERGE(table, 'invitation_id'), [loserId, survivorId]);
    await tx.query(MERGE('invitation_blocks', 'team_id'), [loserId, survivorId]);
    await this.deleteOf(tx, loserId);
  }

  async recall(manager: EntityManager, userId: string): Promise<RecalledUses> {
    const own = async (table: keyof typeof OF_PEOPLE) => jsonRows(manager, table, 'user_id = $1', userId);
    return {
      invitation_uses: await own('invitation_uses'),
      invitation_declines: await own('invitation_declines'),
      invitation_blocks: await own('invitation_blocks'),
    };
  }

  /** Rows of invitations and teams that are deleted by now are left out. */
  async giveBack(
    tx: EntityManager,
    survivorId: string,
    { loser, survivor, merged }: Readonly<Record<'loser' | 'survivor' | 'merged', RecalledUses>>,
  ): Promise<void> {
    for (const table of ['invitation_uses', 'invitation_declines', 'invitation_blocks'] as const) {
      const change = { before: survivor[table], after: merged[table] };
      await restoreJsonRows(
        tx,
        { table, column: 'user_id', value: survivorId, isStill: OF_PEOPLE[table] },
        change,
      );
      await insertJsonRows(tx, table, loser[table], OF_PEOPLE[table]);
    }
  }

  async deleteOf(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(InvitationUseEntity, { userId });
    await tx.delete(InvitationDeclineEntity, { userId });
    await tx.delete(InvitationBlockEntity, { userId });
  }
}

/** The team or the invitation was deleted meanwhile: the transaction that is repeated does not find it. */
function throwVanished(error: unknown): never {
  throw isForeignKeyViolation(error) ? new LostRace() : error;
}
