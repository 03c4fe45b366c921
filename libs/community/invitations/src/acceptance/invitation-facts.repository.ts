import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columns, rows } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { GivenRole } from '@countersign/teams';
import type { RecipientKind } from '../recipient';

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
  readonly recipientKind: RecipientKind | null;
  /** Digests of whom it is addressed to, as `keyId:hex`. */
  readonly recipientDigests: readonly string[];
  readonly teamName: string;
  readonly teamLogoUrl: string | null;
  readonly isMember: boolean;
  readonly hasUsed: boolean;
  /** Whether the person was removed from the team after it was made. */
  readonly isRemoved: boolean;
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
  i.revoked_at AS "revokedAt", i.created_at AS "createdAt", i.recipient_kind AS "recipientKind",
  t.name AS "teamName", t.logo_url AS "teamLogoUrl",
  ARRAY(SELECT r.key_id || ':' || encode(r.digest, 'hex') FROM invitation_recipients r
        WHERE r.invitation_id = i.id) AS "recipientDigests",
  EXISTS (SELECT FROM team_members m WHERE m.team_id = i.team_id AND m.user_id = w.user_id) AS "isMember",
  EXISTS (SELECT FROM invitation_uses u WHERE u.invitation_id = i.id AND u.user_id = w.user_id) AS "hasUsed",
  EXISTS (SELECT FROM team_removals x WHERE x.team_id = i.team_id AND x.user_id = w.user_id
          AND x.last_invitation_id >= i.id) AS "isRemoved"`;

const BY_TOKENS = `
  SELECT ${FACTS} FROM (${PRESENTED.unnest()}) AS w
  JOIN team_invitations i ON i.token_digest = w.token_digest
  JOIN teams t ON t.id = i.team_id AND t.deleted_at IS NULL`;

const BY_ID = `
  SELECT ${FACTS} FROM (SELECT $1::uuid AS user_id) AS w
  JOIN team_invitations i ON i.id = $2
  JOIN teams t ON t.id = i.team_id AND t.deleted_at IS NULL`;

const OPEN_TO = `
  SELECT * FROM (
    SELECT ${FACTS} FROM (SELECT $1::uuid AS user_id) AS w
    JOIN team_invitations i ON i.id = ANY($2::uuid[]) AND i.application_id = $3 AND i.ends_at > $4::timestamptz
    JOIN teams t ON t.id = i.team_id AND t.deleted_at IS NULL
    WHERE $5::uuid IS NULL OR i.id < $5
  ) AS found
  WHERE NOT ("isMember" OR "hasUsed" OR "isRemoved")
  ORDER BY id DESC LIMIT $6`;

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

  /** Open ones among these that the person can still accept, newest first; one more than the limit. */
  async listOpen(
    manager: EntityManager,
    { userId, applicationId, ids }: { userId: string; applicationId: string; ids: readonly string[] },
    now: Date,
    { afterId, limit }: Keyset,
  ): Promise<readonly InvitationFacts[]> {
    if (ids.length === 0) return [];
    return rows(manager, OPEN_TO, [userId, ids, applicationId, now, afterId, limit + 1]);
  }
}
