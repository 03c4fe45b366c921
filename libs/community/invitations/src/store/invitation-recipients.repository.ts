import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing, type Sealed } from '@countersign/crypto';
import { BLIND_INDEX, columns, firstRow, rows } from '@countersign/database';
import type { Digested, Step } from '@countersign/keys';
import { InvitationRecipientEntity } from './invitation.entity';
import { recipientDigests, type Recipient, type RecipientKind } from '../recipient';

/** The sealed recipient of a locked invitation. */
export interface LockedRecipient {
  readonly id: string;
  readonly recipientKind: RecipientKind;
  readonly recipient: Sealed;
  readonly inviterId: string;
  readonly dataKey: Sealed;
}

const RECIPIENT = columns<Pick<InvitationRecipientEntity, 'invitationId'>>({ invitationId: 'uuid' }).and(
  BLIND_INDEX,
);

const INSERT = `
  INSERT INTO invitation_recipients (${RECIPIENT.names}) ${RECIPIENT.unnest()} ON CONFLICT DO NOTHING`;

const FIND_INVITATIONS = `
  SELECT DISTINCT invitation_id AS id FROM invitation_recipients
  WHERE (${BLIND_INDEX.names}) IN (${BLIND_INDEX.unnest(1)})`;

const COUNT_OF_TEAM = `
  SELECT count(DISTINCT r.invitation_id)::int AS count FROM invitation_recipients r
  JOIN team_invitations i ON i.id = r.invitation_id AND i.team_id = $1
  WHERE (r.key_id, r.digest) IN (${BLIND_INDEX.unnest(2)})`;

const LACKS = `i.recipient IS NOT NULL AND NOT EXISTS (
  SELECT FROM invitation_recipients r WHERE r.invitation_id = i.id AND r.key_id = $1)`;

const LOOK_AT = `
  SELECT i.id, NOT (${LACKS}) AS "isDigested" FROM team_invitations i
  WHERE i.id > $2::uuid ORDER BY i.id LIMIT $3`;

const LOCK_FREE = `
  SELECT i.id, i.recipient_kind AS "recipientKind", i.recipient, i.inviter_id AS "inviterId",
    u.data_key AS "dataKey"
  FROM team_invitations i JOIN users u ON u.id = i.inviter_id
  WHERE i.id = ANY($1::uuid[]) AND i.recipient IS NOT NULL
  ORDER BY i.id FOR NO KEY UPDATE OF i SKIP LOCKED`;

const DELETE_UNDER = `
  DELETE FROM invitation_recipients WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM invitation_recipients WHERE key_id = $1 LIMIT $2
  )) RETURNING true`;

const DELETE_OF_INVITER = `
  DELETE FROM invitation_recipients WHERE invitation_id IN (
    SELECT id FROM team_invitations WHERE inviter_id = $1)`;

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Whom invitations are addressed to, by keyed digests under all index keys of the ring. */
@Injectable()
export class InvitationRecipientsRepository {
  constructor(private readonly keyRing: KeyRing) {}

  async insert(tx: EntityManager, invitationId: string, recipient: Recipient): Promise<void> {
    const batch = recipientDigests(this.keyRing, recipient).map((index) => ({ ...index, invitationId }));
    await tx.query(INSERT, RECIPIENT.arraysOf(batch));
  }

  /** Ids of invitations that are addressed to any of these, in every state. */
  async findInvitations(
    manager: EntityManager,
    recipients: readonly Recipient[],
  ): Promise<readonly string[]> {
    if (recipients.length === 0) return [];
    const digests = recipients.flatMap((recipient) => recipientDigests(this.keyRing, recipient));
    const found = await rows<{ id: string }>(manager, FIND_INVITATIONS, BLIND_INDEX.arraysOf(digests));
    return found.map(({ id }) => id);
  }

  /** How many invitations of the team are addressed to the recipient, in every state. */
  async countOfTeam(tx: EntityManager, teamId: string, recipient: Recipient): Promise<number> {
    const digests = BLIND_INDEX.arraysOf(recipientDigests(this.keyRing, recipient));
    const [found] = await rows<{ count: number }>(tx, COUNT_OF_TEAM, [teamId, ...digests]);
    return found?.count ?? 0;
  }

  async deleteOfInviter(tx: EntityManager, inviterId: string): Promise<void> {
    await tx.query(DELETE_OF_INVITER, [inviterId]);
  }

  async countLacking(manager: EntityManager, keyId: string): Promise<number> {
    const statement = `SELECT count(*)::int AS count FROM team_invitations i WHERE ${LACKS}`;
    return (await firstRow<{ count: number }>(manager, statement, [keyId]))?.count ?? 0;
  }

  async lookAt(manager: EntityManager, keyId: string, { after, limit }: Step): Promise<readonly Digested[]> {
    return rows(manager, LOOK_AT, [keyId, after === '' ? BEFORE_ALL : after, limit]);
  }

  /** Those that no other transaction holds. */
  async lockFree(tx: EntityManager, ids: readonly string[]): Promise<readonly LockedRecipient[]> {
    return rows(tx, LOCK_FREE, [ids]);
  }

  /** @returns how many rows were deleted */
  async deleteUnder(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    return (await rows(tx, DELETE_UNDER, [keyId, limit])).length;
  }
}
