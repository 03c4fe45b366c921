import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { Database, insertIfNew, LostRace } from '@countersign/database';
import { ApplicationDirectory } from '../application-directory';
import { applicationError, botError } from '../application.errors';
import { ApplicationEntity, type Application } from '../store/application.entity';
import type { BotKey, Environment } from './bot';
import { AcceptedBotEntity } from './bot.entity';
import { applicationEvents } from '../applications.feature';

/** The operator's list of bots whose Ed25519 proofs an application accepts without their tokens. */
@Injectable()
export class AcceptedBots {
  constructor(
    private readonly database: Database,
    private readonly directory: ApplicationDirectory,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async list(applicationId: string): Promise<readonly AcceptedBotEntity[]> {
    return this.database.read((manager) => listOf(manager, applicationId));
  }

  async allow(applicationId: string, bot: BotKey): Promise<AcceptedBotEntity> {
    return this.database.transaction(async (tx) => {
      await listOf(tx, applicationId);
      const wanted = { applicationId, ...keyOf(bot), createdAt: this.clock.now() };
      await insertIfNew(tx, AcceptedBotEntity, wanted, 'bot_id');
      await this.audit.recordByOperator(tx, applicationEvents.botAllowed, {
        applicationId,
        details: keyOf(bot),
      });
      const listed = await tx.findOneBy(AcceptedBotEntity, { applicationId, ...keyOf(bot) });
      // The existing entry was removed from the list meanwhile.
      if (!listed) throw new LostRace();
      this.directory.drop(tx, applicationId);
      return listed;
    });
  }

  /** @param bot from a path, so it is only compared in memory */
  async disallow(applicationId: string, bot: Readonly<Record<keyof BotKey, string>>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const listed = (await listOf(tx, applicationId)).find((one) => isDeepStrictEqual(keyOf(one), bot));
      if (!listed) throw botError('bot.not_listed');
      await tx.delete(AcceptedBotEntity, { applicationId, ...keyOf(listed) });
      const details = keyOf(listed);
      await this.audit.recordByOperator(tx, applicationEvents.botDisallowed, { applicationId, details });
      this.directory.drop(tx, applicationId);
    });
  }

  /** Locks the bot's entry until the transaction ends: memory may miss a removal. */
  async assertListed(tx: EntityManager, applicationId: string, bot: BotKey): Promise<void> {
    const listed = await tx.findOne(AcceptedBotEntity, {
      where: { applicationId, ...keyOf(bot) },
      lock: { mode: 'for_key_share' },
    });
    if (!listed) throw botError('bot.not_accepted');
  }

  /** The list decides the environment, not the request alone. */
  async get(
    applicationId: string,
    botId: string,
  ): Promise<{ application: Application; environment: Environment }> {
    const known = await this.directory.get(applicationId);
    if (!known) throw applicationError('application.not_found');
    const { application, acceptedBots, bots } = known;
    const isMeant = (bot: BotKey): boolean => bot.provider === 'telegram' && bot.botId === botId;
    const [listed, another] = acceptedBots.filter(isMeant);
    if (!listed) throw botError('bot.not_accepted');
    if (another) throw botError('bot.ambiguous', { detail: 'The bot is listed in both environments.' });
    const { environment } = listed;
    const own = bots.find((bot) => isMeant(bot) && bot.environment === environment);
    if (own?.status === 'disabled') throw botError('bot.disabled');
    return { application, environment };
  }
}

async function listOf(manager: EntityManager, applicationId: string): Promise<readonly AcceptedBotEntity[]> {
  if (!(await manager.existsBy(ApplicationEntity, { id: applicationId })))
    throw applicationError('application.not_found');
  return manager.find(AcceptedBotEntity, {
    where: { applicationId },
    order: { provider: 'ASC', environment: 'ASC', botId: 'ASC' },
  });
}

/** Removes other properties that callers may pass. */
function keyOf({ provider, environment, botId }: BotKey): Readonly<Pick<BotKey, keyof BotKey>> {
  return { provider, environment, botId };
}
