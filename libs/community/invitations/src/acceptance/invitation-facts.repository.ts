import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, rows } from '@countersign/database';
import type { GivenRole } from '@countersign/teams';

/** An invitation, with its relation to one person. */
export interface InvitationFacts {
  readonly userId: string;
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

/** A person, and the token that they present. */
interface PresentedToken {
  readonly userId: string;
  readonly tokenDigest: Buffer;
}

const PRESENTED = columns<PresentedToken>({ userId: 'uuid', tokenDigest: 'bytea' });

/** Of the invitation `i` of the team `t`, and the person `w.user_id`. */
const FACTS = `
  w.user_id AS "userId", i.id, i.team_id AS "teamId", i.application_id AS "applicationId", i.role,
  i.inviter_id AS "inviterId", i.max_uses AS "maxUses", i.use_count AS "useCount", i.expires_at AS "expiresAt",
  i.revoked_at AS "revokedAt", i.created_at AS "createdAt",
  t.name AS "teamName", t.logo_url AS "teamLogoUrl",
  EXISTS (SELECT FROM team_members m WHERE m.team_id = i.team_id AND m.user_id = w.user_id) AS "isMember",
  EXISTS (SELECT FROM invitation_uses u WHERE u.invitation_id = i.id AND u.user_id = w.user_id) AS "hasUsed"`;

const BY_TOKENS = `
  SELECT ${FACTS} FROM (${PRESENTED.unnest()}) AS w
  JOIN team_invitations i ON i.token_digest = w.token_digest
  JOIN teams t ON t.id = i.team_id AND t.deleted_at IS NULL`;

const BY_ID = `
  SELECT ${FACTS} FROM (SELECT $1::uuid AS user_id) AS w
  JOIN team_invitations i ON i.id = $2
  JOIN teams t ON t.id = i.team_id AND t.deleted_at IS NULL`;

/** Invitations of teams that are not deleted, as one person may see them. */
@Injectable()
export class InvitationFactsRepository {
  /** In no order; nothing for an unknown token. */
  async findByTokens(
    manager: EntityManager,
    presented: readonly PresentedToken[],
  ): Promise<readonly InvitationFacts[]> {
    return rows(manager, BY_TOKENS, PRESENTED.arraysOf(presented));
  }

  async findById(manager: EntityManager, userId: string, id: string): Promise<InvitationFacts | null> {
    const [found] = await rows<InvitationFacts>(manager, BY_ID, [userId, id]);
    return found ?? null;
  }
}
