import { Injectable } from '@nestjs/common';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { WalletActEntity } from './wallet-act.entity';

/** The acts of embedded wallets. */
@Injectable()
export class WalletActsRepository {
  async insert(tx: EntityManager, act: WalletActEntity): Promise<void> {
    await tx.insert(WalletActEntity, act);
  }

  async find(manager: EntityManager, walletId: string, id: string): Promise<WalletActEntity | null> {
    return manager.findOneBy(WalletActEntity, { walletId, id });
  }

  async findByKey(tx: EntityManager, walletId: string, keyDigest: Buffer): Promise<WalletActEntity | null> {
    return tx.findOneBy(WalletActEntity, { walletId, keyDigest });
  }

  /** Locked until the transaction ends: a second call that performs it waits for the first one. */
  async lock(tx: EntityManager, id: string): Promise<WalletActEntity | null> {
    return tx.findOne(WalletActEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async setAllowed(tx: EntityManager, id: string, at: Date): Promise<void> {
    await tx.update(WalletActEntity, { id }, { allowedAt: at, attemptedAt: at });
  }

  async setAttempted(tx: EntityManager, id: string, attemptedAt: Date | null): Promise<void> {
    await tx.update(WalletActEntity, { id, doneAt: IsNull() }, { attemptedAt });
  }

  /** @returns false where it was done before */
  async setDone(tx: EntityManager, id: string, change: Pick<WalletActEntity, 'doneAt'>): Promise<boolean> {
    const { affected } = await tx.update(WalletActEntity, { id, doneAt: IsNull() }, change);
    return affected === 1;
  }

  /** Exports whose words were not shown yet, oldest first. */
  async listOpenExports(manager: EntityManager, limit: number): Promise<readonly WalletActEntity[]> {
    return manager.find(WalletActEntity, {
      where: { kind: 'export', doneAt: IsNull(), allowedAt: Not(IsNull()) },
      order: { allowedAt: 'ASC' },
      take: limit,
    });
  }

  /** Of an act that custody may have signed, whose row therefore stays. */
  async releaseKey(tx: EntityManager, id: string): Promise<void> {
    await tx.update(WalletActEntity, { id }, { keyDigest: null });
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(WalletActEntity, { id });
  }
}
