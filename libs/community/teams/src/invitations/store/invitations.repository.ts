import { Injectable } from '@nestjs/common';
import { Any, MoreThan, type EntityManager } from 'typeorm';
import { tokenDigest } from '@countersign/crypto';
import { columnsOf, firstRow, locked, lockRow, lockRows, type Locked } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import type { LockedTeam } from '../../store/teams.repository';
import type { LockedUser } from '@countersign/users';
import { invitationError } from '../invitations.errors';
import { InvitationEntity, type RevokeReason } from './invitation.entity';

export type LockedInvitation = Locked<InvitationEntity>;

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

/** The parameters are the invitation, the person, the instant, the new count, and the new end. */
const USE = `
  WITH used AS (INSERT INTO invitation_uses (invitation_id, user_id, at) VALUES ($1, $2, $3))
  UPDATE team_invitations SET use_count = $4, ends_at = $5 WHERE id = $1`;

@Injectable()
export class InvitationsRepository {
  async lock(tx: EntityManager, { id: teamId }: LockedTeam, id: string): Promise<LockedInvitation | null> {
    return lockRow(tx, InvitationEntity, { id, teamId }, 'pessimistic_write');
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

  /** Locks the invitation, and reads what may have changed until the locks were free. */
  async lockByToken(
    tx: EntityManager,
    _: LockedTeam,
    { userId }: LockedUser,
    { tokenDigest: digest, applicationId }: InvitationEntity,
  ): Promise<Locked<ReceivedInvitation>> {
    const statement = `${BY_TOKEN} FOR UPDATE OF i`;
    const found = await firstRow<ReceivedInvitation>(tx, statement, [digest, applicationId, userId]);
    if (!found) throw invitationError('invitation.not_found');
    return locked(found);
  }

  /** Its last use ends the invitation. */
  async use(
    tx: EntityManager,
    { id, maxUses, useCount, endsAt }: LockedInvitation,
    { userId }: LockedUser,
    at: Date,
  ): Promise<void> {
    const isLast = useCount + 1 === maxUses;
    await tx.query(USE, [id, userId, at, useCount + 1, isLast ? at : endsAt]);
  }

  async revoke(
    tx: EntityManager,
    invitations: readonly LockedInvitation[],
    reason: RevokeReason,
    at: Date,
  ): Promise<void> {
    const ended = { revokedAt: at, revokeReason: reason, endsAt: at };
    await tx.update(InvitationEntity, { id: Any(invitations.map(({ id }) => id)) }, ended);
  }

  async lockOpenOf(
    tx: EntityManager,
    teams: readonly LockedTeam[],
    inviterId: string,
    now: Date,
  ): Promise<readonly LockedInvitation[]> {
    const teamId = Any(teams.map(({ id }) => id));
    const where = { teamId, inviterId, endsAt: MoreThan(now) };
    return lockRows(tx, InvitationEntity, where, 'pessimistic_write');
  }
}
