import { Injectable } from '@nestjs/common';
import { Any, IsNull, LessThan, MoreThan, Not, type EntityManager } from 'typeorm';
import { EmbeddedWalletEntity, WalletGrantEntity } from '../store/embedded-wallet.entity';
import { RecoverySecretEntity, WalletRecoveryEntity, type RecoveryOutcome } from './recovery.entities';

const MAX_LISTED = 100;

/** Recovery secrets, and recoveries by them. The caller of what changes them holds the lock of a user that they name. */
@Injectable()
export class RecoveriesRepository {
  /** Replaces an earlier one. */
  async putSecret(tx: EntityManager, secret: RecoverySecretEntity): Promise<void> {
    await tx.upsert(RecoverySecretEntity, secret, ['userId']);
  }

  async findSecretOf(manager: EntityManager, userId: string): Promise<RecoverySecretEntity | null> {
    return manager.findOneBy(RecoverySecretEntity, { userId });
  }

  /** @returns the account whose secret it is */
  async findOwner(manager: EntityManager, digest: Buffer): Promise<string | null> {
    return (await manager.findOneBy(RecoverySecretEntity, { digest }))?.userId ?? null;
  }

  /** @returns false where there was none */
  async deleteSecret(tx: EntityManager, userId: string): Promise<boolean> {
    return ((await tx.delete(RecoverySecretEntity, { userId })).affected ?? 0) > 0;
  }

  async insert(tx: EntityManager, recovery: WalletRecoveryEntity): Promise<void> {
    await tx.insert(WalletRecoveryEntity, recovery);
  }

  /** The one against the wallets of an account. */
  async findOpen(manager: EntityManager, oldUserId: string): Promise<WalletRecoveryEntity | null> {
    return manager.findOneBy(WalletRecoveryEntity, { oldUserId, endedAt: IsNull() });
  }

  /** Open ones, oldest first. @param after the id of the last one before them */
  async pageOfOpen(
    manager: EntityManager,
    after: string | null,
    limit: number,
  ): Promise<readonly WalletRecoveryEntity[]> {
    return manager.find(WalletRecoveryEntity, {
      where: { endedAt: IsNull(), ...(after === null ? {} : { id: MoreThan(after) }) },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** Those that the account asked for, and the open one against its wallets; newest first. */
  async listOf(manager: EntityManager, userId: string): Promise<readonly WalletRecoveryEntity[]> {
    return manager.find(WalletRecoveryEntity, {
      where: [{ askingUserId: userId }, { oldUserId: userId, endedAt: IsNull() }],
      order: { id: 'DESC' },
      take: MAX_LISTED,
    });
  }

  /** All that name the account. */
  async allOf(manager: EntityManager, userId: string): Promise<readonly WalletRecoveryEntity[]> {
    return manager.find(WalletRecoveryEntity, {
      where: [{ askingUserId: userId }, { oldUserId: userId }],
      order: { id: 'ASC' },
    });
  }

  async setAccepted(tx: EntityManager, id: string, acceptedAt: Date): Promise<void> {
    await tx.update(WalletRecoveryEntity, { id }, { acceptedAt });
  }

  async end(tx: EntityManager, id: string, outcome: RecoveryOutcome, endedAt: Date): Promise<void> {
    await tx.update(WalletRecoveryEntity, { id }, { outcome, endedAt });
  }

  /** Ends the open ones of two accounts that become one, and gives all to the one that stays. */
  async merge(tx: EntityManager, loserId: string, survivorId: string, endedAt: Date): Promise<void> {
    const both = Any([loserId, survivorId]);
    for (const side of [{ oldUserId: both }, { askingUserId: both }])
      await tx.update(WalletRecoveryEntity, { ...side, endedAt: IsNull() }, { outcome: 'ended', endedAt });
    await tx.update(WalletRecoveryEntity, { oldUserId: loserId }, { oldUserId: survivorId });
    await tx.update(WalletRecoveryEntity, { askingUserId: loserId }, { askingUserId: survivorId });
  }

  /** With the secret of the account. */
  async deleteAllOf(tx: EntityManager, userId: string): Promise<void> {
    await tx.delete(WalletRecoveryEntity, { oldUserId: userId });
    await tx.delete(WalletRecoveryEntity, { askingUserId: userId });
    await this.deleteSecret(tx, userId);
  }

  /** @returns how many */
  async deleteEnded(tx: EntityManager, before: Date, limit: number): Promise<number> {
    const over = await tx.find(WalletRecoveryEntity, {
      select: { id: true },
      where: { endedAt: LessThan(before) },
      take: limit,
    });
    await tx.delete(WalletRecoveryEntity, { id: Any(over.map(({ id }) => id)) });
    return over.length;
  }

  /** From now on only this application uses the wallets, and the account that had them may ask for new ones. */
  async releaseWallets(
    tx: EntityManager,
    walletIds: readonly string[],
    { applicationId, grantedAt }: Pick<WalletGrantEntity, 'applicationId' | 'grantedAt'>,
  ): Promise<void> {
    const walletId = Any([...walletIds]);
    await tx.delete(WalletGrantEntity, { walletId, applicationId: Not(applicationId) });
    await tx.update(EmbeddedWalletEntity, { walletId }, { createdFor: null, recoveredAt: grantedAt });
    const grants = walletIds.map((id) => ({ walletId: id, applicationId, grantedAt }));
    await tx.createQueryBuilder().insert().into(WalletGrantEntity).values(grants).orIgnore().execute();
  }
}
