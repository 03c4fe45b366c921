import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Any, Repository, type EntityManager } from 'typeorm';
import { insertIfNew, newestOf } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import type { BotKey, BotStatus, BotTarget } from './bot';
import { BotEntity } from './bot.entity';
import { given } from '../store/list-filter';

const FILTERS = ['applicationId', 'provider', 'environment', 'status', 'botId'] as const;

export type BotFilter = {
  readonly [Name in (typeof FILTERS)[number]]?: BotEntity[Name] | undefined;
};

@Injectable()
export class BotsRepository {
  constructor(@InjectRepository(BotEntity) private readonly bots: Repository<BotEntity>) {}

  /** @returns false when there is a bot with this key already. */
  async insertIfNew(tx: EntityManager, bot: BotEntity): Promise<boolean> {
    return insertIfNew(tx, BotEntity, bot, 'id');
  }

  async lock(tx: EntityManager, target: BotTarget): Promise<BotEntity | null> {
    return tx
      .withRepository(this.bots)
      .findOne({ where: whereOf(target), lock: { mode: 'pessimistic_write' } });
  }

  /** The bots of Telegram that an application has, in the order of their ids. */
  async lockTelegram(tx: EntityManager, applicationId: string): Promise<readonly BotEntity[]> {
    return tx.withRepository(this.bots).find({
      where: { applicationId, provider: 'telegram' },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async find(manager: EntityManager, target: BotTarget): Promise<BotEntity | null> {
    return manager.withRepository(this.bots).findOneBy(whereOf(target));
  }

  /** Newest first; one more than the limit. */
  async list(manager: EntityManager, filter: BotFilter, keyset: Keyset): Promise<readonly BotEntity[]> {
    return manager.withRepository(this.bots).find(newestOf(keyset, given(filter, FILTERS)));
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
}

/** A target may be a whole bot. */
function whereOf(target: BotTarget): { id: string } | BotKey {
  if ('id' in target) return { id: target.id };
  const { provider, environment, botId } = target;
  return { provider, environment, botId };
}
