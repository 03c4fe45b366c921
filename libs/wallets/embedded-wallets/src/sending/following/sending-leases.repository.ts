import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MINUTE, SECOND } from '@countersign/runtime';
import { Database, DatabaseClock, firstRow } from '@countersign/database';
import { SendingLeaseEntity } from '../store/send.entities';

/** Another replica takes over a chain's sends after this time. */
const LEASE_MS = 30 * SECOND;

/** Stores which chains this replica follows. Instants are of the database's clock. */
@Injectable()
export class SendingLeases {
  private readonly lease = randomUUID();

  constructor(
    private readonly database: Database,
    private readonly clock: DatabaseClock,
  ) {}

  /** Takes or extends the lease of a chain. @returns false while another replica has it */
  async acquire(chainId: string): Promise<boolean> {
    const now = await this.clock.now();
    const until = now.getTime() + LEASE_MS;
    // A wrong clock wrote a lease that ends later, so it counts as ended.
    const tooFar = new Date(until + MINUTE);
    const taken = await this.database.transaction((tx) =>
      firstRow(
        tx,
        `INSERT INTO sending_leases AS l (chain_id, lease, lease_until) VALUES ($1, $2, $3)
         ON CONFLICT (chain_id) DO UPDATE SET lease = $2, lease_until = $3
         WHERE l.lease = $2 OR l.lease_until < $4 OR l.lease_until > $5 RETURNING 1`,
        [chainId, this.lease, new Date(until), now, tooFar],
      ),
    );
    return taken !== null;
  }

  async release(): Promise<void> {
    await this.database.transaction((tx) => tx.delete(SendingLeaseEntity, { lease: this.lease }));
  }
}
