import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { BringsToActiveKey, DigestWork, type Digested, type Step } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { openDataKey } from '@countersign/users';
import {
  InvitationRecipientsRepository,
  type LockedRecipient,
} from '../store/invitation-recipients.repository';
import { openRecipient } from '../recipient';

/** Digests of the recipients of invitations. */
@Injectable()
@BringsToActiveKey()
export class InvitationRecipientWork extends DigestWork<Digested> {
  readonly name = 'invitation_recipients';

  constructor(
    private readonly repository: InvitationRecipientsRepository,
    keyRing: KeyRing,
    logger: Logger,
  ) {
    super(keyRing, logger);
  }

  countBehind(manager: EntityManager, keyId: string): Promise<number> {
    return this.repository.countLacking(manager, keyId);
  }

  deleteRetired(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    return this.repository.deleteUnder(tx, keyId, limit);
  }

  protected lookAt(tx: EntityManager, keyId: string, step: Step): Promise<readonly Digested[]> {
    return this.repository.lookAt(tx, keyId, step);
  }

  protected async digest(tx: EntityManager, lacking: readonly Digested[]): Promise<number> {
    const free = await this.repository.lockFree(
      tx,
      lacking.map(({ id }) => id),
    );
    let done = 0;
    for (const row of free) {
      const recipient = await this.attempt(row.id, () => this.open(row));
      if (!recipient) continue;
      await this.repository.insert(tx, row.id, recipient);
      done += 1;
    }
    return done;
  }

  private open({ id, recipientKind, recipient, inviterId, dataKey }: LockedRecipient) {
    return openRecipient(openDataKey(this.keyRing, inviterId, dataKey), id, recipientKind, recipient);
  }
}
