import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Sealed } from '@countersign/crypto';
import { BringsToActiveKey, DigestedRowsRepository, DigestWork } from '@countersign/keys';
import { openDataKey } from '@countersign/users';
import { openRecipient, recipientDigests, type RecipientKind } from '../recipient';

interface SealedRecipient {
  readonly id: string;
  readonly recipientKind: RecipientKind;
  readonly recipient: Sealed;
  readonly inviterId: string;
  readonly dataKey: Sealed;
}

/** Digests of the recipients of invitations. */
@Injectable()
@BringsToActiveKey()
export class InvitationRecipientWork extends DigestWork<SealedRecipient> {
  protected readonly rows = new DigestedRowsRepository<SealedRecipient>({
    values: 'team_invitations',
    primaryKey: 'id',
    digests: 'invitation_recipients',
    owner: 'invitation_id',
    needs: 'r.recipient IS NOT NULL',
    columns: `r.id, r.recipient_kind AS "recipientKind", r.recipient, r.inviter_id AS "inviterId",
      u.data_key AS "dataKey"`,
    joins: 'JOIN users u ON u.id = r.inviter_id',
    lock: 'NO KEY UPDATE OF r',
  });

  protected async digest(tx: EntityManager, free: readonly SealedRecipient[]): Promise<number> {
    const opened = await this.insert(tx, free, ({ id, recipientKind, recipient, inviterId, dataKey }) => {
      const key = openDataKey(this.keyRing, inviterId, dataKey);
      return recipientDigests(this.keyRing, openRecipient(key, id, recipientKind, recipient));
    });
    return opened.length;
  }
}
