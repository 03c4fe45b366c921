import { Injectable } from '@nestjs/common';
import { Any, LessThan, type EntityManager } from 'typeorm';
import { columns } from '@countersign/database';
import { RefusedRequestEntity } from './refused-request.entity';

const ROW = columns<RefusedRequestEntity>({
  id: 'uuid',
  requestId: 'text',
  code: 'text',
  status: 'integer',
  route: 'text',
  applicationId: 'uuid',
  refusedAt: 'timestamptz',
});
/** A batch is written again when the answer to its COMMIT was lost, as in a failover. */
const INSERT = `INSERT INTO refused_requests (${ROW.names}) ${ROW.unnest()} ON CONFLICT DO NOTHING`;

@Injectable()
export class RefusedRequestsRepository {
  async insert(tx: EntityManager, refused: readonly RefusedRequestEntity[]): Promise<void> {
    await tx.query(INSERT, ROW.arraysOf(refused));
  }

  /** Newest first. */
  async find(
    manager: EntityManager,
    requestId: string,
    limit: number,
  ): Promise<readonly RefusedRequestEntity[]> {
    return manager.find(RefusedRequestEntity, { where: { requestId }, order: { id: 'DESC' }, take: limit });
  }

  /** @returns how many were deleted: at most `limit`. */
  async deleteBefore(tx: EntityManager, instant: Date, limit: number): Promise<number> {
    const old = await tx.find(RefusedRequestEntity, {
      select: { id: true },
      where: { refusedAt: LessThan(instant) },
      take: limit,
    });
    if (old.length > 0) await tx.delete(RefusedRequestEntity, { id: Any(old.map(({ id }) => id)) });
    return old.length;
  }
}
