import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { insertJsonRows, jsonRows, restoreJsonRows, rows, type JsonRow } from '@countersign/database';
import type { MergeRecord } from '@countersign/users';
import { InvitationUseEntity } from './invitation.entity';

/** A use of a person, with the team that it is about. */
export interface OwnUse {
  readonly invitationId: string;
  readonly teamId: string;
  readonly applicationId: string;
  readonly at: Date;
}

const OF_PERSON = `
  SELECT o.invitation_id AS "invitationId", i.team_id AS "teamId", i.application_id AS "applicationId", o.at
  FROM invitation_uses o JOIN team_invitations i ON i.id = o.invitation_id WHERE o.user_id = $1 ORDER BY o.invitation_id`;

const INVITATION_EXISTS = 'EXISTS (SELECT FROM team_invitations i WHERE i.id = stored.invitation_id)';

const MERGE = `
  INSERT INTO invitation_uses (user_id, invitation_id, at)
  SELECT $2, invitation_id, at FROM invitation_uses WHERE user_id = $1 ON CONFLICT DO NOTHING`;

/** Who joined by which invitation. The caller has locked the person. */
@Injectable()
export class InvitationUsesRepository {
  async insert(tx: EntityManager, invitationId: string, userId: string, at: Date): Promise<void> {
    await tx.insert(InvitationUseEntity, { invitationId, userId, at });
  }

  async listOf(manager: EntityManager, userId: string): Promise<readonly OwnUse[]> {
    return rows(manager, OF_PERSON, [userId]);
  }

  /** Rows that both have become one. */
  async merge(tx: EntityManager, loserId: string, survivorId: string): Promise<void> {
    await tx.query(MERGE, [loserId, survivorId]);
    await this.deleteOf(tx, loserId);
  }

  async recall(manager: EntityManager, userId: string): Promise<readonly JsonRow[]> {
    return jsonRows(manager, 'invitation_uses', 'user_id = $1', userId);
  }

  /** Rows of invitations that are deleted by now are left out. */
  async giveBack(
    tx: EntityManager,
    survivorId: string,
    { loser, survivor, merged }: MergeRecord<readonly JsonRow[]>,
  ): Promise<void> {
    await restoreJsonRows(
      tx,
      { table: 'invitation_uses', column: 'user_id', value: survivorId, isStill: INVITATION_EXISTS },
      { before: survivor, after: merged },
    );
    await insertJsonRows(tx, 'invitation_uses', loser, INVITATION_EXISTS);
  }

  async deleteOf(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(InvitationUseEntity, { userId });
  }
}
