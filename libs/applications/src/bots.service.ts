import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService, type AuditAction, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { blindIndexes, KeyRing } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { applicationError, botError } from './application.errors';
import { ApplicationDirectory } from './application-directory';
import { ApplicationsRepository } from './applications.repository';
import type { Bot, BotKey, BotStatus, Environment, Provider, SignaturePolicy } from './bot';
import type { BotEntity } from './bot.entity';
import { BotTokens } from './bot-tokens';
import { BotsRepository } from './bots.repository';

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
  /** Of Web Login in BotFather: not the token. */
  readonly oidcClientSecret?: string;
}

export interface TokenRotation {
  readonly token: string;
  /** Until then the previous token verifies too; `null` invalidates it at once. */
  readonly overlapUntil: Date | null;
}

const BOT_USERNAME = /^@?[\w-]{1,64}$/;
/** Ids stay below 2^53, so that no JSON reader rounds them. */
const BOT_TOKEN = /^([1-9]\d{0,15}):[A-Za-z0-9_-]{1,256}$/;
const OIDC_SECRET = /^[\x21-\x7e]{8,512}$/;

@Injectable()
export class BotsService {
  constructor(
    private readonly database: Database,
    private readonly bots: BotsRepository,
    private readonly applications: ApplicationsRepository,
    private readonly directory: ApplicationDirectory,
    private readonly tokens: BotTokens,
    private readonly keyRing: KeyRing,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds a bot; its id is part of the token.
   * @throws AppError application.not_found, bot.invalid_username, bot.invalid_token, bot.already_exists,
   * bot.token_in_use
   */
  async add(wanted: NewBot): Promise<{ botId: string }> {
    if (!BOT_USERNAME.test(wanted.username)) throw botError('bot.invalid_username');
    const botId = botIdOf(wanted.token);

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
        token: this.tokens.seal(id, 'token', wanted.token),
        priorToken: null,
        priorTokenExpiresAt: null,
        oidcClientSecret: null,
        signaturePolicy: wanted.provider === 'telegram' ? wanted.signaturePolicy : 'optional',
        status: 'active',
        createdAt: now,
        updatedAt: now,
      };
      if (!(await this.bots.insertIfNew(tx, bot))) throw botError('bot.already_exists');
      await this.claimToken(tx, id, wanted.token);
      await this.record(tx, 'bot.added', bot);
    });
    this.directory.drop(wanted.applicationId);
    return { botId };
  }

  /**
   * Marking a bot as compromised also ends the overlap of its previous token.
   * @throws AppError bot.not_found, bot.invalid_oidc_secret
   */
  async change(key: BotKey, { oidcClientSecret, ...change }: BotChange): Promise<Bot> {
    if (oidcClientSecret !== undefined && !OIDC_SECRET.test(oidcClientSecret))
      throw botError('bot.invalid_oidc_secret');
    return this.update(key, 'bot.changed', (bot) => ({
      columns: {
        ...change,
        ...(change.status === 'compromised' ? NO_PRIOR_TOKEN : {}),
        ...(oidcClientSecret === undefined
          ? {}
          : { oidcClientSecret: this.tokens.seal(bot.id, 'oidc_client_secret', oidcClientSecret) }),
      },
      details: { ...change, ...(oidcClientSecret === undefined ? {} : { oidcClientSecret: 'replaced' }) },
    }));
  }

  /**
   * Replaces a bot's token. With the current token, only the overlap changes.
   * @throws AppError bot.not_found, bot.invalid_token, bot.token_of_another, bot.token_in_use,
   * bot.overlap_refused
   */
  async rotateToken(key: BotKey, { token, overlapUntil }: TokenRotation): Promise<Bot> {
    if (botIdOf(token) !== key.botId) throw botError('bot.token_of_another');
    if (overlapUntil && overlapUntil <= this.clock.now()) throw botError('bot.overlap_refused');
    return this.update(key, 'bot.token_rotated', async (bot, tx) => {
      if (overlapUntil && bot.status === 'compromised') throw botError('bot.overlap_refused');
      await this.claimToken(tx, bot.id, token);
      const current = this.tokens.open(bot.id, 'token', bot.token);
      const prior = current === token ? this.priorTokenOf(bot) : current;
      return {
        columns: {
          token: this.tokens.seal(bot.id, 'token', token),
          ...(overlapUntil && prior !== null
            ? {
                priorToken: this.tokens.seal(bot.id, 'prior_token', prior),
                priorTokenExpiresAt: overlapUntil,
              }
            : NO_PRIOR_TOKEN),
        },
        details: { overlapUntil: overlapUntil?.toISOString() ?? 'none' },
      };
    });
  }

  /** Its proofs no longer verify; sessions continue. @throws AppError bot.not_found */
  async remove(key: BotKey): Promise<void> {
    await this.audit.prepare();
    const { applicationId } = await this.database.transaction(async (tx) => {
      const bot = await this.lock(tx, key);
      await this.bots.delete(tx, bot.id);
      await this.record(tx, 'bot.removed', bot);
      return bot;
    });
    this.directory.drop(applicationId);
  }

  /** @throws AppError bot.not_found */
  async lock(tx: EntityManager, key: BotKey): Promise<Bot> {
    const bot = await this.bots.lockByKey(tx, key);
    if (!bot) throw botError('bot.not_found');
    return bot;
  }

  /**
   * Locks a bot until the transaction ends, when a proof that rests on it is used for more than a sign-in.
   * @throws AppError bot.not_found, bot.disabled, bot.compromised unless proofs of that kind count
   */
  async assertCounts(tx: EntityManager, botRowId: string | null, isPlatform: boolean): Promise<void> {
    if (botRowId === null) return;
    const counting: readonly BotStatus[] = isPlatform ? ['active', 'compromised'] : ['active'];
    if (!(await this.bots.lockAs(tx, botRowId, counting))) throw await this.refusalOf(tx, botRowId);
  }

  /** Why a bot's proof does not count. */
  async refusalOf(tx: EntityManager, botRowId: string | null): Promise<Error> {
    const status = botRowId === null ? null : await this.bots.findStatus(tx, botRowId);
    if (!status) return botError('bot.not_found');
    return botError(status === 'disabled' ? 'bot.disabled' : 'bot.compromised');
  }

  /** `null` for a bot that is gone. */
  async statusOf(manager: EntityManager, key: BotKey): Promise<BotStatus | null> {
    return this.bots.findStatusByKey(manager, key);
  }

  private async update(
    key: BotKey,
    action: AuditAction,
    changeOf: (bot: Bot, tx: EntityManager) => BotUpdate | Promise<BotUpdate>,
  ): Promise<Bot> {
    await this.audit.prepare();
    const updated = await this.database.transaction(async (tx) => {
      const bot = await this.lock(tx, key);
      const { columns, details } = await changeOf(bot, tx);
      await this.bots.update(tx, bot.id, { ...columns, updatedAt: this.clock.now() });
      await this.record(tx, action, bot, details);
      return { ...bot, ...columns };
    });
    this.directory.drop(updated.applicationId);
    return updated;
  }

  private priorTokenOf({ id, priorToken }: Bot): string | null {
    return priorToken && this.tokens.open(id, 'prior_token', priorToken);
  }

  private async record(
    tx: EntityManager,
    action: AuditAction,
    { applicationId, provider, environment, botId }: BotKey & { readonly applicationId: string },
    details: Record<string, string> = {},
  ): Promise<void> {
    await this.audit.record(tx, action, {
      actor: operator(),
      applicationId,
      details: { provider, environment, botId, ...details },
    });
  }

  /** A bot may have the token already: one used before, or a retry after a lost response. */
  private async claimToken(tx: EntityManager, botRowId: string, token: string): Promise<void> {
    const digests = blindIndexes(this.keyRing, 'bots.token', [token]);
    if (!(await this.bots.claimDigests(tx, botRowId, digests))) throw botError('bot.token_in_use');
  }
}

interface BotUpdate {
  readonly columns: Partial<Bot>;
  /** For the audit trail: no secret. */
  readonly details: Record<string, string>;
}

const NO_PRIOR_TOKEN = { priorToken: null, priorTokenExpiresAt: null };

/** @throws AppError bot.invalid_token */
function botIdOf(token: string): string {
  const botId = BOT_TOKEN.exec(token)?.[1];
  if (!botId || !Number.isSafeInteger(Number(botId))) throw botError('bot.invalid_token');
  return botId;
}
