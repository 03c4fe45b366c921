import { Injectable } from '@nestjs/common';
import { Clock } from '@countersign/clock';
import { Database, newestFirst } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { BY_OPERATOR } from '@countersign/teams';
import { statusOf, type InvitationStatus } from '../invitation';
import { InvitationEntity } from '../store/invitation.entity';
import { InvitationRecords } from '../invitation-records';
import { invitationError } from '../invitations.errors';
import { InvitationsRepository } from '../store/invitations.repository';
import { AdminInvitationResponse } from './dto/invitation.dto';

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

/** Invitations to teams of all applications, for operators. */
@Injectable()
export class InvitationDirectory {
  constructor(
    private readonly database: Database,
    private readonly invitations: InvitationsRepository,
    private readonly records: InvitationRecords,
    private readonly clock: Clock,
  ) {}

  /** Newest first; one more than the limit. A team has few enough that no filter needs an index. */
  async list({ teamId, state }: InvitationFilter, keyset: Keyset): Promise<readonly InvitationEntity[]> {
    return this.database.read((manager) => {
      const query = manager.createQueryBuilder(InvitationEntity, 'invitation');
      if (teamId !== undefined) query.andWhere('invitation.teamId = :teamId', { teamId });
      if (state !== undefined) query.andWhere(IN_STATE[state], { now: this.clock.now() });
      return newestFirst(query, 'invitation.id', keyset);
    });
  }

  /** One that has ended stays as it is. @throws AppError invitation.not_found */
  async revoke(invitationId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.invitations.lockTeamsOf(tx, [invitationId]);
      const invitation = await this.invitations.lock(tx, invitationId);
      if (!invitation) throw invitationError('invitation.not_found');
      if (statusOf(invitation, this.clock.now()) === 'open')
        await this.records.revoke(tx, [invitation], 'revoked', BY_OPERATOR);
    });
  }

  toResponse(invitation: InvitationEntity): AdminInvitationResponse {
    return AdminInvitationResponse.of(invitation, this.clock.now());
  }
}
