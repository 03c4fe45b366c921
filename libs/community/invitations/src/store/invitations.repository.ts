import { Injectable } from '@nestjs/common';
import { Any, LessThanOrEqual, MoreThan, type EntityManager } from 'typeorm';
import { firstRow, newestOf } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { RevokeReason } from '../invitation';
import { InvitationEntity } from './invitation.entity';

/** Which invitations a list has. */
export interface InvitationFilter {
  readonly teamId: string;
  /** Open ones, or those that have ended. Absent: all. */
  readonly isOpen?: boolean | undefined;
}

const COUNT_UP_TO = `
  SELECT count(*)::int AS count FROM (SELECT FROM team_invitations WHERE team_id = $1 LIMIT $2) AS counted`;

const LOCK_TEAMS = `
  SELECT FROM teams WHERE id IN (SELECT team_id FROM team_invitations WHERE id = ANY($1::uuid[]))
  ORDER BY id FOR NO KEY UPDATE`;

@Injectable()
export class InvitationsRepository {
  async insert(tx: EntityManager, invitation: InvitationEntity): Promise<void> {
    await tx.insert(InvitationEntity, invitation);
  }

  /** Locked until the end of the transaction. The caller has locked the team. */
  async lock(tx: EntityManager, id: string): Promise<InvitationEntity | null> {
    return tx.findOne(InvitationEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Newest first; one more than the limit. */
  async list(
    manager: EntityManager,
    { teamId, isOpen }: InvitationFilter,
    keyset: Keyset,
    now: Date,
  ): Promise<readonly InvitationEntity[]> {
    const where = {
      teamId,
      ...(isOpen === undefined ? {} : { endsAt: isOpen ? MoreThan(now) : LessThanOrEqual(now) }),
    };
    return manager.find(InvitationEntity, newestOf(keyset, where));
  }

  /** How many a team has, up to `limit`. */
  async countUpTo(tx: EntityManager, teamId: string, limit: number): Promise<number> {
    return (await firstRow<{ count: number }>(tx, COUNT_UP_TO, [teamId, limit]))?.count ?? 0;
  }

  /** One more use. `endsAt` changes with the last one. */
  async noteUse(tx: EntityManager, { id, useCount, endsAt }: InvitationEntity): Promise<void> {
    await tx.update(InvitationEntity, { id }, { useCount, endsAt });
  }

  async revoke(tx: EntityManager, ids: readonly string[], reason: RevokeReason, at: Date): Promise<void> {
    const ended = { revokedAt: at, revokeReason: reason, endsAt: at };
    await tx.update(InvitationEntity, { id: Any([...ids]) }, ended);
  }

  /** Open ones, locked in the order of their ids. The caller has locked the teams. */
  async lockOpenOf(
    tx: EntityManager,
    of: { readonly teamId: string; readonly inviterId?: string } | { readonly ids: readonly string[] },
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
