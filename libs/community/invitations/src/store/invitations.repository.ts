import { Injectable } from '@nestjs/common';
import { Any, MoreThan, type EntityManager } from 'typeorm';
import { firstRow, newestOf } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { GivenRole } from '@countersign/teams';
import type { RevokeReason } from '../invitation';
import { InvitationEntity } from './invitation.entity';

/** An invitation, with its relation to one person. */
export interface InvitationFacts {
  readonly id: string;
  readonly teamId: string;
  readonly applicationId: string;
  readonly role: GivenRole;
  readonly inviterId: string | null;
  readonly maxUses: number;
  readonly useCount: number;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
  readonly teamName: string;
  readonly teamLogoUrl: string | null;
  readonly isMember: boolean;
  readonly hasUsed: boolean;
}

/** Of the invitation `i` of the team `t`, and the person `$2`. */
const FACTS = `
  i.id, i.team_id AS "teamId", i.application_id AS "applicationId", i.role,
  i.inviter_id AS "inviterId", i.max_uses AS "maxUses", i.use_count AS "useCount", i.expires_at AS "expiresAt",
  i.revoked_at AS "revokedAt", i.created_at AS "createdAt",
  t.name AS "teamName", t.logo_url AS "teamLogoUrl",
  EXISTS (SELECT FROM team_members m WHERE m.team_id = i.team_id AND m.user_id = $2) AS "isMember",
  EXISTS (SELECT FROM invitation_uses u WHERE u.invitation_id = i.id AND u.user_id = $2) AS "hasUsed"`;

const BY_TOKEN = `
  SELECT ${FACTS} FROM team_invitations i JOIN teams t ON t.id = i.team_id WHERE i.token_digest = $1`;

const COUNT_UP_TO = `
  SELECT count(*)::int AS count FROM (SELECT FROM team_invitations WHERE team_id = $1 LIMIT $2) AS counted`;

const LOCK_TEAMS = `
  SELECT FROM teams WHERE id IN (SELECT team_id FROM team_invitations WHERE id = ANY($1::uuid[]))
  ORDER BY id FOR NO KEY UPDATE`;

@Injectable()
export class InvitationsRepository {
  /** Locked until the end of the transaction. The caller has locked the team. */
  async lock(tx: EntityManager, id: string): Promise<InvitationEntity | null> {
    return tx.findOne(InvitationEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Newest first; one more than the limit. */
  async list(manager: EntityManager, teamId: string, keyset: Keyset): Promise<readonly InvitationEntity[]> {
    return manager.find(InvitationEntity, newestOf(keyset, { teamId }));
  }

  /** As the person sees it. */
  async findByToken(manager: EntityManager, digest: Buffer, userId: string): Promise<InvitationFacts | null> {
    return firstRow(manager, BY_TOKEN, [digest, userId]);
  }

  /** How many a team has, up to `limit`. */
  async countUpTo(tx: EntityManager, teamId: string, limit: number): Promise<number> {
    return (await firstRow<{ count: number }>(tx, COUNT_UP_TO, [teamId, limit]))?.count ?? 0;
  }

  async revoke(tx: EntityManager, ids: readonly string[], reason: RevokeReason, at: Date): Promise<void> {
    const ended = { revokedAt: at, revokeReason: reason, endsAt: at };
    await tx.update(InvitationEntity, { id: Any([...ids]) }, ended);
  }

  /** Open ones, locked in the order of their ids. The caller has locked the teams. */
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

  /** Locks the teams of invitations in the order of their ids. */
  async lockTeamsOf(tx: EntityManager, ids: readonly string[]): Promise<void> {
    await tx.query(LOCK_TEAMS, [ids]);
  }

  async idsOfInviter(tx: EntityManager, inviterId: string): Promise<readonly string[]> {
    const found = await tx.find(InvitationEntity, { select: { id: true }, where: { inviterId } });
    return found.map(({ id }) => id);
  }
}
