import { Injectable } from '@nestjs/common';
import { Any, MoreThan, type EntityManager } from 'typeorm';
import { tokenDigest } from '@countersign/crypto';
import { columnsOf, firstRow } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { invitationError } from '../invitations.errors';
import { InvitationEntity, InvitationUseEntity, type RevokeReason } from './invitation.entity';

export interface ReceivedInvitation extends InvitationEntity {
  readonly teamName: string;
  readonly teamLogoUrl: string | null;
  readonly isMember: boolean;
  readonly hasUsed: boolean;
}

/** The parameters are the token digest, the application and the person. */
const BY_TOKEN = `
  SELECT ${columnsOf(InvitationEntity).selected},
    (SELECT name FROM teams WHERE id = i.team_id) AS "teamName",
    (SELECT logo_url FROM teams WHERE id = i.team_id) AS "teamLogoUrl",
    EXISTS (SELECT FROM team_members m WHERE m.team_id = i.team_id AND m.user_id = $3) AS "isMember",
    EXISTS (SELECT FROM invitation_uses u WHERE u.invitation_id = i.id AND u.user_id = $3) AS "hasUsed"
  FROM team_invitations i WHERE token_digest = $1 AND application_id = $2`;

const LOCK_TEAMS = `
  SELECT FROM teams WHERE id IN (SELECT team_id FROM team_invitations WHERE id = ANY($1::uuid[]))
  ORDER BY id FOR NO KEY UPDATE`;

@Injectable()
export class InvitationsRepository {
  /** Locks an invitation until the transaction ends. The caller has locked the team. */
  async lock(tx: EntityManager, id: string): Promise<InvitationEntity | null> {
    return tx.findOne(InvitationEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async getByToken(
    manager: EntityManager,
    { applicationId, userId }: Pick<Principal, 'applicationId' | 'userId'>,
    token: string,
  ): Promise<ReceivedInvitation> {
    const by = [tokenDigest(token), applicationId, userId];
    const found = await firstRow<ReceivedInvitation>(manager, BY_TOKEN, by);
    if (!found) throw invitationError('invitation.not_found');
    return found;
  }

  /** Locks the team, then the invitation. */
  async lockByToken(tx: EntityManager, caller: Principal, token: string): Promise<ReceivedInvitation> {
    const { id } = await this.getByToken(tx, caller, token);
    await this.lockTeamsOf(tx, [id]);
    await this.lock(tx, id);
    return this.getByToken(tx, caller, token);
  }

  /** Needs the lock of the invitation. Its last use ends it. */
  async use(
    tx: EntityManager,
    { id, maxUses, useCount }: ReceivedInvitation,
    userId: string,
    at: Date,
  ): Promise<void> {
    await tx.insert(InvitationUseEntity, { invitationId: id, userId, at });
    const isLast = useCount + 1 === maxUses;
    await tx.update(InvitationEntity, { id }, { useCount: useCount + 1, ...(isLast ? { endsAt: at } : {}) });
  }

  async revoke(tx: EntityManager, ids: readonly string[], reason: RevokeReason, at: Date): Promise<void> {
    const ended = { revokedAt: at, revokeReason: reason, endsAt: at };
    await tx.update(InvitationEntity, { id: Any([...ids]) }, ended);
  }

  /** Locks open invitations in the order of their ids. The caller has locked the teams. */
  async lockOpenOf(
    tx: EntityManager,
    of: { readonly teamId: string; readonly inviterId: string } | { readonly ids: readonly string[] },
    now: Date,
  ): Promise<readonly InvitationEntity[]> {
    return tx.find(InvitationEntity, {
      where: { ...('ids' in of ? { id: Any([...of.ids]) } : of), endsAt: MoreThan(now) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** Locks the teams in the order of their ids. */
  async lockTeamsOf(tx: EntityManager, ids: readonly string[]): Promise<void> {
    await tx.query(LOCK_TEAMS, [ids]);
  }
}
