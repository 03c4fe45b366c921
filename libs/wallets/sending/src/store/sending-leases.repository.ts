import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow } from '@countersign/database';
import { SendingLeaseEntity } from './send.entities';

/** Leases of the replicas that look after sends. Instants are of the clock of the database. */
@Injectable()
export class SendingLeasesRepository {
  /**
   * Takes or extends the lease.
   * @param tooFar a lease that ends later was written by a wrong clock, and has ended
   * @returns false while another replica has it
   */
  async acquire(
    tx: EntityManager,
    { chainId, lease, leaseUntil }: SendingLeaseEntity,
    { now, tooFar }: { readonly now: Date; readonly tooFar: Date },
  ): Promise<boolean> {
    const taken = await firstRow(
      tx,
      `INSERT INTO sending_leases AS l (chain_id, lease, lease_until) VALUES ($1, $2, $3)
       ON CONFLICT (chain_id) DO UPDATE SET lease = $2, lease_until = $3
       WHERE l.lease = $2 OR l.lease_until < $4 OR l.lease_until > $5 RETURNING 1`,
      [chainId, lease, leaseUntil, now, tooFar],
    );
    return taken !== null;
  }

  async release(tx: EntityManager, lease: string): Promise<void> {
    await tx.delete(SendingLeaseEntity, { lease });
  }
}
