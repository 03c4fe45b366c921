import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import { firstRow, rows } from '@countersign/database';
import { WalletEntity } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { EmbeddedWalletEntity, WalletDatabaseEntity } from './embedded-wallet.entity';

export interface WantedWallet extends Pick<WalletEntity, 'userId' | 'environment' | 'applicationId'> {
  readonly provider: 'ethereum' | 'ton';
}

const CONTROL = `(SELECT system_identifier FROM pg_control_system()),
  left(pg_walfile_name(pg_current_wal_lsn()), 8),`;

@Injectable()
export class EmbeddedWalletsRepository {
  private mayAskControl: boolean | null = null;

  async findOf(
    manager: EntityManager,
    { userId, environment, provider, applicationId }: WantedWallet,
  ): Promise<string | null> {
    const found = await firstRow<{ id: string }>(
      manager,
      `SELECT id FROM wallets WHERE user_id = $1 AND environment = $2 AND provider = $3 AND kind = 'embedded'
         AND application_id IS NOT DISTINCT FROM $4::uuid`,
      [userId, environment, provider, applicationId],
    );
    return found?.id ?? null;
  }

  async environmentOf(
    manager: EntityManager,
    { userId, identityId }: Pick<Principal, 'userId' | 'identityId'>,
  ): Promise<string> {
    const found = await firstRow<{ environment: string }>(
      manager,
      'SELECT environment FROM identities WHERE id = $2 AND user_id = $1',
      [userId, identityId],
    );
    return found?.environment ?? 'production';
  }

  /** Reserves an id for the key that custody will create. @returns the id that was reserved first */
  async reserve(
    tx: EntityManager,
    { userId: createdFor, environment, provider, applicationId }: WantedWallet,
    {
      walletId,
      assurance,
      requestedAt,
    }: Pick<EmbeddedWalletEntity, 'walletId' | 'assurance' | 'requestedAt'>,
  ): Promise<string> {
    await tx
      .createQueryBuilder()
      .insert()
      .into(EmbeddedWalletEntity)
      .values({ walletId, createdFor, environment, provider, assurance, applicationId, requestedAt })
      .orIgnore()
      .execute();
    const reserved = await tx.findOneByOrFail(EmbeddedWalletEntity, {
      ...{ createdFor, environment, provider },
      applicationId: applicationId ?? IsNull(),
    });
    return reserved.walletId;
  }

  /** @returns whether the instant is new */
  async setWayOutReadyAt(tx: EntityManager, walletId: string, wayOutReadyAt: Date): Promise<boolean> {
    const { affected } = await tx
      .createQueryBuilder()
      .update(EmbeddedWalletEntity)
      .set({ wayOutReadyAt })
      .where('wallet_id = :walletId', { walletId })
      .andWhere('way_out_ready_at IS DISTINCT FROM :wayOutReadyAt', { wayOutReadyAt })
      .execute();
    return affected === 1;
  }

  async listOf(manager: EntityManager, userId: string): Promise<readonly EmbeddedWalletEntity[]> {
    return manager
      .createQueryBuilder(EmbeddedWalletEntity, 'embedded')
      .innerJoin(WalletEntity, 'wallet', 'wallet.id = embedded.wallet_id')
      .where('wallet.user_id = :userId', { userId })
      .orderBy('embedded.wallet_id')
      .getMany();
  }

  /** Lists the wallets whose words custody never returned, also after a failed export, oldest first. */
  async listNotExported(manager: EntityManager, userId: string): Promise<readonly string[]> {
    const found = await rows<{ id: string }>(
      manager,
      `SELECT w.id FROM wallets w JOIN embedded_wallets e ON e.wallet_id = w.id
       WHERE w.user_id = $1 AND NOT EXISTS (
         SELECT FROM wallet_acts a WHERE a.wallet_id = w.id AND a.kind = 'export' AND a.done_at IS NOT NULL)
       ORDER BY w.id`,
      [userId],
    );
    return found.map(({ id }) => id);
  }

  /** Locks and lists the wallets that were requested before an instant and never created. */
  async lockUnfinished(tx: EntityManager, requestedBefore: Date, limit: number): Promise<readonly string[]> {
    const found = await rows<{ walletId: string }>(
      tx,
      `SELECT wallet_id AS "walletId" FROM embedded_wallets
       WHERE created_at IS NULL AND requested_at < $1 LIMIT $2 FOR UPDATE`,
      [requestedBefore, limit],
    );
    return found.map(({ walletId }) => walletId);
  }

  /** Whether a test identity, as which anyone can sign in, asks for a production wallet. */
  async isBarred(tx: EntityManager, walletId: string, { identityId }: Principal): Promise<boolean> {
    const found = await firstRow(
      tx,
      `SELECT 1 FROM embedded_wallets WHERE wallet_id = $1 AND environment = 'production'
         AND EXISTS (SELECT FROM identities WHERE id = $2 AND environment <> 'production')`,
      [walletId, identityId],
    );
    return found !== null;
  }

  /** The database in which acts were last allowed; null before the first start. */
  async findOrigin(manager: EntityManager): Promise<string | null> {
    return (await manager.findOneBy(WalletDatabaseEntity, { isOnly: true }))?.origin ?? null;
  }

  /**
   * Names the database by what PostgreSQL knows: the cluster and the WAL's timeline, if the role may read them, the
   * database, and a table as it was created in it.
   */
  async nameOfDatabase(manager: EntityManager): Promise<string> {
    if (this.mayAskControl === null) {
      const asked = await firstRow<{ may: boolean }>(
        manager,
        `SELECT has_function_privilege('pg_control_system()', 'EXECUTE')
           AND has_function_privilege('pg_walfile_name(pg_lsn)', 'EXECUTE')
           AND has_function_privilege('pg_current_wal_lsn()', 'EXECUTE') AS may`,
      );
      this.mayAskControl = asked?.may === true;
    }
    const found = await firstRow<{ name: string }>(
      manager,
      `SELECT concat_ws('/', ${this.mayAskControl ? CONTROL : ''}
         (SELECT oid FROM pg_database WHERE datname = current_database()), 'sends'::regclass::oid) AS name`,
    );
    return found?.name ?? '';
  }

  /** @returns whether another database was stored before */
  async saveOrigin(tx: EntityManager, origin: string): Promise<boolean> {
    const found = await firstRow<{ isOther: boolean }>(
      tx,
      `INSERT INTO wallet_database AS d (is_only, origin) VALUES (true, $1)
       ON CONFLICT (is_only) DO UPDATE SET origin = $1 WHERE d.origin <> $1 RETURNING xmax <> 0 AS "isOther"`,
      [origin],
    );
    return found?.isOther === true;
  }
}
