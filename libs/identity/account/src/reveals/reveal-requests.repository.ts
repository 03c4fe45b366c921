import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, MoreThan, type EntityManager } from 'typeorm';
import { RowCodes } from '@countersign/audit';
import type { Keyset } from '@countersign/http';
import { Logger } from '@countersign/observability';
import { RevealRequestEntity } from './reveal-request.entity';
import type { WantedApproval } from './revealed-fields';

const TABLE = 'reveal_requests';

/** Requests with codes over all their columns. A row without its code, which the service did not write, is no request. */
@Injectable()
export class RevealRequestsRepository {
  constructor(
    private readonly codes: RowCodes,
    private readonly logger: Logger,
  ) {}

  async insert(tx: EntityManager, request: RevealRequestEntity): Promise<void> {
    await tx.insert(RevealRequestEntity, this.coded(request));
  }

  async save(tx: EntityManager, request: RevealRequestEntity): Promise<void> {
    await tx.save(RevealRequestEntity, this.coded(request));
  }

  /** Locked until the end of the transaction. */
  async lock(tx: EntityManager, id: string): Promise<RevealRequestEntity | null> {
    const found = await tx.findOne(RevealRequestEntity, {
      where: { id },
      lock: { mode: 'pessimistic_write' },
    });
    return found && this.isGenuine(found) ? found : null;
  }

  /** The operator's last request for the same, locked, unless it was used or has expired. */
  async lockOpen(
    tx: EntityManager,
    actor: string,
    userId: string,
    { act, identityId, fields, reason }: WantedApproval,
    now: Date,
  ): Promise<RevealRequestEntity | null> {
    const open = await tx.find(RevealRequestEntity, {
      where: { actor, act, userId, identityId: identityId ?? IsNull(), reason, expiresAt: MoreThan(now) },
      order: { id: 'DESC' },
      lock: { mode: 'pessimistic_write' },
    });
    const wanted = fields.join(' ');
    return (
      open.find((one) => one.status !== 'used' && one.fields.join(' ') === wanted && this.isGenuine(one)) ??
      null
    );
  }

  /** Those that wait for a decision, newest first; one more than the limit. */
  async listPending(
    manager: EntityManager,
    { afterId, limit }: Keyset,
    now: Date,
  ): Promise<readonly RevealRequestEntity[]> {
    return manager.find(RevealRequestEntity, {
      where: {
        status: 'pending',
        expiresAt: MoreThan(now),
        ...(afterId === null ? {} : { id: LessThan(afterId) }),
      },
      order: { id: 'DESC' },
      take: limit + 1,
    });
  }

  /** @returns how many rows were deleted */
  async deleteExpired(tx: EntityManager, before: Date): Promise<number> {
    return (await tx.delete(RevealRequestEntity, { expiresAt: LessThan(before) })).affected ?? 0;
  }

  private coded(request: RevealRequestEntity): RevealRequestEntity {
    return { ...request, ...this.codes.make(TABLE, contentOf(request)) };
  }

  private isGenuine(request: RevealRequestEntity): boolean {
    if (this.codes.isRight(TABLE, contentOf(request), request)) return true;
    this.logger.error(
      { revealRequestId: request.id },
      'a request for personal fields was not written by this service: it counts as none',
    );
    return false;
  }
}

/** As it is stored: ids in lower case. */
function contentOf({ mac: _mac, macKeyId: _keyId, ...content }: RevealRequestEntity): object {
  const { userId, identityId } = content;
  return { ...content, userId: userId.toLowerCase(), identityId: identityId?.toLowerCase() };
}
