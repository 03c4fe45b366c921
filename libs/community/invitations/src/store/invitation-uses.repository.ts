import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { rows } from '@countersign/database';
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

/** Who joined by which invitation. The caller has locked the person. */
@Injectable()
export class InvitationUsesRepository {
  async insert(tx: EntityManager, invitationId: string, userId: string, at: Date): Promise<void> {
    await tx.insert(InvitationUseEntity, { invitationId, userId, at });
  }

  async listOf(manager: EntityManager, userId: string): Promise<readonly OwnUse[]> {
    return rows(manager, OF_PERSON, [userId]);
  }

  async deleteOf(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(InvitationUseEntity, { userId });
  }
}
