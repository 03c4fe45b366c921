import { Injectable } from '@nestjs/common';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { BY_OPERATOR } from '@countersign/teams';
import { statusOf } from '../invitation';
import type { InvitationEntity } from '../store/invitation.entity';
import { InvitationRecords } from '../invitation-records';
import { invitationError } from '../invitations.errors';
import { InvitationsRepository } from '../store/invitations.repository';
import { AdminInvitationResponse } from './dto/invitation.dto';
import { InvitationDirectoryRepository, type InvitationFilter } from './invitation-directory.repository';

/** Invitations to teams of all applications, for operators. */
@Injectable()
export class InvitationDirectory {
  constructor(
    private readonly database: Database,
    private readonly directory: InvitationDirectoryRepository,
    private readonly invitations: InvitationsRepository,
    private readonly records: InvitationRecords,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Newest first; one more than the limit of the page. */
  async list(filter: InvitationFilter, keyset: Keyset): Promise<readonly InvitationEntity[]> {
    return this.database.read((manager) => this.directory.list(manager, filter, keyset, this.clock.now()));
  }

  /** One that has ended stays as it is. @throws AppError invitation.not_found */
  async revoke(invitationId: string): Promise<void> {
    await this.audit.prepare();
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
