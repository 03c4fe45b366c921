import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Any, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Clock, extensionPoint } from '@countersign/runtime';
import { Database, insertIfNew, newestOf, lockRow, lockRows } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { Digests } from '@countersign/keys';
import type { AddBotRequest, BotsQuery, ChangeBotRequest } from '../admin/dto/bot.dto';
import { applicationError, botError } from '../application.errors';
import { ApplicationDirectory } from '../application-directory';
import { ApplicationsRepository } from '../store/applications.repository';
import { signaturePolicyOf } from '../presets/presets';
import type { BotKey, BotStatus, SignaturePolicy } from './bot';
import { BotEntity, type Bot } from './bot.entity';
import { BotTokens } from './bot-tokens';
import { applicationEvents } from '../applications.feature';

/** Without a signature policy, the presets of the application decide. */
export type NewBot = Readonly<AddBotRequest>;

type BotTarget = BotKey | { readonly id: string };

/** Ids stay below 2^53, so that no JSON reader rounds them. */
const BOT_TOKEN = /^([1-9]\d{0,15}):[A-Za-z0-9_-]{1,256}$/;

/** A module withdraws data when the token of an application's bot has leaked. The call may be repeated. */
export const WithdrawsOfCompromisedBots = extensionPoint<{
  withdrawAllOf(applicationId: string): Promise<void>;
}>();

@Injectable()
export class BotsService {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsRepository,
    private readonly directory: ApplicationDirectory,
    private readonly tokens: BotTokens,
    private readonly digests: Digests,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly discovery: DiscoveryService,
  ) {}

  /** Newest first; one more than the limit of the page. */
  list({ applicationId, botId }: BotsQuery, keyset: Keyset): Promise<readonly BotEntity[]> {
    const where = { ...(applicationId && { applicationId }), ...(botId && { botId }) };
    return this.database.read((manager) => manager.find(BotEntity, newestOf(keyset, where)));
  }

  async get(id: string): Promise<BotEntity> {
    return existing(await this.database.read((manager) => manager.findOneBy(BotEntity, { id })));
  }

  async add(wanted: NewBot): Promise<BotEntity> {
    const { provider = 'telegram', environment = 'production', miniAppName = null, applicationId } = wanted;
    const botId = botIdOf(wanted.token);
    const [id, now] = [uuidv7(), this.clock.now()];
    return this.database.transaction(async (tx) => {
      const application = await this.applications.findById(tx, applicationId);
      if (!application) throw applicationError('application.not_found');
      const { signaturePolicy = signaturePolicyOf(application.settings.presets) } = wanted;
      const bot: BotEntity = {
        id,
        applicationId,
        provider,
        environment,
        botId,
        username: withoutAt(wanted.username),
        miniAppName,
        token: this.tokens.seal(id, 'token', wanted.token),
        priorToken: null,
        priorTokenExpiresAt: null,
        oidcClientSecret: null,
        signaturePolicy: provider === 'telegram' ? signaturePolicy : 'optional',
        status: 'active',
        createdAt: now,
        updatedAt: now,
      };
      if (!(await insertIfNew(tx, BotEntity, bot, 'id'))) throw botError('bot.already_exists');
      await this.claimToken(tx, id, wanted.token);
      await this.record(tx, applicationEvents.botAdded, bot);
      return bot;
    });
  }

  async setSignaturePolicy(
    tx: EntityManager,
    applicationId: string,
    signaturePolicy: SignaturePolicy,
  ): Promise<void> {
    const where = { applicationId, provider: 'telegram' } as const;
    const bots = await lockRows(tx, BotEntity, where, 'pessimistic_write');
    for (const bot of bots) {
      if (bot.signaturePolicy === signaturePolicy) continue;
      await tx.update(BotEntity, { id: bot.id }, { signaturePolicy, updatedAt: this.clock.now() });
      await this.record(tx, applicationEvents.botChanged, bot, { signaturePolicy });
    }
  }

  /**
   * To mark a bot as compromised also ends the overlap of its previous token. The requests that its proofs may have
   * made are withdrawn after the commit, so that nothing delays the mark. If this fails, repeat the call.
   */
  async change(target: BotTarget, change: Readonly<ChangeBotRequest>): Promise<BotEntity> {
    const { status, signaturePolicy, username, miniAppName, oidcClientSecret } = change;
    const columns = {
      ...(status === undefined ? {} : { status }),
      ...(signaturePolicy === undefined ? {} : { signaturePolicy }),
      ...(username === undefined ? {} : { username: withoutAt(username) }),
      ...(miniAppName === undefined ? {} : { miniAppName }),
      ...(status === 'compromised' ? NO_PRIOR_TOKEN : {}),
    };
    const changed = await this.update(target, applicationEvents.botChanged, ({ id }) => {
      const secret = oidcClientSecret && this.tokens.seal(id, 'oidc_client_secret', oidcClientSecret);
      const sealed = secret === undefined ? {} : { oidcClientSecret: secret || null };
      return { columns: { ...columns, ...sealed }, details: detailsOf(change) };
    });
    if (status === 'compromised')
      for (const withdrawal of WithdrawsOfCompromisedBots.in(this.discovery).all)
        await withdrawal.withdrawAllOf(changed.applicationId);
    return changed;
  }

  /**
   * Replaces a bot's token. With the current token, only the overlap changes.
   * @param overlapUntil the previous token verifies until then; `null` invalidates it at once
   */
  async rotateToken(
    target: BotTarget,
    { token, overlapUntil }: { readonly token: string; readonly overlapUntil: Date | null },
  ): Promise<BotEntity> {
    const botId = botIdOf(token);
    if (overlapUntil && overlapUntil <= this.clock.now()) throw botError('bot.overlap_refused');
    return this.update(target, applicationEvents.botTokenRotated, async (bot, tx) => {
      if (bot.botId !== botId) throw botError('bot.token_of_another');
      if (overlapUntil && bot.status === 'compromised') throw botError('bot.overlap_refused');
      await this.claimToken(tx, bot.id, token);
      const current = this.tokens.open(bot.id, 'token', bot.token);
      if (current === token && bot.status === 'compromised') throw botError('bot.token_unchanged');
      const prior =
        current === token
          ? bot.priorToken && this.tokens.open(bot.id, 'prior_token', bot.priorToken)
          : current;
      const priorToken = overlapUntil && prior && this.tokens.seal(bot.id, 'prior_token', prior);
      return {
        columns: {
          token: this.tokens.seal(bot.id, 'token', token),
          ...(priorToken ? { priorToken, priorTokenExpiresAt: overlapUntil } : NO_PRIOR_TOKEN),
        },
        details: { overlapUntil: overlapUntil?.toISOString() ?? 'none' },
      };
    });
  }

  /** The bot's proofs no longer verify, but sessions continue. */
  async remove(target: BotTarget): Promise<void> {
    await this.database.transaction(async (tx) => {
      const bot = await this.lock(tx, target);
      await tx.delete(BotEntity, { id: bot.id });
      await this.record(tx, applicationEvents.botRemoved, bot);
    });
  }

  async lock(tx: EntityManager, target: BotTarget): Promise<BotEntity> {
    return existing(await lockRow(tx, BotEntity, whereOf(target), 'pessimistic_write'));
  }

  /** Locks a bot until the transaction ends, if a proof that rests on it is used for more than a sign-in. */
  async assertCounts(tx: EntityManager, botRowId: string | null, isPlatform: boolean): Promise<void> {
    if (botRowId === null) return;
    const counting: readonly BotStatus[] = isPlatform ? ['active', 'compromised'] : ['active'];
    if (!(await lockAs(tx, botRowId, counting))) throw await this.refusalOf(tx, botRowId);
  }

  /** No other call can mark an uncompromised bot until the transaction ends. */
  async isCompromised(tx: EntityManager, botRowId: string | null): Promise<boolean> {
    if (botRowId === null || (await lockAs(tx, botRowId, ['active', 'disabled']))) return false;
    return (await tx.findOneBy(BotEntity, { id: botRowId }))?.status === 'compromised';
  }

  async refusalOf(tx: EntityManager, botRowId: string | null): Promise<Error> {
    const bot = botRowId === null ? null : await tx.findOneBy(BotEntity, { id: botRowId });
    if (!bot) return botError('bot.not_found');
    return botError(bot.status === 'disabled' ? 'bot.disabled' : 'bot.compromised');
  }

  private async update(
    target: BotTarget,
    event: BotEvent,
    changeOf: (bot: BotEntity, tx: EntityManager) => BotUpdate | Promise<BotUpdate>,
  ): Promise<BotEntity> {
    return this.database.transaction(async (tx) => {
      const bot = await this.lock(tx, target);
      const { columns, details } = await changeOf(bot, tx);
      const changed = { ...columns, updatedAt: this.clock.now() };
      await tx.update(BotEntity, { id: bot.id }, changed);
      await this.record(tx, event, bot, details);
      return { ...bot, ...changed };
    });
  }

  private async record(
    tx: EntityManager,
    event: BotEvent,
    { id: botRowId, applicationId, provider, environment, botId }: BotEntity,
    details: Record<string, string> = {},
  ): Promise<void> {
    this.directory.drop(tx, applicationId);
    await this.audit.recordByOperator(tx, event, {
      applicationId,
      details: { provider, environment, botId, ...details },
      event: { applicationId, botRowId },
    });
  }

  /** The bot may have had this token before, or the call is a retry after a lost response. */
  private async claimToken(tx: EntityManager, botRowId: string, token: string): Promise<void> {
    const ownerId = await this.digests.claim(tx, { kind: 'bot-token', owners: 'bots' }, botRowId, [token]);
    if (ownerId !== botRowId) throw botError('bot.token_in_use');
  }
}

type BotEvent = (typeof applicationEvents)['botAdded' | 'botChanged' | 'botTokenRotated' | 'botRemoved'];

interface BotUpdate {
  readonly columns: Partial<Bot>;
  readonly details: Record<string, string>;
}

/** For the audit trail, so it has no secret and no free text. */
function detailsOf(change: Readonly<ChangeBotRequest>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(change).map(([name, value]: [string, string | null]) => {
      const isWord = name === 'status' || name === 'signaturePolicy';
      return [name, value === null ? 'removed' : isWord ? value : 'replaced'];
    }),
  );
}

function botIdOf(token: string): string {
  const botId = BOT_TOKEN.exec(token)?.[1];
  if (!botId || !Number.isSafeInteger(Number(botId))) throw botError('bot.invalid_token');
  return botId;
}

function whereOf(target: BotTarget): { id: string } | BotKey {
  if ('id' in target) return { id: target.id };
  const { provider, environment, botId } = target;
  return { provider, environment, botId };
}

/** Prevents a change or removal of the bot until the transaction ends, if its status is one of `statuses`. */
async function lockAs(tx: EntityManager, id: string, statuses: readonly BotStatus[]): Promise<boolean> {
  const found = await tx.findOne(BotEntity, {
    select: { id: true },
    where: { id, status: Any([...statuses]) },
    lock: { mode: 'for_key_share' },
  });
  return found !== null;
}

function existing(bot: BotEntity | null): BotEntity {
  if (!bot) throw botError('bot.not_found');
  return bot;
}

function withoutAt(username: string): string {
  return username.replace(/^@/, '');
}

const NO_PRIOR_TOKEN = { priorToken: null, priorTokenExpiresAt: null };
