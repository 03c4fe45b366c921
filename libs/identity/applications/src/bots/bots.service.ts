import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import type { Sealed } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { extensionPoint } from '@countersign/extensions';
import type { Keyset } from '@countersign/http';
import { Digests } from '@countersign/keys';
import { applicationError, botError } from '../application.errors';
import { ApplicationDirectory } from '../application-directory';
import { ApplicationsRepository } from '../store/applications.repository';
import { signaturePolicyOf } from '../presets/presets';
import type { BotStatus, BotTarget, SignaturePolicy } from './bot';
import { botIdOf, detailsOf, type BotChange, type NewBot, type TokenRotation } from './bot-change';
import type { Bot, BotEntity } from './bot.entity';
import { BotTokens } from './bot-tokens';
import { BotsRepository, type BotFilter } from './bots.repository';

/** What a module withdraws when the token of a bot of the application is in the wrong hands. It may run again. */
interface Withdrawal {
  withdrawAllOf(applicationId: string): Promise<void>;
}

export const WithdrawsOfCompromisedBots = extensionPoint<Withdrawal>();

@Injectable()
export class BotsService {
  constructor(
    private readonly database: Database,
    private readonly bots: BotsRepository,
    private readonly applications: ApplicationsRepository,
    private readonly directory: ApplicationDirectory,
    private readonly tokens: BotTokens,
    private readonly digests: Digests,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly discovery: DiscoveryService,
  ) {}

  /** Newest first; one more than the limit of the page. Opens no secret. */
  list(filter: BotFilter, keyset: Keyset): Promise<readonly BotEntity[]> {
    return this.database.read((manager) => this.bots.list(manager, filter, keyset));
  }

  /** Opens no secret. @throws AppError bot.not_found */
  async get(target: BotTarget): Promise<BotEntity> {
    const found = await this.database.read((manager) => this.bots.find(manager, target));
    if (!found) throw botError('bot.not_found');
    return found;
  }

  /**
   * Adds a bot; its id is part of the token.
   * @throws AppError application.not_found, bot.invalid_token, bot.already_exists, bot.token_in_use
   */
  async add(wanted: NewBot): Promise<BotEntity> {
    const added = await this.database.transaction((tx) => this.addWithin(tx, wanted));
    this.directory.drop(wanted.applicationId);
    return added;
  }

  /** Like `add`, in a transaction for which the audit trail is prepared. */
  async addWithin(tx: EntityManager, wanted: NewBot): Promise<BotEntity> {
    const { miniAppName = null } = wanted;
    const botId = botIdOf(wanted.token);

    const [id, now] = [uuidv7(), this.clock.now()];
    const application = await this.applications.findById(tx, wanted.applicationId);
    if (!application) throw applicationError('application.not_found');
    const { signaturePolicy = signaturePolicyOf(application.settings.presets) } = wanted;
    const bot: BotEntity = {
      id,
      applicationId: wanted.applicationId,
      provider: wanted.provider,
      environment: wanted.environment,
      botId,
      username: withoutAt(wanted.username),
      miniAppName,
      token: this.tokens.seal(id, 'token', wanted.token),
      priorToken: null,
      priorTokenExpiresAt: null,
      oidcClientSecret: null,
      signaturePolicy: wanted.provider === 'telegram' ? signaturePolicy : 'optional',
      status: 'active',
      createdAt: now,
      updatedAt: now,
    };
    if (!(await this.bots.insertIfNew(tx, bot))) throw botError('bot.already_exists');
    await this.claimToken(tx, id, wanted.token);
    await this.record(tx, 'bot.added', bot);
    return bot;
  }

  /** For all bots of Telegram that the application has. */
  async setSignaturePolicy(
    tx: EntityManager,
    applicationId: string,
    signaturePolicy: SignaturePolicy,
  ): Promise<void> {
    for (const bot of await this.bots.lockTelegram(tx, applicationId)) {
      if (bot.signaturePolicy === signaturePolicy) continue;
      await this.bots.update(tx, bot.id, { signaturePolicy, updatedAt: this.clock.now() });
      await this.record(tx, 'bot.changed', bot, detailsOf({ signaturePolicy }));
    }
  }

  /**
   * Marking a bot as compromised also ends the overlap of its previous token. What its proofs may have requested
   * is withdrawn after the commit, so that nothing delays the mark; a call that failed there is repeated.
   * @throws AppError bot.not_found
   */
  async change(target: BotTarget, change: BotChange): Promise<BotEntity> {
    const { status, signaturePolicy, username, miniAppName, oidcClientSecret } = change;
    const columns = {
      ...(status === undefined ? {} : { status }),
      ...(signaturePolicy === undefined ? {} : { signaturePolicy }),
      ...(username === undefined ? {} : { username: withoutAt(username) }),
      ...(miniAppName === undefined ? {} : { miniAppName }),
      ...(status === 'compromised' ? NO_PRIOR_TOKEN : {}),
    };
    const changed = await this.update(target, 'bot.changed', (bot) => {
      const secret =
        oidcClientSecret === undefined
          ? {}
          : { oidcClientSecret: this.sealOidcSecret(bot, oidcClientSecret) };
      return { columns: { ...columns, ...secret }, details: detailsOf(change) };
    });
    if (status === 'compromised')
      for (const withdrawal of WithdrawsOfCompromisedBots.in(this.discovery).all)
        await withdrawal.withdrawAllOf(changed.applicationId);
    return changed;
  }

  /**
   * Replaces a bot's token. With the current token, only the overlap changes.
   * @throws AppError bot.not_found, bot.invalid_token, bot.token_of_another, bot.token_in_use,
   * bot.overlap_refused, bot.token_unchanged where the leaked token is sent again
   */
  async rotateToken(target: BotTarget, { token, overlapUntil }: TokenRotation): Promise<BotEntity> {
    const botId = botIdOf(token);
    if (overlapUntil && overlapUntil <= this.clock.now()) throw botError('bot.overlap_refused');
    return this.update(target, 'bot.token_rotated', async (bot, tx) => {
      if (bot.botId !== botId) throw botError('bot.token_of_another');
      if (overlapUntil && bot.status === 'compromised') throw botError('bot.overlap_refused');
      await this.claimToken(tx, bot.id, token);
      const current = this.tokens.open(bot.id, 'token', bot.token);
      if (current === token && bot.status === 'compromised') throw botError('bot.token_unchanged');
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
  async remove(target: BotTarget): Promise<void> {
    const { applicationId } = await this.database.transaction(async (tx) => {
      const bot = await this.lock(tx, target);
      await this.bots.delete(tx, bot.id);
      await this.record(tx, 'bot.removed', bot);
      return bot;
    });
    this.directory.drop(applicationId);
  }

  /** @throws AppError bot.not_found */
  async lock(tx: EntityManager, target: BotTarget): Promise<BotEntity> {
    const bot = await this.bots.lock(tx, target);
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

  /** Keeps a bot that is not from being marked until the transaction ends. */
  async isCompromised(tx: EntityManager, botRowId: string | null): Promise<boolean> {
    if (botRowId === null || (await this.bots.lockAs(tx, botRowId, ['active', 'disabled']))) return false;
    return (await this.bots.findStatus(tx, botRowId)) === 'compromised';
  }

  /** Why a bot's proof does not count. */
  async refusalOf(tx: EntityManager, botRowId: string | null): Promise<Error> {
    const status = botRowId === null ? null : await this.bots.findStatus(tx, botRowId);
    if (!status) return botError('bot.not_found');
    return botError(status === 'disabled' ? 'bot.disabled' : 'bot.compromised');
  }

  /** For a call of Telegram as this bot, and nothing that is printed. @throws AppError bot.not_found */
  async tokenOf(target: BotTarget): Promise<string> {
    const bot = await this.get(target);
    return this.tokens.open(bot.id, 'token', bot.token);
  }

  private async update(
    target: BotTarget,
    action: BotAction,
    changeOf: (bot: BotEntity, tx: EntityManager) => BotUpdate | Promise<BotUpdate>,
  ): Promise<BotEntity> {
    const updated = await this.database.transaction(async (tx) => {
      const bot = await this.lock(tx, target);
      const { columns, details } = await changeOf(bot, tx);
      const changed = { ...columns, updatedAt: this.clock.now() };
      await this.bots.update(tx, bot.id, changed);
      await this.record(tx, action, bot, details);
      return { ...bot, ...changed };
    });
    this.directory.drop(updated.applicationId);
    return updated;
  }

  private sealOidcSecret({ id }: BotEntity, secret: string | null): Sealed | null {
    return secret === null ? null : this.tokens.seal(id, 'oidc_client_secret', secret);
  }

  private priorTokenOf({ id, priorToken }: Bot): string | null {
    return priorToken && this.tokens.open(id, 'prior_token', priorToken);
  }

  private async record(
    tx: EntityManager,
    action: BotAction,
    { id: botRowId, applicationId, provider, environment, botId }: BotEntity,
    details: Record<string, string> = {},
  ): Promise<void> {
    await this.audit.record(tx, action, {
      actor: operator(),
      applicationId,
      details: { provider, environment, botId, ...details },
      event: { applicationId, botRowId },
    });
  }

  /** A bot may have the token already: one used before, or a retry after a lost response. */
  private async claimToken(tx: EntityManager, botRowId: string, token: string): Promise<void> {
    const ownerId = await this.digests.claim(tx, { kind: 'bot-token', owners: 'bots' }, botRowId, [token]);
    if (ownerId !== botRowId) throw botError('bot.token_in_use');
  }
}

/** Both audited, and an event. */
type BotAction = 'bot.added' | 'bot.changed' | 'bot.token_rotated' | 'bot.removed';

interface BotUpdate {
  readonly columns: Partial<Bot>;
  /** For the audit trail: no secret. */
  readonly details: Record<string, string>;
}

function withoutAt(username: string): string {
  return username.replace(/^@/, '');
}

const NO_PRIOR_TOKEN = { priorToken: null, priorTokenExpiresAt: null };
