import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { auditActorOf, type TeamActor } from '@countersign/teams';
import { UsersService } from '@countersign/users';
import type { ListingEntity } from './store/listing.entity';

/** What happened to a listing: the audit trail and the events have the same words. */
type ListingAction = 'created' | 'changed' | 'published' | 'withdrawn' | 'hidden' | 'unhidden';

/** Records changes of listings in the audit trail, and as events. */
@Injectable()
export class ListingRecords {
  constructor(
    private readonly users: UsersService,
    private readonly audit: AuditService,
  ) {}

  /**
   * @param actor whose act it is
   * @param details names of fields, ids, and the reason of an operator
   */
  async record(
    tx: EntityManager,
    { id, applicationId }: Pick<ListingEntity, 'id' | 'applicationId'>,
    action: ListingAction,
    actor: TeamActor,
    details: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await this.audit.record(tx, `listing.${action}`, {
      actor: await auditActorOf(tx, this.users, actor),
      applicationId,
      subject: id,
      details,
      event: { listingId: id, applicationId },
    });
  }
}
