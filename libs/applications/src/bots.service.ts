import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { blindIndexes, KeyRing } from '@countersign/crypto';
import { Database, rows } from '@countersign/database';
import { applicationError, botError } from './application.errors';
import { ApplicationsRepository } from './applications.repository';
import type { Bot, BotStatus, Environment, Provider, SignaturePolicy } from './bot';
import { BotEntity } from './bot.entity';
import { BotTokens } from './bot-tokens';

export interface NewBot {
  readonly applicationId: string;
  readonly provider: Provider;
  readonly environment: Environment;
  readonly username: string;
  readonly token: string;
  readonly signaturePolicy: SignaturePolicy;
}

export interface BotChange {
  readonly status?: BotStatus;
  readonly signaturePolicy?: SignaturePolicy;
}

/** Ids stay below 2^53, so that no JSON reader rounds them. */
const BOT_USERNAME = /^@?[\w-]{1,64}$/;
const BOT_TOKEN = /^([1-9]\d{0,15}):[A-Za-z0-9_-]{1,256}$/;

@Injectable()
export class BotsService {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsRepository,
    private readonly tokens: BotTokens,
    private readonly keyRing: KeyRing,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds a bot; its id is taken from the token.
   * @throws AppError application.not_found, bot.invalid_username, bot.invalid_token, bot.already_exists, bot.token_in_use
   */
  async add(wanted: NewBot): Promise<{ botId: string }> {
    if (!BOT_USERNAME.test(wanted.username)) throw botError('bot.invalid_username');
    const botId = BOT_TOKEN.exec(wanted.token)?.[1];
    if (!botId || !Number.isSafeInteger(Number(botId))) throw botError('bot.invalid_token');

    const [id, now] = [uuidv7(), this.clock.now()];
    await this.audit.prepare();
    await this.database.transaction(async (tx) => {
      if (!(await this.applications.findById(tx, wanted.applicationId)))
        throw applicationError('application.not_found');
      const bot: BotEntity = {
        id,
        applicationId: wanted.applicationId,
        provider: wanted.provider,
        environment: wanted.environment,
        botId,
        username: wanted.username.replace(/^@/, ''),
        token: this.tokens.seal(id, wanted.token),
        signaturePolicy: wanted.provider === 'telegram' ? wanted.signaturePolicy : 'optional',
        status: 'active',
        createdAt: now,
        updatedAt: now,
      };
      const inserted = await tx
        .createQueryBuilder()
        .insert()
        .into(BotEntity)
        .values(bot)
        .orIgnore()
        .returning('id')
        .execute();
      if ((inserted.raw as unknown[]).length === 0) throw botError('bot.already_exists');
      await this.claimToken(tx, id, wanted.token);
      await this.audit.record(tx, 'bot.added', {
        actor: 'operator',
        applicationId: wanted.applicationId,
        details: { provider: wanted.provider, environment: wanted.environment, botId },
      });
    });
    return { botId };
  }

  /** @throws AppError bot.not_found */
  async change(
    key: { readonly provider: Provider; readonly environment: Environment; readonly botId: string },
    change: BotChange,
  ): Promise<Bot> {
    await this.audit.prepare();
    return this.database.transaction(async (tx) => {
      const bot = await tx.findOne(BotEntity, { where: key, lock: { mode: 'pessimistic_write' } });
      if (!bot) throw botError('bot.not_found');
      const changed = { ...bot, ...change, updatedAt: this.clock.now() };
      await tx.update(BotEntity, { id: bot.id }, changed);
      await this.audit.record(tx, 'bot.changed', {
        actor: 'operator',
        applicationId: bot.applicationId,
        details: { botId: bot.botId, ...change },
      });
      return changed;
    });
  }

  private async claimToken(tx: EntityManager, botRowId: string, token: string): Promise<void> {
    const digests = blindIndexes(this.keyRing, 'bots.token', [token]);
    const claimed = await rows(
      tx,
      `INSERT INTO bot_token_digests (key_id, digest, bot_id)
       SELECT key_id, digest, $3 FROM unnest($1::text[], $2::bytea[]) AS new (key_id, digest)
       ON CONFLICT DO NOTHING RETURNING key_id`,
      [digests.map(({ keyId }) => keyId), digests.map(({ digest }) => digest), botRowId],
    );
    if (claimed.length < digests.length) throw botError('bot.token_in_use');
  }
}
