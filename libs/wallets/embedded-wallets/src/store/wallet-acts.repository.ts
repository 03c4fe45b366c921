import { Injectable } from '@nestjs/common';
import { IsNull, Not, type EntityManager } from 'typeorm';
import { WalletActEntity } from './wallet-act.entity';

/** The acts of embedded wallets, with their tokens. */
@Injectable()
export class WalletActsRepository {
  async insert(tx: EntityManager, act: WalletActEntity): Promise<void> {
    await tx.insert(WalletActEntity, act);
  }

  async findByToken(manager: EntityManager, tokenDigest: Buffer): Promise<WalletActEntity | null> {
    return manager.findOneBy(WalletActEntity, { tokenDigest });
  }

  /** By the digest of its token, locked until the transaction ends: a second use waits for the first one. */
  async lockByToken(tx: EntityManager, tokenDigest: Buffer): Promise<WalletActEntity | null> {
    return tx.findOne(WalletActEntity, { where: { tokenDigest }, lock: { mode: 'pessimistic_write' } });
  }

  async setAllowed(tx: EntityManager, id: string, at: Date): Promise<void> {
    await tx.update(WalletActEntity, { id }, { allowedAt: at, attemptedAt: at });
  }

  async setAttempted(tx: EntityManager, id: string, attemptedAt: Date | null): Promise<void> {
    await tx.update(WalletActEntity, { id, doneAt: IsNull() }, { attemptedAt });
  }

  /** @returns false where it was done before */
  async setDone(tx: EntityManager, id: string, doneAt: Date): Promise<boolean> {
    const { affected } = await tx.update(WalletActEntity, { id, doneAt: IsNull() }, { doneAt });
    return affected === 1;
  }

  /** Exports whose words were not shown yet, oldest first. */
  async listOpenExports(manager: EntityManager, limit: number): Promise<readonly WalletActEntity[]> {
    return manager.find(WalletActEntity, {
      where: { act: 'export', doneAt: IsNull(), allowedAt: Not(IsNull()) },
      order: { allowedAt: 'ASC' },
      take: limit,
    });
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.delete(WalletActEntity, { id });
  }
}
