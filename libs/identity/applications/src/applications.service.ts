import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditService } from '@countersign/audit';
import { Clock } from '@countersign/runtime';
import { tokenDigest } from '@countersign/crypto';
import { Database, newestOf, lockRow } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { applicationError, botError } from './application.errors';
import { ApplicationDirectory } from './application-directory';
import type { ChangeApplicationRequest, CreateApplicationRequest } from './admin/dto/application.dto';
import { ApplicationEntity, ClientSecretEntity, type Application } from './store/application.entity';
import { ApplicationsRepository, type KnownApplication } from './store/applications.repository';
import type { BotKey, Provider } from './bots/bot';
import type { Bot } from './bots/bot.entity';
import { BotsService } from './bots/bots.service';
import { AddsForPreset, signaturePolicyOf, withPresets } from './presets/presets';
import { mintClientSecret } from './secrets/client-secrets';
import { patchSettings, readSettings, readStoredSettings } from './store/read-settings';
import { applicationEvents } from './applications.feature';

interface CreatedApplication {
  readonly applicationId: string;
  readonly application: ApplicationEntity;
  readonly secretId: string;
  readonly clientSecret: string;
}

interface SignInTarget {
  readonly application: Application;
  readonly bot: Bot;
}

@Injectable()
export class ApplicationsService {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsRepository,
    private readonly directory: ApplicationDirectory,
    private readonly bots: BotsService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    private readonly discovery: DiscoveryService,
  ) {}

  /** The first client secret is shown once, and stored as a digest. */
  async create(wanted: Readonly<CreateApplicationRequest>): Promise<CreatedApplication> {
    const { name, trust = 'first-party', origins = [], for: presets = [] } = wanted;
    const settings = withPresets(origins.length > 0 ? { origins } : {}, presets);
    readSettings(settings);
    const [applicationId, secretId, now] = [uuidv7(), uuidv7(), this.clock.now()];
    const clientSecret = mintClientSecret();
    const application = { id: applicationId, name, trust, settings, createdAt: now, updatedAt: now };
    const digest = tokenDigest(clientSecret);
    const secret = { id: secretId, applicationId, name: 'first', digest, createdAt: now };
    await this.database.transaction(async (tx) => {
      await tx.insert(ApplicationEntity, application);
      await tx.insert(ClientSecretEntity, secret);
      const event = { applicationId };
      await this.audit.recordByOperator(tx, applicationEvents.applicationCreated, { applicationId, event });
      this.directory.drop(tx, applicationId);
    });
    await this.makeFor(applicationId, presets);
    return { applicationId, application, secretId, clientSecret };
  }

  /** Newest first; one more than the limit of the page. */
  listStored(keyset: Keyset): Promise<readonly ApplicationEntity[]> {
    return this.database.read((manager) => manager.find(ApplicationEntity, newestOf(keyset)));
  }

  async getStored(id: string): Promise<ApplicationEntity> {
    return existing(await this.database.read((manager) => manager.findOneBy(ApplicationEntity, { id })));
  }

  /** Adds presets, applies the merge patch of the settings, and then removes and adds origins. */
  async change(
    id: string,
    { name, settings, for: presets = [], ...origins }: Readonly<ChangeApplicationRequest>,
  ): Promise<ApplicationEntity> {
    const changes = [
      ...Object.keys(settings ?? {}),
      ...(origins.addOrigins || origins.removeOrigins ? ['origins'] : []),
    ];
    const changed = await this.database.transaction(async (tx) => {
      const before = existing(await lockRow(tx, ApplicationEntity, { id }, 'pessimistic_write'));
      const columns = {
        ...(name === undefined ? {} : { name }),
        ...(changes.length === 0 && presets.length === 0
          ? {}
          : {
              settings: withOrigins(
                patchSettings(withPresets(before.settings, presets), settings ?? {}),
                origins,
              ),
            }),
        updatedAt: this.clock.now(),
      };
      await tx.update(ApplicationEntity, { id }, columns);
      await this.audit.recordByOperator(tx, applicationEvents.applicationChanged, {
        applicationId: id,
        details: {
          ...(name === undefined ? {} : { name: 'replaced' }),
          ...(changes.length === 0 ? {} : { settings: [...new Set(changes)].join(' ') }),
          ...(presets.length === 0 ? {} : { presets: presets.join(' ') }),
        },
        event: { applicationId: id },
      });
      const after = { ...before, ...columns };
      const policy = signaturePolicyOf(readStoredSettings(after.settings).presets);
      if (presets.length > 0) await this.bots.setSignaturePolicy(tx, id, policy);
      this.directory.drop(tx, id);
      return after;
    });
    await this.makeFor(id, presets);
    return changed;
  }

  peekById(applicationId: string): Application | undefined {
    return this.directory.peek(applicationId, this.clock.now())?.application;
  }

  /** Like `getById`, without a second connection, whose wait can deadlock. */
  async getByIdWithin(tx: EntityManager, applicationId: string): Promise<Application> {
    const found = this.peekById(applicationId) ?? (await this.applications.findById(tx, applicationId));
    if (!found) throw applicationError('application.not_found');
    return found;
  }

  /** Reads the database, not the cache. */
  async listAll(): Promise<readonly Application[]> {
    return this.database.read((manager) => this.applications.findAll(manager));
  }

  async getById(applicationId: string): Promise<Application> {
    return (await this.getKnown(applicationId)).application;
  }

  async findById(applicationId: string): Promise<Application | null> {
    return (await this.directory.get(applicationId))?.application ?? null;
  }

  /** Finds a Telegram bot by its username, with or without `@`. */
  async findBotNamed(applicationId: string, username: string): Promise<Bot | null> {
    const wanted = username.replace(/^@/, '').toLowerCase();
    const { bots } = await this.getKnown(applicationId);
    return bots.find((bot) => bot.provider === 'telegram' && bot.username.toLowerCase() === wanted) ?? null;
  }

  /** The own bots, of all providers and in any state, and the allowed ones. */
  async getBots(applicationId: string): Promise<{ bots: readonly Bot[]; allowed: readonly BotKey[] }> {
    const { bots, acceptedBots: allowed } = await this.getKnown(applicationId);
    return { bots, allowed };
  }

  /** The bot may be compromised: signatures of Telegram itself still count. */
  async getSignInTarget(
    applicationId: string,
    provider: Provider,
    botId: string | undefined,
  ): Promise<SignInTarget> {
    const { application, bots } = await this.getKnown(applicationId);
    const candidates = bots.filter((bot) => bot.provider === provider);
    return { application, bot: theOne(candidates, botId, 'bot.not_found') };
  }

  /** The bot for Log In With Telegram is the one that has the secret of Web Login. */
  async getOidcTarget(applicationId: string, botId: string | undefined): Promise<SignInTarget> {
    const { application, bots } = await this.getKnown(applicationId);
    const candidates = bots.filter(
      ({ oidcClientSecret, environment }) => oidcClientSecret !== null && environment === 'production',
    );
    return { application, bot: theOne(candidates, botId, 'bot.oidc_not_configured') };
  }

  private async makeFor(applicationId: string, presets: readonly string[]): Promise<void> {
    for (const { declaration, provider } of AddsForPreset.in(this.discovery).declared)
      if (presets.includes(declaration.name)) await provider.addTo(applicationId);
  }

  private async getKnown(applicationId: string): Promise<KnownApplication> {
    const found = await this.directory.get(applicationId);
    if (!found) throw applicationError('application.not_found');
    return found;
  }
}

function withOrigins(
  settings: object & { origins?: readonly string[] },
  { addOrigins = [], removeOrigins = [] }: Pick<ChangeApplicationRequest, 'addOrigins' | 'removeOrigins'>,
): object {
  if (addOrigins.length === 0 && removeOrigins.length === 0) return settings;
  const others = (settings.origins ?? []).filter((origin) => !removeOrigins.includes(origin));
  return patchSettings(settings, { origins: [...new Set([...others, ...addOrigins])] });
}

function theOne(
  candidates: readonly Bot[],
  wantedId: string | undefined,
  codeForNone: 'bot.not_found' | 'bot.oidc_not_configured',
): Bot {
  const meant = candidates.filter(({ botId }) => wantedId === undefined || botId === wantedId);
  const [bot, another] = meant.filter(({ status }) => status !== 'disabled');
  if (another) throw botError('bot.ambiguous');
  if (!bot) throw botError(meant.length > 0 ? 'bot.disabled' : codeForNone);
  return bot;
}

function existing(found: ApplicationEntity | null): ApplicationEntity {
  if (!found) throw applicationError('application.not_found');
  return found;
}
