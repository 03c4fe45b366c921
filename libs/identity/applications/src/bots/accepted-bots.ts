import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository, type EntityManager } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database, LostRace } from '@countersign/database';
import { ApplicationDirectory } from '../application-directory';
import { applicationError, botError } from '../application.errors';
import type { Application } from '../application';
import { ApplicationsRepository } from '../store/applications.repository';
import { BOT_ID, environments, isOneOf, providers, type BotKey, type Environment } from './bot';
import { AcceptedBotEntity } from './bot.entity';

/** An entry of the list. */
interface AllowedBot extends BotKey {
  readonly createdAt: Date;
}

/** A key as the caller wrote it. */
type WrittenBotKey = Readonly<Record<keyof BotKey, string>>;

interface AcceptedBot {
  readonly application: Application;
  readonly environment: Environment;
}

/**
 * The bots whose Ed25519 proofs an application accepts without their tokens: a list that the operator
 * maintains.
 */
@Injectable()
export class AcceptedBots {
  constructor(
    @InjectRepository(AcceptedBotEntity) private readonly acceptedBots: Repository<AcceptedBotEntity>,
    private readonly database: Database,
    private readonly applications: ApplicationsRepository,
    private readonly directory: ApplicationDirectory,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** In the order of their ids. @throws AppError application.not_found */
  async list(applicationId: string): Promise<readonly AllowedBot[]> {
    return this.database.read(async (manager) => {
      if (!(await this.applications.findById(manager, applicationId)))
        throw applicationError('application.not_found');
      const found = await manager
        .withRepository(this.acceptedBots)
        .find({ where: { applicationId }, order: { provider: 'ASC', environment: 'ASC', botId: 'ASC' } });
      return found.map(({ createdAt, ...bot }) => ({ ...keyOf(bot), createdAt }));
    });
  }

  /** @throws AppError application.not_found, bot.not_found for what is no bot id */
  async allow(applicationId: string, bot: BotKey): Promise<AllowedBot> {
    if (!BOT_ID.test(bot.botId) || bot.provider !== 'telegram')
      throw botError('bot.not_found', {
        detail: 'Only Telegram signs for third parties; a bot id is a number.',
      });
    const allowed = await this.database.transaction(async (tx) => {
      if (!(await this.applications.findById(tx, applicationId)))
        throw applicationError('application.not_found');
      const accepted = { applicationId, ...keyOf(bot), createdAt: this.clock.now() };
      const acceptedBots = tx.withRepository(this.acceptedBots);
      await acceptedBots.createQueryBuilder().insert().values(accepted).orIgnore().execute();
      await this.audit.record(tx, 'bot.allowed', {
        actor: operator(),
        applicationId,
        details: keyOf(bot),
      });
      const listed = await acceptedBots.findOneBy({ applicationId, ...keyOf(bot) });
      if (!listed) throw new LostRace();
      return { ...keyOf(bot), createdAt: listed.createdAt };
    });
    this.directory.drop(applicationId);
    return allowed;
  }

  /** @throws AppError application.not_found, bot.not_listed */
  async disallow(applicationId: string, bot: WrittenBotKey): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await this.applications.findById(tx, applicationId)))
        throw applicationError('application.not_found');
      if (!isBotKey(bot)) throw botError('bot.not_listed');
      const { affected } = await tx
        .withRepository(this.acceptedBots)
        .delete({ applicationId, ...keyOf(bot) });
      if (affected !== 1) throw botError('bot.not_listed');
      await this.audit.record(tx, 'bot.disallowed', {
        actor: operator(),
        applicationId,
        details: keyOf(bot),
      });
    });
    this.directory.drop(applicationId);
  }

  /**
   * Locks the bot's list entry until the transaction ends: a removal may not have reached memory yet.
   * @throws AppError bot.not_accepted
   */
  async assertListed(tx: EntityManager, applicationId: string, bot: BotKey): Promise<void> {
    const listed = await tx.withRepository(this.acceptedBots).findOne({
      where: { applicationId, ...keyOf(bot) },
      lock: { mode: 'for_key_share' },
    });
    if (!listed) throw botError('bot.not_accepted');
  }

  /**
   * In which environment an application accepts a bot's proofs: the request alone does not decide it.
   * @throws AppError application.not_found, bot.not_accepted, bot.ambiguous when it is listed in both,
   * bot.disabled when the application owns the bot and it is disabled
   */
  async get(applicationId: string, botId: string): Promise<AcceptedBot> {
    const known = await this.directory.get(applicationId);
    if (!known) throw applicationError('application.not_found');
    const { application, acceptedBots, bots } = known;
    const isMeant = (bot: BotKey): boolean => bot.provider === 'telegram' && bot.botId === botId;
    const [listed, another] = acceptedBots.filter(isMeant);
    if (!listed) throw botError('bot.not_accepted');
    if (another) throw botError('bot.ambiguous', { detail: 'The bot is listed in both environments.' });
    const { environment } = listed;
    const isDisabled = bots.some(
      (bot) => isMeant(bot) && bot.environment === environment && bot.status === 'disabled',
    );
    if (isDisabled) throw botError('bot.disabled');
    return { application, environment };
  }
}

function isBotKey(key: WrittenBotKey): key is BotKey {
  return isOneOf(providers, key.provider) && isOneOf(environments, key.environment) && BOT_ID.test(key.botId);
}

/** The key alone: callers may hand over more than that. */
function keyOf({ provider, environment, botId }: BotKey): Readonly<Pick<BotKey, keyof BotKey>> {
  return { provider, environment, botId };
}
