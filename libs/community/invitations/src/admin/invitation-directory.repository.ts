import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Keyset } from '@countersign/http';
import type { InvitationStatus } from '../invitation';
import { InvitationEntity } from '../store/invitation.entity';

/** Which invitations an operator asks for: a state with a team only. */
export interface InvitationFilter {
  readonly teamId?: string | undefined;
  readonly state?: InvitationStatus | undefined;
}

const IN_STATE: Readonly<Record<InvitationStatus, string>> = {
  open: 'invitation.revokedAt IS NULL AND invitation.useCount < invitation.maxUses AND invitation.expiresAt > :now',
  'used-up': 'invitation.revokedAt IS NULL AND invitation.useCount >= invitation.maxUses',
  expired:
    'invitation.revokedAt IS NULL AND invitation.useCount < invitation.maxUses AND invitation.expiresAt <= :now',
  revoked: 'invitation.revokedAt IS NOT NULL',
};

/** Invitations for operators. A team has few enough that no filter needs an index. */
@Injectable()
export class InvitationDirectoryRepository {
  /** Newest first; one more than the limit. */
  async list(
    manager: EntityManager,
    { teamId, state }: InvitationFilter,
    { afterId, limit }: Keyset,
    now: Date,
  ): Promise<readonly InvitationEntity[]> {
    const query = manager.createQueryBuilder(InvitationEntity, 'invitation');
    if (teamId !== undefined) query.andWhere('invitation.teamId = :teamId', { teamId });
    if (state !== undefined) query.andWhere(IN_STATE[state], { now });
    if (afterId !== null) query.andWhere('invitation.id < :afterId', { afterId });
    return query
      .orderBy('invitation.id', 'DESC')
      .limit(limit + 1)
      .getMany();
  }
}
