import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { BLIND_INDEX, columns, rows } from '@countersign/database';
import { InvitationRecipientEntity } from './invitation.entity';
import { recipientDigests, type Recipient } from '../recipient';

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

const DELETE_OF_INVITER = `
  DELETE FROM invitation_recipients WHERE invitation_id IN (
    SELECT id FROM team_invitations WHERE inviter_id = $1)`;

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
}
