import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Any, Repository, type EntityManager } from 'typeorm';
import type { BlindIndex } from '@countersign/crypto';
import type { Bot, BotKey, BotStatus } from './bot';
import { BotEntity, BotTokenDigestEntity } from './bot.entity';

@Injectable()
export class BotsRepository {
  constructor(
    @InjectRepository(BotEntity) private readonly bots: Repository<BotEntity>,
    @InjectRepository(BotTokenDigestEntity) private readonly digests: Repository<BotTokenDigestEntity>,
  ) {}

  /** @returns false when there is a bot with this key already. */
  async insertIfNew(tx: EntityManager, bot: BotEntity): Promise<boolean> {
    const inserted = await tx
      .withRepository(this.bots)
      .createQueryBuilder()
      .insert()
      .values(bot)
      .orIgnore()
      .returning('id')
      .execute();
    return (inserted.raw as unknown[]).length === 1;
  }

  async lockByKey(tx: EntityManager, { provider, environment, botId }: BotKey): Promise<Bot | null> {
    return tx.withRepository(this.bots).findOne({
      where: { provider, environment, botId },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async update(tx: EntityManager, id: string, columns: Partial<BotEntity>): Promise<void> {
    await tx.withRepository(this.bots).update({ id }, columns);
  }

  async delete(tx: EntityManager, id: string): Promise<void> {
    await tx.withRepository(this.bots).delete({ id });
  }

  /**
   * Keeps the bot from being changed or removed until the transaction ends.
   * @returns whether its status is one of `statuses`.
   */
  async lockAs(tx: EntityManager, id: string, statuses: readonly BotStatus[]): Promise<boolean> {
    const found = await tx.withRepository(this.bots).findOne({
      select: { id: true },
      where: { id, status: Any([...statuses]) },
      lock: { mode: 'for_key_share' },
    });
    return found !== null;
  }

  async findStatus(manager: EntityManager, id: string): Promise<BotStatus | null> {
    const found = await manager
      .withRepository(this.bots)
      .findOne({ select: { id: true, status: true }, where: { id } });
    return found?.status ?? null;
  }

  async findStatusByKey(
    manager: EntityManager,
    { provider, environment, botId }: BotKey,
  ): Promise<BotStatus | null> {
    const found = await manager
      .withRepository(this.bots)
      .findOne({ select: { id: true, status: true }, where: { provider, environment, botId } });
    return found?.status ?? null;
  }

  /** @returns false when one of the digests is another bot's. A bot may have its digests already. */
  async claimDigests(tx: EntityManager, botRowId: string, digests: readonly BlindIndex[]): Promise<boolean> {
    const repository = tx.withRepository(this.digests);
    for (const { keyId, digest } of digests)
      await repository.createQueryBuilder().insert().values({ keyId, digest, botRowId }).orIgnore().execute();
    const owned = await repository.countBy({ botRowId, digest: Any(digests.map(({ digest }) => digest)) });
    return owned === digests.length;
  }
}
