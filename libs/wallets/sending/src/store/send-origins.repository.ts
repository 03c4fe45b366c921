import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { firstRow, insertIfNew } from '@countersign/database';
import { OPEN_STATES, SendEntity, SendOriginEntity, WalletNonceEntity } from './send.entities';

/** Of a send that was not compared yet. No send is looked at before it is made. */
const NEVER = new Date(0);

/** In which database the sends of chains were compared with them. */
@Injectable()
export class SendOriginsRepository {
  private mayAsk: boolean | null = null;

  /**
   * What names this database: another cluster, another database in it, a restored dump and another timeline of the WAL, after a
   * recovery to an instant or a failover, differ. A copy of the files does not.
   */
  async current(manager: EntityManager): Promise<string> {
    this.mayAsk ??= await mayAskControl(manager);
    const found = await firstRow<{ origin: string }>(
      manager,
      `SELECT concat_ws('/', ${this.mayAsk ? CONTROL : ''}
         (SELECT oid FROM pg_database WHERE datname = current_database()), 'sends'::regclass::oid) AS origin`,
    );
    return found?.origin ?? '';
  }

  async find(manager: EntityManager, chainId: string): Promise<SendOriginEntity | null> {
    return manager.findOneBy(SendOriginEntity, { chainId });
  }

  /** The row of a chain; one that is new gets this origin. */
  async findOrBegin(tx: EntityManager, chainId: string, origin: string): Promise<SendOriginEntity> {
    const found = await this.find(tx, chainId);
    if (found) return found;
    await insertIfNew(
      tx,
      SendOriginEntity,
      { chainId, origin, comparing: null, restoredAt: null },
      'chain_id',
    );
    return tx.findOneByOrFail(SendOriginEntity, { chainId });
  }

  /** All open sends of the chain count as not compared. Again changes nothing. @returns whether it is the first time */
  async restart(tx: EntityManager, chainId: string, comparing: string, restoredAt: Date): Promise<boolean> {
    const { affected } = await tx
      .createQueryBuilder()
      .update(SendOriginEntity)
      .set({ comparing, restoredAt })
      .where('chain_id = :chainId AND comparing IS DISTINCT FROM :comparing', { chainId, comparing })
      .execute();
    if (affected !== 1) return false;
    await tx
      .createQueryBuilder()
      .update(SendEntity)
      .set({ lookedAt: NEVER })
      .where('chain_id = :chainId AND state IN (:...open)', { chainId, open: OPEN_STATES })
      .execute();
    return true;
  }

  /** How many sends of the chain are not compared yet. */
  async countWaiting(manager: EntityManager, chainId: string): Promise<number> {
    return manager
      .createQueryBuilder(SendEntity, 'send')
      .where('chain_id = :chainId AND state IN (:...open) AND looked_at = :never', {
        ...{ chainId, open: OPEN_STATES, never: NEVER },
      })
      .getCount();
  }

  async finish(tx: EntityManager, chainId: string, origin: string): Promise<void> {
    await tx.update(SendOriginEntity, { chainId, comparing: origin }, { origin, comparing: null });
  }

  async isWalletCompared(
    manager: EntityManager,
    walletId: string,
    { chainId, origin }: SendOriginEntity,
  ): Promise<boolean> {
    return manager.existsBy(WalletNonceEntity, { walletId, chainId, origin });
  }

  async setWalletCompared(
    tx: EntityManager,
    { walletId, chainId }: WalletNonceEntity,
    origin: string,
  ): Promise<void> {
    await tx.update(WalletNonceEntity, { walletId, chainId }, { origin });
  }
}

const CONTROL = `(SELECT system_identifier FROM pg_control_system()),
  left(pg_walfile_name(pg_current_wal_lsn()), 8),`;

async function mayAskControl(manager: EntityManager): Promise<boolean> {
  const found = await firstRow<{ may: boolean }>(
    manager,
    `SELECT has_function_privilege('pg_control_system()', 'EXECUTE')
       AND has_function_privilege('pg_walfile_name(pg_lsn)', 'EXECUTE')
       AND has_function_privilege('pg_current_wal_lsn()', 'EXECUTE') AS may`,
  );
  return found?.may === true;
}
