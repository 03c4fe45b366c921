import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { InvitationUseEntity } from './invitation.entity';

/** Who joined by which invitation. The caller has locked the person. */
@Injectable()
export class InvitationUsesRepository {
  async insert(tx: EntityManager, invitationId: string, userId: string, at: Date): Promise<void> {
    await tx.insert(InvitationUseEntity, { invitationId, userId, at });
  }
}
