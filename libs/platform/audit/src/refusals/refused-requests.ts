import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Database } from '@countersign/database';
import { refusalError } from '../audit.errors';
import { AuditService } from '../audit.service';
import { operator } from '../operator';
import { RefusalJournal } from './refusal-journal';
import type { RefusedRequestEntity } from './refused-request.entity';
import { RefusedRequestsRepository } from './refused-requests.repository';

export type RefusedRequestRecord = RefusedRequestEntity;

/** Callers choose the ids of their requests, so that many may have the same. */
const MAX_FOUND = 100;

/** Why requests were refused. Reading it is recorded. */
@Injectable()
export class RefusedRequests {
  constructor(
    private readonly database: Database,
    private readonly journal: RefusalJournal,
    private readonly requests: RefusedRequestsRepository,
    private readonly audit: AuditService,
  ) {}

  /**
   * The newest with this id, on all replicas. Other replicas write theirs every five seconds.
   * @throws AppError refused_request.not_found
   */
  async find(requestId: string): Promise<readonly RefusedRequestRecord[]> {
    await this.journal.flush(false);
    await this.audit.prepare();
    const found = await this.database.transaction(async (tx) => {
      const known = await this.requests.find(tx, requestId, MAX_FOUND);
      await this.audit.record(tx, 'refusal.read', {
        actor: operator(),
        // Another text may be anything that the caller chose.
        ...(isUUID(requestId) ? { subject: requestId } : {}),
        details: { found: String(known.length) },
      });
      return known;
    });
    // The record of the call stays.
    if (found.length === 0) throw refusalError('refused_request.not_found');
    return found;
  }
}
