import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { columns, Database, rows } from '@countersign/database';
import { ApplicationDirectory } from './application-directory';
import { applicationError, botError } from './application.errors';
import type { Application } from './application';
import { ApplicationsRepository } from './applications.repository';
import type { BotKey, Environment } from './bot';
import type { AcceptedBotEntity } from './bot.entity';

export interface AcceptedBot {
  readonly application: Application;
  readonly environment: Environment;
}

const ACCEPTED_BOT = columns<AcceptedBotEntity>({
  applicationId: 'uuid',
  provider: 'text',
  environment: 'text',
  botId: 'text',
  createdAt: 'timestamptz',
});
const INSERT_ACCEPTED = `
  INSERT INTO accepted_bots (${ACCEPTED_BOT.names}) VALUES (${ACCEPTED_BOT.parameters()}) ON CONFLICT DO NOTHING`;

/** The bots whose Ed25519 proofs an application accepts without knowing their tokens: a list that the operator keeps. */
@Injectable()
export class AcceptedBots {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsRepository,
    private readonly directory: ApplicationDirectory,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError application.not_found, bot.not_found for what is no bot id */
  async allow(applicationId: string, bot: BotKey): Promise<void> {
    if (!/^[1-9]\d{0,15}$/.test(bot.botId) || bot.provider !== 'telegram')
      throw botError('bot.not_found', {
        detail: 'Only Telegram signs for third parties; a bot id is a number.',
      });
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      if (!(await this.applications.findById(tx, applicationId)))
        throw applicationError('application.not_found');
      const accepted = { applicationId, ...bot, createdAt: this.clock.now() };
      await tx.query(INSERT_ACCEPTED, ACCEPTED_BOT.valuesOf(accepted));
      await this.audit.record(tx, 'bot.allowed', {
        actor: 'operator',
        applicationId,
        details: { ...bot },
      });
    });
    this.directory.drop(applicationId);
  }

  /** @throws AppError bot.not_accepted */
  async disallow(applicationId: string, bot: BotKey): Promise<void> {
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      const removed = await rows(
        tx,
        `DELETE FROM accepted_bots
         WHERE application_id = $1 AND provider = $2 AND environment = $3 AND bot_id = $4 RETURNING true`,
        [applicationId, bot.provider, bot.environment, bot.botId],
      );
      if (removed.length === 0) throw botError('bot.not_accepted');
      await this.audit.record(tx, 'bot.disallowed', {
        actor: 'operator',
        applicationId,
        details: { ...bot },
      });
    });
    this.directory.drop(applicationId);
  }

  /**
   * Keeps the bot on the list until the transaction ends: memory may not have heard yet that it was taken off.
   * @throws AppError bot.not_accepted
   */
  async assertListed(tx: EntityManager, applicationId: string, bot: BotKey): Promise<void> {
    const listed = await rows(
      tx,
      `SELECT true FROM accepted_bots
       WHERE application_id = $1 AND provider = $2 AND environment = $3 AND bot_id = $4 FOR KEY SHARE`,
      [applicationId, bot.provider, bot.environment, bot.botId],
    );
    if (listed.length === 0) throw botError('bot.not_accepted');
  }

  /**
   * In which environment an application accepts a bot's proofs: the request alone never says.
   * @throws AppError application.not_found, bot.not_accepted, bot.ambiguous when it is listed in both, bot.disabled when
   * the application has it as a bot of its own that is disabled
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
